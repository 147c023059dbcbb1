"""Build a preview of a briefing pack, with what was left out of it and why."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.building import build
from campaigns.models import Pack, PackFormat
from campaigns.packs import Composition
from evidence.refusing import Refused


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?", help="which pack, as --list names it")
        parser.add_argument("--list", action="store_true", help="name every pack, and stop")
        parser.add_argument("--format", default="pdf", choices=PackFormat.values)
        parser.add_argument("--output", type=Path, help="the file to write")

    def handle(self, *_: Any, **options: Any) -> None:
        slug, output = options["slug"], options["output"]
        if options["list"]:
            self._list()
        elif slug and output:
            self._build(slug, options["format"], output)
        else:
            raise CommandError("Name a pack and a file: SLUG --output FILE.", returncode=2)

    def _build(self, slug: str, format: str, output: Path) -> None:
        try:
            content, composition = build(pack_called(slug), format)
            output.write_bytes(content)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as problem:
            raise CommandError(f"{output} cannot be written: {problem.strerror}.") from problem
        self._report(composition)
        self.stdout.write(f"Wrote {output}, a preview: nothing is issued by it.")

    def _list(self) -> None:
        for pack in Pack.objects.order_by("slug"):
            state = pack.get_review_state_display().lower()
            self.stdout.write(f"{pack.slug}: {pack.title} ({pack.used_on}, {state})")

    def _report(self, composition: Composition) -> None:
        for sentence in (*composition.refusals, *composition.warnings):
            self.stderr.write(sentence)


def pack_called(slug: str) -> Pack:
    pack: Pack | None = Pack.objects.select_related("stage__bill").filter(slug=slug).first()
    if pack is None:
        raise Refused(f"There is no pack “{slug}”: build_pack --list names them all.")
    return pack
