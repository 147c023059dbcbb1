"""Chores of the campaigns' floor, which the worker does by its schedule."""

import logging

from django.conf import settings
from django.tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from campaigns import notices, sending
from campaigns.filing import keep_files
from campaigns.models import Bill
from campaigns.parliament.reaching import sync_for_a_turn
from evidence.refusing import Refused

logger = logging.getLogger(__name__)


@task
def keep_pack_files() -> None:
    keep_files(settings.PACKS)


@task
def send_waiting() -> None:
    """A turn of the queue; what is left of it comes behind whatever else waits meanwhile."""
    if not sending.send_due():
        send_waiting.enqueue()


@task
def draft_notices() -> None:
    notices.draft()


@task
def sync_watched_bills() -> None:
    """Each in a task of its own: one that cannot be read keeps no other from it.

    One whose next turn is queued needs no second, which would only keep the worker from others.
    """
    queued = DBTaskResult.objects.filter(
        task_path=sync_bill.module_path, status=TaskResultStatus.READY
    )
    turns = {each["args"][0] for each in queued.values_list("args_kwargs", flat=True)}
    for pk in Bill.objects.filter(watch__isnull=False).values_list("pk", flat=True):
        if str(pk) not in turns:
            sync_bill.enqueue(str(pk), thorough=False)


@task
def sync_bill(pk: str, *, thorough: bool) -> None:
    """A turn of the reading; what is left of it is queued behind whatever waits meanwhile.

    That goes on with the reading as it was begun, and should another have ended it by then, a
    quick one is enough: a thorough one would begin again.
    """
    bill = Bill.objects.get(pk=pk)
    try:
        if not sync_for_a_turn(bill, thorough=thorough):
            sync_bill.enqueue(pk, thorough=False)
    except Refused as refusal:
        logger.warning("%s was not read: %s", bill.slug, refusal)
