"""Make the demo's campaign from the fixtures; `make demo` runs it before it serves."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.preparing import prepare


class Command(BaseCommand):
    help = "Make the demo's logins, tables, accounts, campaign and packs."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not the demo: SECRET_KEY is set, so nothing was prepared.")
        prepare(self.stdout.write)
