"""Chores of the worker itself."""

from django.core.management import call_command
from django.tasks import task

from config.models import WorkerLease


@task
def prune_finished_tasks() -> None:
    """Dead letters stay: they wait for a person."""
    call_command("prune_db_task_results", "--queue-name=*", "--min-age-days=14", verbosity=0)
    WorkerLease.objects.exclude(worker__in=WorkerLease.objects.alive().values("worker")).delete()
