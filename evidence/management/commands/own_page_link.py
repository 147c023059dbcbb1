"""Print a link to a contributor's own page, as for a letter."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.models import Contributor, LinkFor
from evidence.own_page.links import make_link
from evidence.refusing import Refused


class Command(BaseCommand):
    help = "Make a link to a contributor's own page and print it: it is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("contributor", type=UUID, help="the contributor's id")
        parser.add_argument(
            "--parent", action="store_true", help="for a holder of parental responsibility"
        )

    def handle(self, *args: Any, contributor: UUID, parent: bool, **options: Any) -> None:
        found = Contributor.objects.filter(pk=contributor).first()
        if found is None:
            raise CommandError("There is no contributor with that id.")
        made_for = LinkFor.PARENT if parent else LinkFor.CONTRIBUTOR
        try:
            self.stdout.write(make_link(found, made_for, by=None))
        except Refused as refused:
            raise CommandError(str(refused)) from None
