"""Erase somebody who told us what happened: withdraw everything, and destroy what we hold."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence import erasing
from evidence.models import Contributor
from evidence.refusing import Refused


class Command(BaseCommand):
    help = "Withdraw everything that a contributor gave, and destroy it unless a hold stands."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("contributor", type=UUID, help="The contributor's id.")

    def handle(self, *args: Any, contributor: UUID, **options: Any) -> None:
        found = Contributor.objects.filter(pk=contributor).first()
        if found is None:
            raise CommandError(f"There is no contributor {contributor}.")
        try:
            request = erasing.ask_for_erasure(found, by=None)
            self.stdout.write(erasing.what_became_of(request))
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
