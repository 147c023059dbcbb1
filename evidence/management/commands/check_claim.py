"""Check one claim from the command line: does the printed figure follow from its inputs?"""

import json
import re
from dataclasses import fields
from enum import StrEnum
from itertools import pairwise
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evidence.arithmetic import ClaimType, Direction, check
from evidence.calculator import ClaimTexts, UnreadableField, answer, read_claim
from evidence.printed import Per, Qualifier

NUMBERS = {
    "stated": "the figure under test: '43%%', 'almost four'; for direction_only, up or down",
    "to": "the later figure of a change, the part of a share, the count of a rate",
    "total": "the whole of a share, the total of a sum",
    "parts": "what is added up, as '1,437; 1,458'",
    "days": "the days that a rate's count covers",
    "base": "how many a percentage is of, to test whether it is possible at all",
}
WORDS: dict[str, type[StrEnum]] = {"qualifier": Qualifier, "per": Per, "direction": Direction}


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []  # nothing here touches the database

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("type", choices=[each.value for each in ClaimType])
        for name, meaning in NUMBERS.items():
            parser.add_argument(f"--{name}", default="", help=meaning)
        parser.add_argument("--from", default="", dest="from_", help="the earlier figure")
        parser.add_argument("--part", action="append", default=[], help="one part; repeat it")
        parser.add_argument("--weighted", action="store_true", help="the base is weighted")
        for name, words in WORDS.items():
            parser.add_argument(f"--{name}", default="", choices=[each.value for each in words])
        parser.add_argument("--format", default="text", choices=["text", "json"])

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(_with_negatives_attached(argv))

    def handle(self, *_: Any, **options: Any) -> None:
        texts = ClaimTexts(**{each.name: options[each.name] for each in fields(ClaimTexts)})
        try:
            claim = read_claim(ClaimType(options["type"]), texts)
        except UnreadableField as error:
            raise CommandError(f"--{error.field}: {error}") from error
        finding = check(claim)
        if options["format"] == "json":
            self.stdout.write(json.dumps(answer(finding), ensure_ascii=False))
        else:
            self.stdout.write(f"{finding.verdict}: {finding.reason}")


def _with_negatives_attached(argv: list[str]) -> list[str]:
    """Join --stated and -24.2% with an equals sign: argparse takes the second for an option."""
    joined = argv[:1]
    for previous, word in pairwise(argv):
        if previous.startswith("--") and "=" not in previous and re.match(r"-[0-9.£$€]", word):
            joined[-1] = f"{previous}={word}"
        else:
            joined.append(word)
    return joined
