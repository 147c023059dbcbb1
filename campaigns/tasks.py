"""Chores of the campaigns' floor, which the worker does by its schedule."""

from django.conf import settings
from django.tasks import task

from campaigns.filing import keep_files


@task
def keep_pack_files() -> None:
    keep_files(settings.PACKS)
