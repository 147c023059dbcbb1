"""Withdraw a consent, or one thing that it permits; what rests on it is called back at once."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence import consenting
from evidence.models import Consent, RecallTask
from evidence.refusing import Refused


class Command(BaseCommand):
    help = "Withdraw a consent: whole, or for one scope."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("record_id", type=UUID, help="The consent record's id.")
        parser.add_argument(
            "--scope",
            metavar="PURPOSE:AUDIENCE:CHANNEL",
            help="Only this, as in public_awareness:public:website_feed.",
        )

    def handle(self, *args: Any, record_id: UUID, scope: str | None, **options: Any) -> None:
        consent = Consent.objects.filter(pk=record_id).first()
        if consent is None:
            raise CommandError(f"There is no consent record {record_id}.")
        try:
            self._withdraw(consent, scope)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        tasks = RecallTask.objects.filter(use__consent=consent, closed_at=None).count()
        self.stdout.write(f"Withdrawn. Copies to call back: {tasks}.")

    def _withdraw(self, consent: Consent, scope: str | None) -> None:
        if scope is None:
            consenting.withdraw(consent)
            return
        parts = scope.split(":")
        if len(parts) != 3:
            raise CommandError("Write the scope as purpose:audience:channel.", returncode=2)
        purpose, audience, channel = parts
        consenting.withdraw_scope(consent, purpose=purpose, audience=audience, channel=channel)
