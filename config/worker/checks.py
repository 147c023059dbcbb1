"""System checks on the settings that the worker reads, each saying what to mend."""

from collections.abc import Iterable
from datetime import time, timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.tasks import Task, task_backends
from django.utils.module_loading import import_string

from config.worker.backend import RetryingBackend

WORKER = "worker"  # the tag by which `manage.py work` runs these and no others


def check_retries(**_: Any) -> list[CheckMessage]:
    backends = (each for each in task_backends.all() if isinstance(each, RetryingBackend))
    return [found for backend in backends for found in _retry_mistakes(backend)]


def _retry_mistakes(backend: RetryingBackend) -> Iterable[CheckMessage]:
    where = f'TASKS["{backend.alias}"]["OPTIONS"]["RETRIES"]'
    for path, delays in backend.options.get("RETRIES", {}).items():
        if path != "*" and not _is_task(path):
            yield Error(f"{where} names {path!r}, which is no task.", id="worker.E001")
        if not _are_delays(delays):
            yield Error(f"{where}[{path!r}] must be a list of seconds.", id="worker.E002")


def check_schedule(**_: Any) -> list[CheckMessage]:
    return [found for name in settings.TASK_SCHEDULE for found in _schedule_mistakes(name)]


def _schedule_mistakes(name: str) -> Iterable[CheckMessage]:
    path, when = settings.TASK_SCHEDULE[name]
    if not _is_task(path):
        yield Error(f"TASK_SCHEDULE[{name!r}] names {path!r}, which is no task.", id="worker.E003")
    if not _is_rhythm(when):
        yield Error(
            f"TASK_SCHEDULE[{name!r}] must say when: a timedelta above zero or a time of day.",
            id="worker.E004",
        )


def _are_delays(delays: object) -> bool:
    return isinstance(delays, list | tuple) and all(
        isinstance(delay, int | float) and delay >= 0 for delay in delays
    )


def _is_rhythm(when: object) -> bool:
    return isinstance(when, time) or (isinstance(when, timedelta) and when > timedelta())


def _is_task(path: str) -> bool:
    try:
        return isinstance(import_string(path), Task)
    except ImportError:
        return False
