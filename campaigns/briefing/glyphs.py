"""Which characters our fonts can print, and where in a briefing one stands that they cannot."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fontTools.ttLib import TTFont

from campaigns.briefing.blocks import Briefing

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Source Sans 3"
# Controls, formatting and bidirectional marks, surrogates, private use, line and paragraph ends:
# whatever a font says of them, a reader cannot see them, so nobody could check them in print.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class Unprintable(NamedTuple):
    position: int
    character: str
    name: str


class UnprintableText(ValueError):
    """A text holds a character that our fonts cannot print; the message says where."""

    def __init__(self, place: str, found: Unprintable) -> None:
        self.place = place
        self.found = found
        code = f"U+{ord(found.character):04X}"
        super().__init__(
            f"{place}: character {found.position + 1} ({code} {found.name}) cannot be printed."
        )


@cache
def printable_characters() -> frozenset[str]:
    """What every one of our fonts has, so that emphasis never loses a character."""
    maps = (TTFont(path, lazy=True).getBestCmap() for path in sorted(FONTS.glob("*.ttf")))
    shared = frozenset[int].intersection(*(frozenset(held) for held in maps))
    return frozenset(c for c in map(chr, shared) if unicodedata.category(c) not in UNSEEN)


def unprintable(text: str) -> list[Unprintable]:
    """The characters of a text that cannot be printed, with their places and Unicode names."""
    held = printable_characters()
    return [
        Unprintable(position, character, unicodedata.name(character, f"U+{ord(character):04X}"))
        for position, character in enumerate(text)
        if character not in held
    ]


def refuse_unprintable(briefing: Briefing) -> None:
    for place, text in texts(briefing):
        for found in unprintable(text):
            raise UnprintableText(place, found)


def texts(briefing: Briefing) -> Iterator[tuple[str, str]]:
    """Every text of a briefing with its place, in words that lead a curator there."""
    for field in fields(briefing):
        value = getattr(briefing, field.name)
        if field.name == "blocks":
            for number, block in enumerate(value, 1):
                yield from _texts(block, f"Block {number} ({_spoken(type(block).__name__)})")
        else:
            yield from _texts(value, _spoken(field.name).capitalize())


def _texts(part: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield place, part
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from _texts(value, f"{place}, {key}")
    elif isinstance(part, tuple | list):
        for number, item in enumerate(part, 1):
            yield from _texts(item, f"{place} {number}")
    elif is_dataclass(part):
        for field in fields(part):
            yield from _texts(getattr(part, field.name), f"{place}, {_spoken(field.name)}")


def _spoken(name: str) -> str:
    """Code's name for a part as one says it: KeyFigures and key_figures are "key figures"."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).replace("_", " ").strip()
