"""`manage.py dead_letters`: lists tasks that failed for good, and has one tried anew."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from config.models import DeadLetter
from config.worker import dead_letters


class Command(BaseCommand):
    help = "List the tasks that failed on their last try and were not replayed yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--replay", type=int, metavar="ID", help="Have this one tried anew.")

    def handle(self, *, replay: int | None, **_: object) -> None:
        if replay is None:
            self._list()
        else:
            self._replay(replay)

    def _list(self) -> None:
        for letter in DeadLetter.objects.waiting():
            self.stdout.write(f"{letter.pk}  {letter.failed_at:%Y-%m-%d %H:%M}  {letter}")

    def _replay(self, letter_id: int) -> None:
        try:
            result = dead_letters.replay(letter_id)
        except dead_letters.NotReplayable as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Dead letter {letter_id} is tried anew as task {result.id}.")
