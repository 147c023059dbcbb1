"""In whichever order two acts come, nothing is left behind; and each lock is what sees to it."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from campaigns.models import Campaign
from tests import factories as make
from tests.campaigns import packing
from tests.prove import acting, endings, locks, turns

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# Locks whose place another one holds, and which.
HELD_BESIDES = {
    "testimony_use_is_protected: ORDER BY id FOR SHARE": "protection_takes_the_account: whatever "
    "is noted of somebody takes the account's row first, which the use holds already",
}


@pytest.fixture
def owner(login_as) -> Iterator[psycopg.Connection]:
    connection = login_as("owner")
    with turns.gates(connection):
        yield connection


@pytest.fixture(autouse=True)
def _people(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"
    for name in ("officer", "lead", "lawyer", "campaign lead"):
        make.user(name)
    make.organisation(), make.notice()
    if not Campaign.objects.exists():
        packing.campaign(), packing.stage()


@pytest.fixture
def wrongs(owner, login_as) -> Callable[..., Iterator[str]]:
    feed = login_as("feed")
    return lambda kind, endings: turns.all_turns(owner, feed, kind(), endings)


@pytest.mark.parametrize(
    "kind", [acting.Using, acting.PublishingFirst, acting.Publishing, acting.Issuing]
)
def test_in_whichever_order_nothing_is_left_behind(wrongs, kind) -> None:
    assert list(wrongs(kind, [endings.WITHDRAW, *endings.ENDINGS])) == []


@pytest.mark.parametrize("kind", [acting.UsingByName, acting.Naming])
def test_a_waiver_that_is_voided_leaves_nothing_behind(wrongs, kind) -> None:
    assert list(wrongs(kind, [endings.VOID])) == []


def test_each_lock_is_needed(owner, wrongs) -> None:
    """Walks the catalogue: without a lock some order leaves something behind."""
    unneeded = set()

    for lock in locks.locks_of(owner):
        with locks.without_lock(owner, lock):
            found = next(wrongs(acting.Using, [endings.WITHDRAW, *endings.ENDINGS]), None)
            found = found or next(wrongs(acting.UsingByName, [endings.VOID]), None)
        if found is None:
            unneeded.add(str(lock))

    assert unneeded == set(HELD_BESIDES)
