"""Whatever goes wrong on the way, a reading ends equal to one in which nothing did."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from campaigns.models import (
    Amendment,
    AmendmentAsPublished,
    Member,
    Sponsor,
    SyncChange,
    SyncState,
)
from tests.campaigns.parliament.conftest import read_all, read_until_complete
from tests.campaigns.parliament.replay import Faults, replayed
from tests.campaigns.parliament.world import many

pytestmark = [pytest.mark.long, pytest.mark.django_db]
PASSING = {"id", "amendment_id", "first_seen_at", "last_seen_at", "detail_read_at", "stage_id"}


def everything() -> list[Any]:
    """What was read, without our own ids and times."""
    rows = AmendmentAsPublished.objects.order_by("parliament_id").values()
    published = [{name: row[name] for name in row if name not in PASSING} for row in rows]
    amendments = Amendment.objects.order_by("parliament_id").values_list(
        "parliament_id", "stage__parliament_id", "number", "decision", "title"
    )
    sponsors = Sponsor.objects.order_by("amendment__parliament_id", "position").values_list(
        "amendment__parliament_id", "member__parliament_id", "role", "position"
    )
    members = Member.objects.order_by("parliament_id").values_list(
        "parliament_id", "name", "house", "party", "is_current"
    )
    return [published, list(amendments), list(sponsors), list(members)]


@contextmanager
def forgotten() -> Iterator[None]:
    """What is read within is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world():
    return many(130)


@pytest.mark.parametrize("seed", range(5))
def test_a_reading_with_faults_equals_a_clean_one(seed, world):
    with forgotten(), replayed(world) as server:
        assert read_all(server).state == SyncState.COMPLETE
        clean = everything()

    with replayed(world, Faults(seed=seed, share=0.4, most=80)) as server:
        run = read_until_complete(server)
        faults = server.faults.done

    assert everything() == clean
    assert len(faults) == 80
    assert run.failures == []


def test_a_second_reading_changes_nothing(world):
    with replayed(world) as server:
        read_all(server)
        before, told = everything(), SyncChange.objects.count()
        server.asked.clear()

        again = read_all(server)

    assert everything() == before
    assert (again.state, again.changed) == (SyncState.COMPLETE, 0)
    assert SyncChange.objects.count() == told


def test_a_quick_reading_asks_for_lists_and_for_little_else(world):
    with replayed(world) as server:
        read_all(server)
        server.asked.clear()

        quick = read_all(server, thorough=False)

    assert quick.state == SyncState.COMPLETE
    assert [path for path in server.asked if "/Amendments/" in path] == []


def test_a_parliament_that_is_away_leaves_a_cursor_and_a_sentence(world):
    with replayed(world) as server:
        read = server.found

        def away_after_60(path):
            server.faults.dead = len(server.asked) > 60
            return read(path)

        server.found = away_after_60
        broken = read_all(server)
        server.found, server.faults.dead = read, False
        server.asked.clear()

        run = read_all(server)

    assert broken.state == SyncState.INCOMPLETE
    assert broken.failures[-1] == "Parliament did not answer, so the rest was not asked."
    assert broken.cursor["at"] == {"stage": 7001, "skip": 40}
    assert run.state == SyncState.COMPLETE
    assert not any("Skip=0&" in path and "/7001/" in path for path in server.asked)
    assert AmendmentAsPublished.objects.count() == 130
