"""After a restore: tell consumers of the feed to replace their copies."""

from typing import Any

from django.core.management.base import BaseCommand

from publishing import publication


class Command(BaseCommand):
    help = "Begin a new epoch of the feed, as after restoring a backup."

    def handle(self, *args: Any, **options: Any) -> None:
        publication.begin_epoch()
        self.stdout.write("A new epoch has begun: consumers are told to replace their copies.")
