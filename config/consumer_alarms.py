"""Consumers that do not confirm a removal: an alarm on the desk, and a mail to whoever is reached.

It stands here and not beside the consumers, since mail to the safeguarding lead is wired here.
"""

import logging
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.tasks import task
from django.urls import reverse
from django.utils import timezone

from publishing.consumers.removals import raise_alarms
from publishing.models import Alarm

logger = logging.getLogger("config.consumer_alarms")

SUBJECT = "Attest: a removal from the feed is not confirmed"


@task
def watch_consumers() -> None:
    raise_alarms()
    mail_unsent()


def mail_unsent() -> int:
    """Marked before the mail leaves, so that a crash in between tells nobody twice; the alarm
    stands at the desk all the same. Where nobody could be reached they are unmarked again.
    """
    recipients = settings.SAFEGUARDING_ALERT_TO
    alarms = _mark() if recipients else []
    if not alarms:
        return 0
    failed = [error for each in recipients if (error := _send(len(alarms), each))]
    if len(failed) == len(recipients):
        Alarm.objects.filter(pk__in=alarms).update(mailed_at=None)
    if failed:
        raise failed[0]
    return len(alarms)


@transaction.atomic
def _mark() -> list[UUID]:
    """Those that are ours to tell of: another worker's are skipped."""
    unsent = Alarm.objects.select_for_update(skip_locked=True).filter(mailed_at=None, ended_at=None)
    found = list(unsent.order_by("raised_at").values_list("pk", flat=True))
    Alarm.objects.filter(pk__in=found).update(mailed_at=timezone.now())
    return found


def _send(count: int, recipient: str) -> Exception | None:
    """One message for each, so that nobody reads who else is told; it names no item."""
    who = "1 consumer of the feed has" if count == 1 else f"{count} consumers of the feed have"
    page = f"{settings.SITE_URL}{reverse('admin:publishing_consumer_removals')}"
    body = f"{who} not confirmed in time that a removal was carried out:\n{page}\n"
    try:
        EmailMessage(SUBJECT, body, to=[recipient]).send()
    except OSError as error:  # SMTP's own errors are among them
        return error
    return None
