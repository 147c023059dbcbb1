"""The order in which what we know is loaded: words first, then sources, claims and testimony."""

from dataclasses import dataclass

from evidence.checking import check_claims
from evidence.fixture_files.adding import Loading
from evidence.fixture_files.claims import load_claims
from evidence.fixture_files.sources import Evidence, load_sources, source_files
from evidence.fixture_files.testimony import load_testimony
from evidence.fixture_files.vocabulary import Vocabulary, load_vocabulary
from evidence.models import Claim, TestimonyVersion


@dataclass(frozen=True)
class LoadedEvidence:
    """What the files of the next floor may refer to."""

    vocabulary: Vocabulary
    evidence: Evidence
    claims: dict[str, Claim]
    testimony: dict[str, TestimonyVersion]


def load_evidence(loading: Loading) -> LoadedEvidence:
    """Add what is missing and review it; the caller holds the transaction."""
    vocabulary = load_vocabulary(loading)
    files = source_files(loading)
    evidence = load_sources(loading, vocabulary, files)
    claims = load_claims(loading, vocabulary, evidence, files)
    testimony = load_testimony(loading)
    check_claims(Claim.objects.filter(verdict=""))
    loading.review()
    return LoadedEvidence(vocabulary, evidence, claims, testimony)
