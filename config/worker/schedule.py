"""Enqueues what the setting TASK_SCHEDULE says is due, once however many workers there are."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from config.models import ScheduledTask


def enqueue_due(at: datetime | None = None) -> None:
    at = at or timezone.now()
    known = ScheduledTask.objects.in_bulk(settings.TASK_SCHEDULE)
    for name, (_, when) in settings.TASK_SCHEDULE.items():
        if name not in known:
            ScheduledTask.objects.bulk_create(
                [ScheduledTask(name=name, first_seen_at=at)], ignore_conflicts=True
            )
        elif known[name].due_at(when) <= at:
            _enqueue(name, at)


@transaction.atomic
def _enqueue(name: str, at: datetime) -> None:
    """Ask again with the row locked: another worker may be at it, or have just done it."""
    path, when = settings.TASK_SCHEDULE[name]
    turn = ScheduledTask.objects.select_for_update(skip_locked=True).filter(name=name).first()
    if turn is None or turn.due_at(when) > at:
        return
    import_string(path).enqueue()
    turn.last_enqueued_at = at
    turn.save(update_fields=["last_enqueued_at"])
