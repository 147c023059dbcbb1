"""Tasks with something the matter, for the worker's tests; a worker process imports them too."""

import time

from django.db import connection, transaction
from django.tasks import TaskContext, task
from django.utils import timezone

from config.models import DeadLetter
from publishing.models import Heartbeat

SECRET = "Cerys was fifteen\nHINT:  and lived in Tredegar"


@task
def double(number: int) -> int:
    return 2 * number


@task
def nap(seconds: float) -> None:
    time.sleep(seconds)


@task
def fail(message: str) -> None:
    raise ValueError(message)


@task(takes_context=True)
def fail_twice(context: TaskContext) -> int:
    if context.attempt < 3:
        raise ValueError("not yet")
    return context.attempt


@task(takes_context=True)
def hang_at_first(context: TaskContext) -> int:
    if context.attempt == 1:
        time.sleep(60)
    return context.attempt


@task
def return_a_set() -> set[int]:
    return {1}


@task
def break_a_check() -> None:
    """PostgreSQL refuses the row, and prints it."""
    with transaction.atomic():
        DeadLetter.objects.create(
            task_path=SECRET, tries=0, error_type="", traceback="", failed_at=timezone.now()
        )


@task(takes_context=True)
def lose_the_database_at_first(context: TaskContext) -> int:
    if context.attempt == 1:
        terminate_connections("pid = pg_backend_pid()")
    return context.attempt


@task
def watch_the_heart(seconds: float, *, cut_off: bool = False) -> list[int]:
    """How many connections of the heart were cut off, and how many different beats were seen."""
    heart = "pid <> pg_backend_pid() AND query LIKE '%publishing_heartbeat%'"
    cut = terminate_connections(heart) if cut_off else 0
    beats = set()
    for _ in range(int(seconds * 10)):
        beats.update(Heartbeat.objects.values_list("at", flat=True))
        time.sleep(0.1)
    return [cut, len(beats)]


def terminate_connections(which: str) -> int:
    """As the login that the test came in with, since that is whose connections they are."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = current_database() AND {which}"
        )
        return cursor.rowcount
