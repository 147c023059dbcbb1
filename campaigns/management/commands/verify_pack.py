"""Tell whether a file is a copy of a pack that is still good, in one word."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.verifying import answer_for_file


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a document as it was issued, in any format")

    def handle(self, *_: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            answer = answer_for_file(file)
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.") from problem
        self.stdout.write(answer)
