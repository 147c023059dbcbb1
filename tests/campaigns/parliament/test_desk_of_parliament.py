"""The desk: reading now, watching, pasted groupings, and alerts that are seen once."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from campaigns.akoma_ntoso import read_list
from campaigns.importing import bring_in, preview
from campaigns.models import Bill, BillAsPublished, SyncChange, SyncRun, SyncState
from campaigns.parliament.in_words import Told, in_words
from tests import factories as make
from tests.campaigns import packing
from tests.campaigns.lists import made_amendment, made_list
from tests.campaigns.parliament.conftest import read_all
from tests.campaigns.parliament.replay import replayed
from tests.campaigns.parliament.world import Tabled, World, wording
from tests.publishing import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    user = User.objects.create(username="everything", is_staff=True, is_superuser=True)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def page(record: object, name: str = "change") -> str:
    label = record._meta.label_lower.replace(".", "_")
    return reverse(f"admin:{label}_{name}", args=[record.pk])


def press(desk, record, act: str, note: str = "") -> str:
    answer = desk.post(page(record, "act"), {"act": act, "note": note}, follow=True)
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_bill_is_read_by_the_worker_and_says_when_it_was(desk, bill):
    assert "It was never read from Parliament." in desk.get(page(bill)).content.decode()
    assert "The worker reads it" in press(desk, bill, "sync")
    assert DBTaskResult.objects.get().args_kwargs["kwargs"] == {"thorough": True}
    now = timezone.now()
    SyncRun.objects.create(
        bill=bill,
        started_at=now,
        ended_at=now,
        state=SyncState.INCOMPLETE,
        asked=7,
        failures=["The list of stages: the connection was cut."],
    )

    shown = desk.get(page(bill)).content.decode()

    assert "incomplete, 7 requests, 0 changed." in shown
    assert "The list of stages: the connection was cut." in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (None, "Royal Assent on 26 October 2023: write the day below."),
        (date(2023, 10, 26), "Royal Assent on 26 October 2023."),
        (
            date(2023, 10, 25),
            "Royal Assent on 26 October 2023, and not on 25 October 2023, as is written below.",
        ),
    ],
)
def test_royal_assent_is_shown_as_parliament_says_it(desk, bill, typed, said):
    Bill.objects.filter(pk=bill.pk).update(royal_assent_on=typed)
    assert "Royal Assent on" not in desk.get(page(bill)).content.decode()
    BillAsPublished.objects.create(
        bill=bill, short_title="Made-up Bill", royal_assent_on=date(2023, 10, 26)
    )

    shown = desk.get(page(bill)).content.decode()
    timeline = desk.get(reverse("admin:timeline_of", args=[bill.pk])).content.decode()

    assert f"Parliament says that it had {said}" in shown
    assert "Parliament says that it had Royal Assent on 26 October 2023." in timeline


def test_watching_is_not_an_edit(desk, bill):
    making.approved(bill)

    assert "Watched" in press(desk, bill, "watch")

    again = Bill.objects.get(pk=bill.pk)
    assert again.is_watched
    assert again.is_approved
    press(desk, again, "unwatch")
    assert not Bill.objects.get(pk=bill.pk).is_watched


def test_groupings_are_pasted_at_a_stage(desk, bill):
    stage = making.stage(bill)

    making.amendment(stage, number="262")
    pasted = "Group 1 (Offences)\n262, 263, Clause 15 stand part, 264"

    assert press(desk, stage, "group", pasted) == (
        "Kept: 1 group with 4 places. No amendment, or more than one, has the number 263, 264: "
        "each is put into its group as soon as one amendment has it."
    )
    assert press(desk, stage, "group", "Group 1\n262") == "Kept: 1 group with 1 place."
    left_out = "Made-up Bill\nGroup 1 (Offences)\n262\nGroup 2\nClause 15, page 12"
    assert press(desk, stage, "group", left_out) == (
        "Kept: 1 group with 1 place. Left out, since no number and no place stands below: "
        "“Made-up Bill”, “Clause 15, page 12”."
    )
    assert "No amendment's number is in this" in press(desk, stage, "group", "nothing")


def test_groups_of_two_days_are_refused_and_what_was_pasted_stands_in_the_form(desk, bill):
    stage = making.stage(bill)
    pasted = "19 July 2023\nGroup 1\n262\n20 July 2023\nGroup 1\n270"

    answer = desk.post(page(stage, "act"), {"act": "group", "note": pasted}, follow=True)

    assert [str(each) for each in answer.context["messages"]] == [
        "It is for two days, 19 July 2023 and 20 July 2023: paste one day at a time. "
        "In a group's title a day may stand after “Group” and its number."
    ]
    assert answer.context["kept"]["note"] == pasted
    assert pasted.partition("\n")[2] in answer.content.decode()
    assert not stage.groups.exists()
    assert not stage.sittings.exists()


def test_an_alert_says_what_it_touches_and_is_seen_once(desk, bill):
    change = SyncChange.objects.create(
        bill=bill,
        amendment=making.amendment(making.stage(bill), number="3"),
        kind="renumbered",
        before="2",
        after="3",
        is_ours=True,
        raised_at=timezone.now(),
    )
    assert "No issued pack prints what has changed." in desk.get(page(change)).content.decode()

    press(desk, change, "seen")

    change.refresh_from_db()
    assert change.seen_by == User.objects.get(username="everything")
    assert not SyncChange.objects.alerts().exists()


@pytest.fixture
def world():
    return World(
        amendments=[
            Tabled(number, number=str(number), lines=wording(number)) for number in (101, 102, 103)
        ]
    )


def texts_changed(world, numbers: tuple[int, ...]) -> None:
    with replayed(world) as server:
        read_all(server)
        for each in world.amendments:
            if each.id in numbers:
                each.lines = [*each.lines[:2], "(b) other words,", "(c) at the end."]
        server.changed()
        read_all(server)


def test_a_wording_that_changed_is_shown_old_and_new(desk, bill, world):
    texts_changed(world, (102,))
    change = SyncChange.objects.get(kind="text_changed")

    answer = desk.get(page(change))
    listed = desk.get(reverse("admin:campaigns_syncchange_changelist")).content.decode()

    shown = answer.content.decode()
    before, after = ("".join(text for text, _ in side) for side in answer.context["sides"])
    assert before == "\n".join(wording(102))
    assert after == "\n".join([*wording(102)[:2], "(b) other words,", "(c) at the end."])
    assert "<ins>other</ins>" in shown
    for told in (shown, listed):
        assert change.before not in told
        assert "other words, (c) at the end." in told
    assert str(change) == "Wording changed"


def test_the_old_wording_may_be_the_one_that_was_typed(bill):
    stage = bill.stages.create(house="lords", name="Report")
    typed = packing.amendment(stage, ["Leave out “may”", "and “must”"], number="1")
    listed = read_list(made_list(made_amendment("1", "Leave it out"), bill="Made-up Bill"))
    bring_in(preview(listed, stage), ["1"], by=make.user("officer"))
    [change] = SyncChange.objects.filter(kind="text_changed")

    assert in_words([change]) == {
        change.pk: Told(
            "Leave out “may” and “must”",
            "Leave it out",
            "Leave out “may”\nand “must”",
            "Leave it out",
        )
    }
    assert change.amendment == typed


def test_what_may_be_tabled_again_is_named(desk, bill):
    stage = making.stage(bill)
    earlier = making.amendment(stage, number="3")
    change = SyncChange.objects.create(
        bill=bill,
        amendment=making.amendment(stage, slug="later", number="9"),
        kind="maybe_re_tabled",
        before=f"61% like {earlier.pk}",
        raised_at=timezone.now(),
    )

    for address in (page(change), reverse("admin:campaigns_syncchange_changelist")):
        shown = desk.get(address).content.decode()
        assert f"61% like {earlier}" in shown
        assert f"like {earlier.pk}" not in shown


def test_a_reading_lists_what_it_told(desk, bill, world):
    texts_changed(world, (102,))
    baseline, second = SyncRun.objects.order_by("pk")
    change = second.changes.get()

    shown = desk.get(page(second))

    assert [(each, of) for each, of, _ in shown.context["changes"]] == [
        (change, str(change.amendment))
    ]
    SyncRun.objects.filter(pk=second.pk).update(failures=["Amendment 9: it did not answer."])
    again = desk.get(page(second)).content.decode()
    assert f'href="{page(change)}"' in again
    assert "Amendment 9: it did not answer." in again
    assert "&quot;Amendment 9" not in again
    assert "It told of nothing." in desk.get(page(baseline)).content.decode()


def test_many_wordings_are_listed_with_as_many_queries_as_one(desk, bill, world):
    texts_changed(world, (101, 102, 103))
    one, *_ = SyncChange.objects.filter(kind="text_changed")
    asked = []
    for address in (
        f"?amendment__id__exact={one.amendment_id}",
        f"?run__id__exact={one.run_id}",
    ):
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("admin:campaigns_syncchange_changelist") + address)
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_lists_open(desk, bill):
    for name in ("syncrun", "syncchange", "amendmentgroup", "bill", "stage", "member"):
        assert desk.get(reverse(f"admin:campaigns_{name}_changelist")).status_code == 200


def test_a_reader_may_not_mark(client, bill):
    user = make.user("reader")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    change = SyncChange.objects.create(bill=bill, kind="new", raised_at=timezone.now())

    assert client.post(page(change, "act"), {"act": "seen"}).status_code in {403, 404}
