"""A reading in turns: nothing it has read is asked again, and nothing it could not is forgotten."""

from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from campaigns import tasks
from campaigns.models import (
    AmendmentAsPublished,
    BillWatch,
    MarshalledList,
    SyncRun,
    SyncState,
)
from campaigns.parliament import asking, reaching, sync
from tests import factories as make
from tests.campaigns.parliament.conftest import read_all
from tests.campaigns.parliament.replay import Replay, replayed
from tests.campaigns.parliament.world import (
    NEXT_STAGE,
    STAGE,
    Tabled,
    World,
    many,
    publication,
    wording,
)

pytestmark = pytest.mark.django_db
LISTED, NEXT_LISTED = (f"/Stages/{number}/Amendments?Skip=" for number in (STAGE, NEXT_STAGE))
IN_PRINT = f"/Stages/{STAGE}/Publications"

type Turn = Callable[..., SyncRun]


@pytest.fixture
def turn(monkeypatch: pytest.MonkeyPatch) -> Turn:
    """Reads until the first answer from an address with this in it; else to the end."""
    clock = SimpleNamespace(now=0.0, monotonic=lambda: clock.now)
    for module in (asking, sync):
        monkeypatch.setattr(module, "time", clock)

    def read(server: Replay, over_at: str = "", *, thorough: bool = True) -> SyncRun:
        found, clock.now = server.found, 0.0
        server.asked.clear()

        def until(path: str) -> tuple[bytes, str] | None:
            clock.now = 2.0 if over_at and over_at in path else clock.now
            return found(path)

        server.found = until
        run = read_all(server, thorough=thorough, seconds=1.0)
        server.found = found
        return run

    return read


@pytest.fixture
def world() -> World:
    """Four pages at a stage, and three at the next."""
    made = many(65, people=3)
    made.amendments += [
        Tabled(number, stage=NEXT_STAGE, number=str(number - 20_000), lines=wording(number))
        for number in range(20_001, 20_051)
    ]
    listed = publication(21, "First marshalled list", "Amendment Paper")
    made.stage_publications[STAGE] = [listed]
    return made


@pytest.fixture
def server(world):
    with replayed(world) as running:
        yield running


def own_pages(server: Replay) -> Counter[str]:
    return Counter(path for path in server.asked if "/Amendments/" in path)


def test_a_quick_request_goes_on_with_a_thorough_reading_that_paused(server, turn):
    read_all(server)
    begun = turn(server, f"{LISTED}20")
    asked = own_pages(server)

    ended = turn(server, thorough=False)

    assert begun.state == SyncState.RUNNING
    assert (ended.pk, ended.is_thorough, ended.state) == (begun.pk, True, SyncState.COMPLETE)
    assert not any(f"{LISTED}0" in path for path in server.asked)
    asked += own_pages(server)
    assert (len(asked), set(asked.values())) == (115, {1})


def test_a_thorough_request_ends_a_quick_reading_and_is_not_ended_by_one(server, turn):
    quick = turn(server, f"{LISTED}20", thorough=False)
    thorough = turn(server, f"{LISTED}40")

    ended = turn(server, thorough=False)

    quick.refresh_from_db()
    assert (quick.state, quick.failures) == (SyncState.INCOMPLETE, [asking.BROKE_OFF])
    assert (ended.pk, ended.is_thorough, ended.state) == (thorough.pk, True, SyncState.COMPLETE)
    assert not any(f"{LISTED}0" in path for path in server.asked)


def test_a_thorough_reading_whose_worker_died_goes_on_whoever_asks(server, turn):
    server.faults.dead_at = IN_PRINT
    died = turn(server, f"{NEXT_LISTED}0")
    del died.cursor["paused"]
    died.save()

    ended = turn(server, thorough=False)

    died.refresh_from_db()
    assert died.failures == [
        "The publications of Lords Committee stage: it answered with error 500.",
        asking.BROKE_OFF,
    ]
    assert (ended.is_thorough, ended.cursor["since"]) == (True, died.cursor["since"])
    assert not any(LISTED in path for path in server.asked)


