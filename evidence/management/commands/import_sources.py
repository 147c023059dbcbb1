"""Bring sources in from a CSL-JSON, RIS or BibTeX file; unless --write, only show it."""

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.bibliography.entries import Format
from evidence.bibliography.importing import Preview, bring_in, preview
from evidence.refusing import Refused


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=[each.value for each in Format], help="else told")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="whose drafts they are")
        parser.add_argument("--write", action="store_true", help="write what is new as drafts")
        parser.add_argument(
            "--also", nargs="+", type=int, default=[], metavar="N",
            help="entries to write although they look like duplicates, by the number shown",
        )  # fmt: skip

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            by = User.objects.get(username=options["by"], is_active=True)
            shown = preview(options["file"].read_bytes(), options["format"])
            self._show(shown)
            if options["write"]:
                chosen = {*shown.new, *(number - 1 for number in options["also"])}
                for source in bring_in(shown, chosen, by=by):
                    self.stdout.write(f"Written as a draft: {source.key}")
            else:
                self.stdout.write("Nothing is written: add --write to bring in what is new.")
        except User.DoesNotExist:
            raise CommandError(f"There is no active user “{options['by']}”.") from None
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def _show(self, shown: Preview) -> None:
        known = {match.position: match.reason for match in shown.duplicates}
        for position, entry in enumerate(shown.entries):
            standing = f"not written. {known[position]}" if position in known else "new"
            self.stdout.write(f"{position + 1}. {entry.title}: {standing}")
        for sentence in shown.unreadable:
            self.stdout.write(f"Unreadable: {sentence}")
        self.stdout.write(
            f"{len(shown.new)} new, {len(known)} known, {len(shown.unreadable)} unreadable."
        )
