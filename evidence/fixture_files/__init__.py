"""Loading what we know from files that a person can read and edit."""

from evidence.fixture_files.adding import Loading, Report
from evidence.fixture_files.loading import LoadedEvidence, load_evidence
from evidence.fixture_files.reading import Entry, FixtureError

__all__ = ["Entry", "FixtureError", "LoadedEvidence", "Loading", "Report", "load_evidence"]
