"""Calling a copy back: its holder was asked, and the matter is closed."""

from django.db import transaction
from django.utils import timezone

from evidence.models import RecallTask
from evidence.refusing import Refused


def mark_asked(task: RecallTask) -> None:
    """The holder was asked just now."""
    _mark(task, "asked_at", "The holder was asked already.")


def close(task: RecallTask) -> None:
    """Nothing more is to be done about this copy."""
    _mark(task, "closed_at", "")


@transaction.atomic
def _mark(task: RecallTask, when: str, already: str) -> None:
    current = RecallTask.objects.select_for_update().get(pk=task.pk)
    if current.closed_at:
        raise Refused("The recall is closed.")
    if getattr(current, when):
        raise Refused(already)
    setattr(task, when, timezone.now())
    task.save(update_fields=[when])
