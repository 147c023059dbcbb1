"""The mail of an alert: sent once, to one at a time, and it names nothing."""

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from evidence import alerts, consenting
from evidence.models import Alert
from evidence.refusing import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def raised(settings) -> Alert:
    settings.SAFEGUARDING_ALERT_TO = ["night@example.org"]
    settings.SITE_URL = "https://attest.example.org"
    consenting.withdraw(make.covered(title="Canary of the north").consent)
    return Alert.objects.get()


def test_the_mail_says_how_many_and_where_and_nothing_else(raised):
    assert alerts.mail_unsent() == 1

    [sent] = mail.outbox
    assert (sent.subject, sent.to, sent.body) == (
        "Attest: something needs you",
        ["night@example.org"],
        "1 thing needs somebody at the desk:\nhttps://attest.example.org/admin/\n",
    )
    raised.refresh_from_db()
    assert raised.mailed_at is not None


def test_each_alert_is_mailed_once(raised):
    alerts.mail_unsent()

    assert (alerts.mail_unsent(), len(mail.outbox)) == (0, 1)


def test_nobody_reads_who_else_is_told(raised, settings):
    settings.SAFEGUARDING_ALERT_TO = ["night@example.org", "day@example.org"]

    alerts.mail_unsent()

    assert [sent.to for sent in mail.outbox] == [["night@example.org"], ["day@example.org"]]


def test_where_nobody_is_named_the_alert_waits(raised, settings):
    settings.SAFEGUARDING_ALERT_TO = []

    assert alerts.mail_unsent() == 0
    raised.refresh_from_db()
    assert raised.mailed_at is None


@pytest.fixture
def no_mail(settings) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 1},
        }
    }


def test_where_no_mail_leaves_the_alert_is_tried_again(raised, no_mail):
    with pytest.raises(OSError, match="refused"):
        alerts.mail_unsent()

    raised.refresh_from_db()
    assert raised.mailed_at is None


def test_what_was_mailed_stays_mailed_when_a_later_mail_fails(raised, settings):
    alerts.mail_unsent()
    raised.refresh_from_db()
    first = raised.mailed_at
    consenting.withdraw(make.covered(title="Another").consent)
    settings.MAILERS = {"default": {"BACKEND": "tests.evidence.test_alerting.Unreachable"}}

    with pytest.raises(OSError, match="unreachable"):
        alerts.mail_unsent()

    assert [each.mailed_at for each in Alert.objects.order_by("raised_at")] == [first, None]


class Unreachable(BaseEmailBackend):
    def send_messages(self, messages):
        raise OSError("unreachable")


def test_a_later_mail_does_not_say_that_the_first_left_then(raised):
    alerts.mail_unsent()
    raised.refresh_from_db()
    first = raised.mailed_at
    consenting.withdraw(make.covered(title="Another").consent)

    assert alerts.mail_unsent() == 1

    raised.refresh_from_db()
    assert raised.mailed_at == first


def test_an_alert_is_seen_by_the_first_who_says_so_and_no_other_is(raised):
    lead, deputy = make.user("lead"), make.user("deputy")
    consenting.withdraw(make.covered(title="Another").consent)
    alerts.mark_seen(raised, by=lead)

    with pytest.raises(Refused, match="Somebody has seen it already"):
        alerts.mark_seen(raised, by=deputy)

    seen = Alert.objects.order_by("raised_at").values_list("seen_by__username", flat=True)
    assert list(seen) == ["lead", None]
    assert [alerts.happened(each) for each in Alert.objects.all()] == ["Withdrawn", "Withdrawn"]
