"""Chores of this floor, which the worker does by its schedule."""

from django.tasks import task

from evidence import alerts, erasing, ledgers


@task
def keep_ledgers() -> None:
    """Bring to the file what an interrupted act did not, and acts that no door of ours carried."""
    ledgers.export_pending()


@task
def finish_erasures() -> None:
    erasing.finish_erasures()


@task
def mail_alerts() -> None:
    alerts.mail_unsent()
