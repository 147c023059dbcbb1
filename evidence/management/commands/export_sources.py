"""Write the sources as a CSL-JSON, RIS or BibTeX file, for Zotero and other people's tools."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.bibliography.entries import Format
from evidence.bibliography.writing import write
from evidence.models import ReviewState, Source


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        formats = [each.value for each in Format]
        parser.add_argument("--format", choices=formats, default=Format.CSL_JSON.value)
        parser.add_argument("--output", type=Path, metavar="FILE", help="else to the screen")

    def handle(self, *_: Any, **options: Any) -> None:
        in_use = Source.objects.exclude(review_state=ReviewState.RETIRED)
        data = write(in_use.select_related("publisher").order_by("key"), options["format"])
        if not options["output"]:
            self.stdout.write(data.decode(), ending="")
            return
        try:
            options["output"].write_bytes(data)
        except OSError as error:
            raise CommandError(
                f"{options['output']} cannot be written: {error.strerror}."
            ) from error
