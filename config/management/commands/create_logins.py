"""Make the three database logins: owner, app and feed."""

from typing import Any

from django.core.management.base import BaseCommand

from config import logins


class Command(BaseCommand):
    help = "Make or renew the database logins attest_owner, attest_app and attest_feed."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        logins.create_logins()
        self.stdout.write("The logins attest_owner, attest_app and attest_feed are ready.")
