"""Calling a copy back: its holder is asked, asked again, and it is closed with an outcome."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from evidence.models import Outcome, RecallTask
from evidence.refusing import Refused

DAYS_TO_ANSWER = 5  # working days, before the holder is asked again
FRIDAY = 4
CLOSING = (
    Outcome.DESTROYED,
    Outcome.SUPERSEDED,
    Outcome.NO_REPLY,
    Outcome.UNREACHABLE,
    Outcome.IRREVOCABLE,
)


def working_days_after(day: date, count: int) -> date:
    """Monday to Friday; bank holidays count as days, so that nobody is asked later than meant."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() <= FRIDAY
    return day


@transaction.atomic
def mark_asked(task: RecallTask, *, chase_on: date | None = None) -> None:
    """The holder was asked just now; asked again on that day if nothing was heard."""
    current = _open(task)
    if current.asked_at:
        raise Refused("The holder was asked already.")
    task.asked_at = timezone.now()
    task.chase_on = chase_on or working_days_after(timezone.localdate(), DAYS_TO_ANSWER)
    task.save(update_fields=["asked_at", "chase_on"])
    _tell(task, Outcome.ASKED)


@transaction.atomic
def chase_again(task: RecallTask, *, on: date | None = None) -> None:
    """The holder was asked once more; the next day to ask is set."""
    if not _open(task).asked_at:
        raise Refused("The holder was not asked yet.")
    task.chase_on = on or working_days_after(timezone.localdate(), DAYS_TO_ANSWER)
    task.save(update_fields=["chase_on"])


@transaction.atomic
def close(task: RecallTask, outcome: str) -> None:
    """Nothing more is to be done about this copy; what came of it is written to the use."""
    if outcome not in CLOSING:
        raise Refused("Say what became of the copy.")
    _open(task)
    task.closed_at = timezone.now()
    task.save(update_fields=["closed_at"])
    _tell(task, outcome)


def _open(task: RecallTask) -> RecallTask:
    current = RecallTask.objects.select_for_update().get(pk=task.pk)
    if current.closed_at:
        raise Refused("The recall is closed.")
    return current


def _tell(task: RecallTask, outcome: str) -> None:
    task.use.outcome = outcome
    task.use.save(update_fields=["outcome"])
