"""What Parliament leaves out, or says otherwise at another address, takes nothing away."""

from datetime import date
from typing import Any

import pytest

from campaigns.models import AmendmentAsPublished, Bill, BillAsPublished, SyncChange
from tests.campaigns.parliament.conftest import read_all
from tests.campaigns.parliament.replay import Replay, replayed
from tests.campaigns.parliament.world import NEXT_STAGE, STAGE, Json, Tabled, World, stage, wording

pytestmark = pytest.mark.django_db
ASSENT = 7011
ALL = {
    *("shortTitle", "currentHouse", "currentStage", "isAct", "isDefeated"),
    *("billWithdrawn", "lastUpdate"),
}
type Told = list[tuple[str, int | None, str, str]]


@pytest.fixture
def world() -> World:
    return World(
        amendments=[
            Tabled(101, number="1", lines=wording(101)),
            Tabled(102, number="2", lines=wording(102)),
            Tabled(201, stage=NEXT_STAGE, number="1", lines=wording(201)),
        ]
    )


@pytest.fixture
def server(world, bill):
    with replayed(world) as running:
        yield running


def told(server: Replay, *, thorough: bool = True) -> Told:
    """What one reading tells."""
    server.changed()
    before = SyncChange.objects.count()
    read_all(server, thorough=thorough)
    return [
        (
            each.kind,
            each.amendment and each.amendment.as_published.parliament_id,
            each.before,
            each.after,
        )
        for each in SyncChange.objects.order_by("pk")[before:]
    ]


def published(bill: Bill) -> dict[str, Any]:
    [row] = BillAsPublished.objects.filter(bill=bill).values()
    return row


@pytest.fixture
def an_act(server, world, bill) -> Bill:
    """Read with all that Parliament may say of a bill; and a stage was typed that has no id."""
    world.stages.append(stage(ASSENT, "Royal Assent", 11, "2026-03-02"))
    world.current = ASSENT
    world.said_of_bill = {
        "isAct": True,
        "isDefeated": True,
        "billWithdrawn": "2026-03-05T00:00:00",
        "lastUpdate": "2026-03-06T10:00:00",
    }
    read_all(server)
    bill.stages.create(house="commons", name="Consideration of Lords amendments")
    return bill


def test_what_the_bills_page_leaves_out_stays_as_it_was_read(server, world, an_act):
    was = published(an_act)
    world.unsaid_of_bill = ALL
    assert told(server) == []
    now = published(an_act)
    world.unsaid_of_bill = set()

    assert told(server) == []
    assert now == was
    said = {name: now[name] for name in ("is_act", "withdrawn_on", "royal_assent_on")}
    assert said == {
        "is_act": True,
        "withdrawn_on": date(2026, 3, 5),
        "royal_assent_on": date(2026, 3, 2),
    }


@pytest.mark.parametrize("sent", [None, {}, {"id": 7999, "stageId": 12}])
def test_a_current_stage_that_nobody_knows_leaves_the_one_that_was_read(
    server, world, an_act, sent
):
    was = published(an_act)["current_stage_id"]
    world.said_of_bill["currentStage"] = sent

    assert told(server) == []
    assert published(an_act)["current_stage_id"] == was


def test_what_the_bills_page_takes_back_is_taken_back(server, world, an_act):
    world.current = NEXT_STAGE
    world.said_of_bill = {"isAct": False, "isDefeated": False, "billWithdrawn": None}

    assert told(server) == [("stage_moved", None, "Lords Royal Assent", "Lords Report stage")]
    now = published(an_act)
    assert (now["is_act"], now["is_defeated"]) == (False, False)
    assert (now["withdrawn_on"], now["royal_assent_on"]) == (None, None)


def test_a_stage_that_is_first_known_later_is_no_move(server, world, bill):
    world.unsaid_of_bill = ALL
    read_all(server)
    world.unsaid_of_bill = set()

    assert told(server) == []
    assert published(bill)["current_stage_id"] == bill.stages.get(parliament_id=STAGE).pk


def test_a_quick_reading_reads_the_current_stage_though_the_bills_page_leaves_it_out(server, world):
    world.stages[0] = stage(STAGE, "Committee stage", 1, "2023-01-02")
    read_all(server)
    world.unsaid_of_bill = {"currentStage"}
    world.amendments.append(Tabled(103, number="3", lines=wording(103)))

    assert told(server, thorough=False) == [("new", 103, "", "3")]


