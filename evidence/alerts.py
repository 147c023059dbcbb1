"""Alerts that reach somebody at any hour: a mail that something waits, which names nobody."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from evidence.models import Alert, ConsentState
from evidence.refusing import Refused

SUBJECT = "Attest: something needs you"
HAPPENED = {
    "narrowed": "Narrowed, or one part withdrawn",
    "testimony": "Withdrawn for one account",
    **{state.value: state.label for state in ConsentState},
}


def happened(alert: Alert) -> str:
    return HAPPENED.get(alert.what, alert.what)


def mail_unsent() -> int:
    """Tell of the alerts that no mail told of yet, and return how many these were.

    They are marked before the mail leaves: a crash in between tells nobody twice, and the alerts
    stand at the desk all the same. Where nobody could be reached they are unmarked again.
    """
    recipients = settings.SAFEGUARDING_ALERT_TO
    alerts = _mark() if recipients else []
    if not alerts:
        return 0
    failed = [error for each in recipients if (error := _send(len(alerts), each))]
    if len(failed) == len(recipients):
        Alert.objects.filter(pk__in=alerts).update(mailed_at=None)
    if failed:
        raise failed[0]
    return len(alerts)


def mark_seen(alert: Alert, *, by: User) -> None:
    seen = Alert.objects.filter(pk=alert.pk, seen_at=None).update(
        seen_at=timezone.now(), seen_by=by
    )
    if not seen:
        raise Refused("Somebody has seen it already.")


@transaction.atomic
def _mark() -> list[UUID]:
    """Those that are ours to tell of: another worker's are skipped."""
    unsent = Alert.objects.select_for_update(skip_locked=True).filter(mailed_at=None)
    found = list(unsent.order_by("raised_at").values_list("pk", flat=True))
    Alert.objects.filter(pk__in=found).update(mailed_at=timezone.now())
    return found


def _send(count: int, recipient: str) -> Exception | None:
    """One message for each, so that nobody reads who else is told."""
    things = "1 thing needs" if count == 1 else f"{count} things need"
    body = f"{things} somebody at the desk:\n{settings.SITE_URL}{reverse('admin:index')}\n"
    try:
        EmailMessage(SUBJECT, body, to=[recipient]).send()
    except OSError as error:  # SMTP's own errors are among them
        return error
    return None
