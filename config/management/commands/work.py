"""`manage.py work`: the process that runs tasks."""

import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from config.health import why_not_to_serve
from config.worker.checks import WORKER
from config.worker.connections import leave_broken
from config.worker.loop import PAUSE, TaskWorker


class Command(BaseCommand):
    help = "Run tasks, and enqueue those that are due, until told to stop."
    # The other checks load all views and serializers, memory that the worker would never use.
    requires_system_checks = [WORKER]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="End when no task is ready.")

    def handle(self, *, once: bool, **_: object) -> None:
        _wait_for_a_database_to_serve(patient=not once)
        worker = TaskWorker(once=once)
        worker.configure_signals()
        worker.run()


def _wait_for_a_database_to_serve(*, patient: bool) -> None:
    """As the worker waits for one that is away; refuses one that was restored and not told."""
    while True:
        leave_broken()
        try:
            reason = why_not_to_serve()
        except (OperationalError, InterfaceError):
            if not patient:
                raise
            time.sleep(PAUSE)
            continue
        if reason:
            raise CommandError(reason)
        return
