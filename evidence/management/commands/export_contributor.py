"""Everything held about one contributor, opened, as JSON: for an access request."""

import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.disclosing import everything_about, plain
from evidence.models import Contributor
from evidence.refusing import Refused


class Command(BaseCommand):
    help = "Print all that is held about a contributor. It is written down that somebody did."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("contributor", type=UUID, help="The contributor's id.")
        parser.add_argument("--output", type=Path, help="A new file, readable by you alone.")

    def handle(self, *args: Any, contributor: UUID, output: Path | None, **options: Any) -> None:
        found = Contributor.objects.filter(pk=contributor).first()
        if found is None:
            raise CommandError(f"There is no contributor {contributor}.")
        try:
            told = everything_about(found)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        text = json.dumps(told, indent=2, ensure_ascii=False, default=plain) + "\n"
        if output is None:
            self.stdout.write(text, ending="")
            return
        _write_new(output, text)
        self.stdout.write(f"Written to {output}: delete it once it was handed over.")


def _write_new(path: Path, text: str) -> None:
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CommandError(f"Cannot write {path} ({error.strerror}): name a new file.") from error
    with open(file, "w", encoding="utf-8") as opened:  # noqa: PTH123 - opened with its rights above
        opened.write(text)
