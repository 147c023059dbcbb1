"""Loading the fixture files of every floor into the database."""

from collections.abc import Collection
from pathlib import Path

from django.contrib.auth.models import User
from django.db import transaction

from campaigns.fixture_files import load_campaigns
from evidence.fixture_files import FixtureError, Loading, Report, load_evidence

__all__ = ["FixtureError", "Report", "load_fixtures"]


@transaction.atomic
def load_fixtures(
    folder: Path, *, officer: User, lead: User, without: Collection[str] = ()
) -> Report:
    """Add what the files hold and the database lacks; all of it, or nothing if a file is wrong.

    What is there is left alone, however it was edited. The officer is the editor of what is added,
    and the campaign lead approves it. Sources named in `without` are left out.
    """
    loading = Loading(folder, officer, lead, without)
    load_campaigns(loading, load_evidence(loading))
    return loading.report()