def test_what_never_answers_keeps_nothing_new_from_the_desk(server, world, turn):
    server.faults.dead_at = "/10003"
    broken = turn(server)
    world.amendments.append(Tabled(30_000, stage=NEXT_STAGE, lines=wording(30_000)))
    server.changed()

    for _ in range(2):
        quick = turn(server, thorough=False)
    server.faults.dead_at = ""
    ended = turn(server)

    assert (broken.state, quick.state) == (SyncState.INCOMPLETE, SyncState.INCOMPLETE)
    assert not quick.is_thorough
    assert AmendmentAsPublished.objects.filter(parliament_id=30_000).exists()
    assert (ended.state, ended.cursor["since"]) == (SyncState.COMPLETE, broken.cursor["since"])


def test_what_is_left_of_a_turn_is_queued_once(bill, server, monkeypatch):
    """As going on: after another has ended it, a thorough request would begin again."""
    BillWatch.objects.create(bill=bill, started_by=make.user("officer"))
    monkeypatch.setattr(reaching, "TURN", 0.0)
    with override_settings(
        PARLIAMENT_BILLS_API=server.url, PARLIAMENT_MEMBERS_API="", PARLIAMENT_PAUSE=0
    ):
        tasks.sync_bill.func(str(bill.pk), thorough=True)
        tasks.sync_watched_bills.func()

    assert SyncRun.objects.get().is_thorough
    assert [each.args_kwargs for each in DBTaskResult.objects.all()] == [
        {"args": [str(bill.pk)], "kwargs": {"thorough": False}}
    ]


def test_a_marshalled_list_that_did_not_answer_is_asked_for_again(server, turn):
    server.faults.dead_at = IN_PRINT
    broken = turn(server)
    server.faults.dead_at = ""

    ended = turn(server)

    assert broken.failures == [
        "The publications of Lords Committee stage: it answered with error 500."
    ]
    assert (ended.state, ended.failures) == (SyncState.COMPLETE, [])
    assert not any(NEXT_LISTED in path for path in server.asked)
    assert [each.name for each in MarshalledList.objects.all()] == ["First marshalled list"]


def test_what_is_gone_is_marked_though_it_did_not_answer_at_first(server, world, turn):
    read_all(server)
    gone = world.amendments.pop(3)
    server.changed()
    server.faults.dead_at = f"/{gone.id}"
    broken = turn(server)
    row = AmendmentAsPublished.objects.get(parliament_id=gone.id)
    assert (broken.state, row.vanished_at) == (SyncState.INCOMPLETE, None)
    server.faults.dead_at = ""

    ended = turn(server)

    row.refresh_from_db()
    assert ended.state == SyncState.COMPLETE
    assert row.vanished_at is not None


def test_what_failed_in_one_turn_is_told_in_the_next_until_it_is_answered(server, turn):
    server.faults.dead_at = IN_PRINT
    told = ["The publications of Lords Committee stage: it answered with error 500."]
    for page in (0, 20):
        run = turn(server, f"{NEXT_LISTED}{page}")
        assert (run.state, SyncRun.objects.get().failures) == (SyncState.RUNNING, told)
    server.faults.dead_at = ""

    ended = turn(server)

    assert (ended.pk, ended.state, ended.failures) == (run.pk, SyncState.COMPLETE, [])
    assert MarshalledList.objects.count() == 1


def test_a_list_that_stays_away_does_not_send_the_next_stage_to_its_start(server, turn):
    server.faults.dead_at = f"{LISTED}40"
    turn(server, f"{NEXT_LISTED}20")

    ended = turn(server)

    pages = [path.partition("?")[2] for path in server.asked if NEXT_LISTED in path]
    assert pages == ["Skip=20&Take=20", "Skip=40&Take=20"]  # the one under way, and the last
    assert ended.failures == [
        "Amendments 41 and after of Lords Committee stage: it answered with error 500."
    ]
    assert not any(f"{LISTED}0" in path for path in server.asked)
