"""`manage.py work`: the process that runs tasks."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from config.worker.checks import WORKER
from config.worker.loop import TaskWorker


class Command(BaseCommand):
    help = "Run tasks, and enqueue those that are due, until told to stop."
    # The other checks load all views and serializers, memory that the worker would never use.
    requires_system_checks = [WORKER]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="End when no task is ready.")

    def handle(self, *, once: bool, **_: object) -> None:
        worker = TaskWorker(once=once)
        worker.configure_signals()
        worker.run()
