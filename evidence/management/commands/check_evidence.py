"""Recompute every claim, and tell what follows from the figures and where they disagree."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.check_report import Item, Report, UnknownSource, report


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", default="text", choices=["text", "json"])
        parser.add_argument(
            "--without",
            action="append",
            default=[],
            metavar="SOURCE",
            help="recompute as if this source were not there, and write nothing; repeat it",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            found = report(options["without"])
        except UnknownSource as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self.stdout.write(as_table(found))


def as_table(found: Report) -> str:
    claims = [(each["verdict"], each["id"], each["reason"]) for each in found["claims"]]
    derived = [(each["status"], _where(each), each["working"]) for each in found["derived"]]
    conflicts = [(each["kind"], each["wording"], "") for each in found["conflicts"]]
    gaps = [("gap", each["wording"], each["reason"]) for each in found["gaps"]]
    sections = {"Claims": claims, "Derived": derived, "Conflicts": conflicts, "Gaps": gaps}
    return "\n\n".join(_section(heading, rows) for heading, rows in sections.items())


def _where(item: Item) -> str:
    return f"{item['area']}, {item['period']}"


def _section(heading: str, rows: list[tuple[str, str, str]]) -> str:
    width = max((len(first) for first, _, _ in rows), default=0)
    lines = [
        f"  {first.replace('_', ' '):<{width}}  {': '.join(filter(None, rest))}"
        for first, *rest in rows
    ]
    return "\n".join([f"{heading} ({len(rows)})", *(lines or ["  none"])])
