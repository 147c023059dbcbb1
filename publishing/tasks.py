"""Chores of the ground floor, which the worker does by its schedule."""

from django.tasks import task

from publishing import publication


@task
def remove_expired() -> None:
    """What has expired left the feed at that moment; this deletes what is left of it."""
    publication.remove_expired()
