"""The desk: reading now, watching, pasted groupings, and alerts that are seen once."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from campaigns.models import Bill, SyncChange, SyncRun, SyncState
from tests import factories as make
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

    assert press(desk, stage, "group", "Group 1 (Offences)\n262, 263") == (
        "1 groups with 2 places are kept."
    )
    assert "No amendment's number is in this" in press(desk, stage, "group", "nothing")


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


def test_lists_open(desk, bill):
    for name in ("syncrun", "syncchange", "amendmentgroup", "bill", "stage", "member"):
        assert desk.get(reverse(f"admin:campaigns_{name}_changelist")).status_code == 200


def test_a_reader_may_not_mark(client, bill):
    user = make.user("reader")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    change = SyncChange.objects.create(bill=bill, kind="new", raised_at=timezone.now())

    assert client.post(page(change, "act"), {"act": "seen"}).status_code in {403, 404}