@pytest.mark.parametrize("decision", ["Overtaken by " * 4, "Overtaken by " * 100])
def test_a_long_decision_that_nobody_knows_is_kept_and_told(server, world, decision):
    read_all(server)
    world.amendments[0].more = {"decision": decision.strip()}

    found = told(server)

    row = AmendmentAsPublished.objects.get(parliament_id=101)
    kept = decision.strip()[:400]
    assert (row.decision, row.amendment.decision) == (kept, kept)
    assert [each[:3] for each in found] == [
        ("decided", 101, "NoDecision"),
        ("unknown_word", 101, ""),
    ]
    assert [each[3] for each in found] == [kept[:200]] * 2
    assert told(server) == []


def vanished() -> set[int | None]:
    rows = AmendmentAsPublished.objects.filter(vanished_at__isnull=False)
    return set(rows.values_list("parliament_id", flat=True))


def test_a_stage_that_is_listed_no_more_takes_its_amendments_along(server, world, bill):
    read_all(server)
    gone = world.stages.pop(1)

    assert told(server) == [("vanished", 201, "1", "")]
    assert told(server) == []
    assert vanished() == {201}
    assert not any(f"/Stages/{NEXT_STAGE}/" in path for path in server.asked)
    world.stages.append(gone)
    assert told(server) == [("came_back", 201, "", "1")]
    assert vanished() == set()


def test_a_stage_that_is_not_listed_and_still_answers_is_read(server, world):
    read_all(server)
    world.unlisted = {NEXT_STAGE}
    world.amendments[2].decision = "Agreed"

    assert told(server) == [("decided", 201, "NoDecision", "Agreed")]
    assert vanished() == set()


def test_amendments_that_a_stage_of_another_id_has_now_are_not_told_as_gone(server, world):
    read_all(server)
    world.stages[0] = stage(7003, "Committee stage", 3)
    world.current = 7003
    for each in world.amendments[:2]:
        each.stage = 7003

    found = told(server)

    assert [kind for kind, *_ in found] == ["stage_moved"]
    assert vanished() == set()


LISTED_AS: Json = {"decision": "NoDecision", "pageNumber": 9, "sponsors": []}


@pytest.mark.parametrize("thorough", [True, False])
@pytest.mark.parametrize("is_etagged", [True, False])
def test_a_list_that_says_otherwise_than_the_amendments_own_page(
    server, world, is_etagged, thorough
):
    read_all(server)
    world.is_etagged = is_etagged
    ours, other = world.amendments[:2]
    ours.decision, ours.listed_as = "Agreed", LISTED_AS
    assert told(server) == [("decided", 101, "NoDecision", "Agreed")]

    other.number = "2A"  # so that the page of the list is another
    again = [told(server, thorough=thorough) for _ in range(2)]

    assert again == [[("renumbered", 102, "2", "2A")], []]
    row = AmendmentAsPublished.objects.get(parliament_id=101)
    assert (row.decision, row.page_number) == ("Agreed", "7")


def test_a_list_that_says_something_new_is_heard_with_the_amendments_own_page(server, world):
    ours = world.amendments[0]
    ours.decision, ours.listed_as = "Agreed", LISTED_AS
    read_all(server)
    ours.listed_as = {**LISTED_AS, "summaryText": ["In other words"], "pageNumber": 10}

    assert told(server, thorough=False) == []
    row = AmendmentAsPublished.objects.get(parliament_id=101)
    assert (row.decision, row.page_number, row.summary) == ("Agreed", "7", "In other words")


def test_what_an_amendments_own_page_leaves_out_stays_as_it_said_before(server, world):
    ours = world.amendments[0]
    ours.decision, ours.listed_as = "Agreed", LISTED_AS
    read_all(server)
    world.is_etagged, ours.unsaid = False, {"decision", "pageNumber", "sponsors"}

    assert told(server) == []
    ours.unsaid = set()
    assert told(server) == []


def test_a_page_that_does_not_answer_leaves_what_it_said_before(server, world):
    ours, other = world.amendments[:2]
    ours.decision, ours.listed_as = "Agreed", LISTED_AS
    read_all(server)
    world.is_etagged, other.number = False, "2A"
    server.faults.dead_at = "/Amendments/101"

    assert told(server) == [("renumbered", 102, "2", "2A")]
    server.faults.dead_at = ""
    assert told(server) == []
