"""Render anew what is on the website, after an upgrade whose documents say more."""

from typing import Any

from django.core.management.base import BaseCommand

from evidence.publishing_again import publish_everything_again


class Command(BaseCommand):
    help = "Render everything anew that is on the website; what stays the same makes no change."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = publish_everything_again()
        self.stdout.write(f"Documents that changed: {changed}")
