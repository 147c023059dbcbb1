"""Packs made at random: every part of every file holds what is shown and nothing else."""

import tempfile
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from django.conf import settings

from campaigns.briefing import Briefing
from campaigns.briefing.interchange import to_data
from campaigns.building import printed
from evidence.refusing import Refused
from tests.prove.opened_files import opened, words_in
from tests.prove.pack_world import CANARY, any_pack, as_printed, pool

pytestmark = [pytest.mark.long, pytest.mark.django_db]

PACKS = 100
FORMATS = ("pdf", "docx", "html", "txt", "json")
# What a page says beside the briefing's own words.
FIXED = words_in(
    "Page of Notes Note Member’s explanatory statement May be read in the Chamber in exactly these "
    "words. Background only: do not quote or forward. and (n) Back to reference. This chart’s "
    "figures"
)
PLACES = (str(settings.BASE_DIR), str(settings.VAR), tempfile.gettempdir() + "/", "/home/")


@pytest.mark.slow
def test_a_hundred_packs_hold_only_what_they_show() -> None:
    holds_only_what_is_shown(range(PACKS))


def test_three_packs_hold_only_what_they_show() -> None:
    holds_only_what_is_shown(range(3))


def holds_only_what_is_shown(numbers: range) -> None:
    world = pool()
    shown: set[str] = set()
    for number in numbers:
        pack = any_pack(world, number)
        briefing = as_printed(pack, number)
        shown |= {block["kind"] for block in to_data(briefing)["blocks"]}
        for format in FORMATS:
            if content := _made(briefing, format, pack.updated_at):
                assert _complaints(briefing, format, content) == [], (number, format)
    if len(numbers) == PACKS:  # a walk past nothing would prove nothing
        assert {"testimony_box", "amendment_block", "quotation", "chart", "asks"} <= shown


def _made(briefing: Briefing, format: str, at: Any) -> bytes:
    """Nothing where one side of A4 does not hold it: it is refused then, as a PDF alone."""
    if briefing.layout == "one_page" and format == "pdf":
        with suppress(Refused):
            return printed(briefing, format, timestamp=at)
        return b""
    return printed(briefing, format, timestamp=at)


def _complaints(briefing: Briefing, format: str, content: bytes) -> list[str]:
    found = opened(format, content)
    everything = "\n".join(found.texts)
    leaks = [f"holds {each}" for each in (CANARY, *PLACES) if each in everything.casefold()]
    own = FIXED | _words_of(briefing)
    unknown = [] if format == "json" else sorted(filter(partial(_is_strange, own), found.words))
    return [*leaks, *sorted(found.strange), *unknown]


def _is_strange(known: set[str], word: str) -> bool:
    """A raised number stands close to its word, so that a PDF gives the two as one."""
    parted = ((word[:-digits], word[-digits:]) for digits in (1, 2))
    return word not in known and not any({*each} <= known for each in parted)


def _words_of(briefing: Briefing) -> set[str]:
    said = words_in(" ".join(_strings(to_data(briefing))))
    numbers = {str(number) for number in range(1, len(briefing.notes) + 30)}
    return said | numbers | words_in(briefing.printed_date)


def _strings(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [each for value in data.values() for each in _strings(value)]
    if isinstance(data, list):
        return [each for value in data for each in _strings(value)]
    return [str(data)]
