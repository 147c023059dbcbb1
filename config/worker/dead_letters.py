"""Having a dead letter's task tried anew, by hand."""

from typing import Any

from django.db import transaction
from django.tasks import Task, TaskResult
from django.utils import timezone
from django.utils.module_loading import import_string

from config.models import DeadLetter


class NotReplayable(Exception):
    """The sentence in it is meant for whoever asked."""


@transaction.atomic
def replay(letter_id: int) -> TaskResult[Any, Any]:
    """Enqueue the task again with all its tries before it; a letter is replayed once."""
    letter = DeadLetter.objects.select_for_update().filter(pk=letter_id).first()
    if letter is None:
        raise NotReplayable(f"There is no dead letter {letter_id}.")
    if letter.replayed_at:
        raise NotReplayable(f"Dead letter {letter_id} was replayed already.")
    try:
        task: Task[Any, Any] = import_string(letter.task_path)
    except ImportError as error:
        raise NotReplayable(f"The task {letter.task_path} no longer exists.") from error
    letter.replayed_at = timezone.now()
    letter.save(update_fields=["replayed_at"])
    return task.enqueue(*letter.args, **letter.kwargs)
