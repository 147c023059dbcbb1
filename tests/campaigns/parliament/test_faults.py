"""Whatever goes wrong on the way, a reading ends equal to one in which nothing did."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from campaigns.models import (
    Amendment,
    AmendmentAsPublished,
    BillPrint,
    MarshalledList,
    Member,
    Sponsor,
    SyncChange,
    SyncState,
)
from tests.campaigns.parliament.conftest import read_all, read_until_complete
from tests.campaigns.parliament.replay import Faults, replayed
from tests.campaigns.parliament.world import (
    NEXT_STAGE,
    STAGE,
    Tabled,
    World,
    many,
    publication,
    wording,
)

pytestmark = [pytest.mark.long, pytest.mark.django_db]
PASSING = {"id", "amendment_id", "stage_id"} | {
    f"{name}_at" for name in ("first_seen", "last_seen", "detail_read", "vanished")
}
GONE = 9_999


def everything() -> list[Any]:
    """What was read, without our own ids and times."""
    rows = AmendmentAsPublished.objects.order_by("parliament_id").values()
    published = [
        {name: row[name] for name in row if name not in PASSING}
        | {"vanished": row["vanished_at"] is not None}
        for row in rows
    ]
    amendments = Amendment.objects.order_by("parliament_id").values_list(
        "parliament_id", "stage__parliament_id", "number", "decision", "title"
    )
    sponsors = Sponsor.objects.order_by("amendment__parliament_id", "position").values_list(
        "amendment__parliament_id", "member__parliament_id", "role", "position"
    )
    members = Member.objects.order_by("parliament_id").values_list(
        "parliament_id", "name", "house", "party", "is_current"
    )
    prints = BillPrint.objects.order_by("parliament_id").values_list(
        "parliament_id", "number", "house", "published_on", "url"
    )
    lists = MarshalledList.objects.order_by("parliament_id").values_list(
        "parliament_id", "stage__parliament_id", "name", "date", "url"
    )
    return [published, *map(list, (amendments, sponsors, members, prints, lists))]


def published_in_print(count: int, **more: Any) -> World:
    """With a print of the bill, and a marshalled list at each of its two stages."""
    made = many(count, **more)
    made.amendments.append(Tabled(12_000, stage=NEXT_STAGE, number="1", lines=wording(12_000)))
    made.publications = [publication(1, "HL Bill 1")]
    for number in (STAGE, NEXT_STAGE):
        listed = publication(number, f"Marshalled list of {number}", "Amendment Paper")
        made.stage_publications[number] = [listed]
    return made


def read_one_that_goes() -> None:
    """Before the world of the test: an amendment that is not in it any more."""
    with replayed(World([Tabled(GONE, lines=wording(1))])) as before:
        assert read_all(before).state == SyncState.COMPLETE


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
def test_a_reading_with_faults_equals_a_clean_one(seed):
    read_one_that_goes()
    world = published_in_print(130)
    with forgotten(), replayed(world) as server:
        assert read_all(server).state == SyncState.COMPLETE
        clean = everything()
    assert [len(kind) for kind in clean] == [132, 132, 260, 30, 1, 2]
    assert [row["parliament_id"] for row in clean[0] if row["vanished"]] == [GONE]

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
    assert broken.cursor["at"] == {"7001": 40}
    assert run.state == SyncState.COMPLETE
    assert not any("Skip=0&" in path and "/7001/" in path for path in server.asked)
    assert AmendmentAsPublished.objects.count() == 130
