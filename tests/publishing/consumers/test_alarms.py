"""A removal that nobody confirms: an alarm on the desk and a mail, once, and its end."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from config.consumer_alarms import mail_unsent, watch_consumers
from publishing.consumers import removals
from publishing.consumers.removals import latest_removals, standings
from publishing.models import Alarm, Consumer
from tests.publishing import making
from tests.publishing.consumers.test_confirming import confirm, consumer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def recipients(settings) -> None:
    settings.SAFEGUARDING_ALERT_TO = ["night@example.org", "day@example.org"]
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


@pytest.fixture
def moved_on(monkeypatch) -> None:
    later = SimpleNamespace(now=lambda: timezone.now() + timedelta(minutes=20))
    monkeypatch.setattr(removals, "timezone", later)


def test_within_its_time_nobody_is_told() -> None:
    consumer()
    making.written()
    making.removed()

    watch_consumers.call()

    assert (Alarm.objects.count(), mail.outbox) == (0, [])


def test_after_a_quarter_of_an_hour_each_recipient_has_one_mail(moved_on) -> None:
    made, _ = consumer("A website with a secret name")
    making.written()
    making.removed()

    watch_consumers.call()
    watch_consumers.call()

    alarm = Alarm.objects.get()
    assert (alarm.consumer, alarm.removals, alarm.ended_at) == (made, 1, None)
    assert [message.to for message in mail.outbox] == [["night@example.org"], ["day@example.org"]]
    assert mail.outbox[0].body == (
        "1 consumer of the feed has not confirmed in time that a removal was carried out:\n"
        "http://localhost:8000/admin/publishing/consumer/removals/\n"
    )


def test_confirmed_the_alarm_ends(moved_on, told) -> None:
    _, key = consumer()
    making.written()
    making.removed()
    watch_consumers.call()

    confirm(key, {"token": told("/api/v1/changes/")["next"]})

    assert Alarm.objects.get().ended_at is not None


def test_its_own_time_counts(moved_on) -> None:
    made, _ = consumer()
    Consumer.objects.filter(pk=made.pk).update(alarm_after_minutes=60)
    making.written()
    making.removed()

    watch_consumers.call()

    assert not Alarm.objects.exists()


def test_without_recipients_it_stands_at_the_desk_alone(moved_on, settings) -> None:
    settings.SAFEGUARDING_ALERT_TO = []
    consumer()
    making.written()
    making.removed()

    watch_consumers.call()

    assert (Alarm.objects.get().mailed_at, mail.outbox, mail_unsent()) == (None, [], 0)


def test_who_has_not_confirmed_which_removal(told) -> None:
    one, key = consumer("One")
    two, _ = consumer("Two")
    making.written("first")
    making.written("second")
    making.removed("first")
    confirm(key, {"token": told("/api/v1/changes/")["next"]})
    making.removed("second")

    found = [(each.change.item_id, each.waiting, each.late) for each in latest_removals()]

    assert found == [
        (making.item_id("second"), [one, two], []),
        (making.item_id("first"), [two], []),
    ]
    assert [(each.consumer, each.waiting, each.late) for each in standings()] == [
        (one, 1, 0),
        (two, 2, 0),
    ]


def test_what_is_published_again_is_no_removal_any_more() -> None:
    consumer()
    making.written()
    making.removed()
    making.written()

    assert latest_removals() == []


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"alarm_after_minutes": 0}, "consumer_alarm_within_a_day"),
        ({"alarm_after_minutes": 1441}, "consumer_alarm_within_a_day"),
        ({"contact_role": "jo@example.org"}, "consumer_contact_is_a_role"),
    ],
)
def test_the_database_refuses(fields: dict[str, object], constraint: str) -> None:
    made, _ = consumer()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Consumer.objects.filter(pk=made.pk).update(**fields)


def test_one_alarm_at_a_time() -> None:
    made, _ = consumer()
    Alarm.objects.create(consumer=made, removals=1)

    with pytest.raises(IntegrityError, match="one_alarm_at_a_time"), transaction.atomic():
        Alarm.objects.create(consumer=made, removals=1)
