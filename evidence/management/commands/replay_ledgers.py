"""After a restore: withdraw and erase again what was, since the backup was made."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evidence.erasing import NotFinished
from evidence.refusing import Refused
from evidence.replaying import replay


class Command(BaseCommand):
    help = "Tell a restored database what was withdrawn and erased after its backup."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sentences = replay()
        except (Refused, NotFinished) as refusal:
            raise CommandError(str(refusal)) from refusal
        for sentence in sentences:
            self.stdout.write(sentence)
        self.stdout.write("The database knows all that the ledger beside the keys knows.")
