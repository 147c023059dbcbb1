"""Loading what we ask for from files that a person can read and edit."""

from campaigns.fixture_files.asks import load_campaign
from campaigns.fixture_files.packs import load_pack
from campaigns.fixture_files.parliament import load_bill
from evidence.fixture_files import LoadedEvidence, Loading
from evidence.fixture_files.reading import read

__all__ = ["load_campaigns"]


def load_campaigns(loading: Loading, known: LoadedEvidence) -> None:
    """Add what is missing and review it; the caller holds the transaction."""
    for path in sorted((loading.folder / "campaigns").glob("*.yaml")):
        load_campaign(loading, known, read(path))
    for path in sorted((loading.folder / "bills").glob("*.yaml")):
        load_bill(loading, read(path))
    for path in sorted((loading.folder / "packs").glob("*.yaml")):
        load_pack(loading, known, read(path))
    loading.review()
