"""How the Lords and the Commons print an amendment, from its structured lines; no database here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal, Protocol

type Chamber = Literal["lords", "commons"]

STEP = " " * 4  # for one level of indentation, in plain text
STATEMENT = "Member's explanatory statement"
# "(1)", "(a)", "“(2A)" or "“3A (1)", as a printed line opens; the words hang to the right of it.
MARKER = re.compile(r"([“\"]{0,2}(?:[0-9]{1,3}[A-Z]{0,3} )?\([0-9a-zA-Z]{1,4}\))\s+(.*)", re.DOTALL)
# "“3A" without brackets numbers a paragraph of a Schedule, but opens a heading as well: only a line
# that is known to hang is cut there.
BARE_MARKER = re.compile(r"([“\"]{0,2}[0-9]{1,3}[A-Z]{0,3}\.?)\s+(.*)", re.DOTALL)
OPENS_A_PROVISION = re.compile(r"(?:following|new) (?:Clause|Schedule)\s*[—–-]\s*$", re.IGNORECASE)
OPENS_QUOTED_WORDS = re.compile(r"(?:insert|substitute)\s*[—–-]\s*$", re.IGNORECASE)
ENDS_A_SENTENCE = re.compile(r"[.,;:—–”\"-]\s*$")


class Structured(Protocol):
    """A line as it is held: its words, how far in it stands, whether later lines hang."""

    @property
    def text(self) -> str: ...
    @property
    def indent(self) -> int: ...
    @property
    def hanging(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Line:
    """A structured line outside the database."""

    text: str
    indent: int = 0
    hanging: bool = False


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line on paper: its marker hangs out at its level, a provision's heading stands in bold."""

    text: str
    level: int = 0
    marker: str = ""
    heading: bool = False

    def __str__(self) -> str:
        return STEP * self.level + " ".join(filter(None, (self.marker, self.text)))


@dataclass(frozen=True, slots=True)
class Tabled:
    """What a marshalled list or amendment paper prints of one amendment, the first name leading."""

    house: Chamber
    lines: tuple[Structured, ...]
    number: str = ""
    place: str = ""
    names: tuple[str, ...] = ()
    explanatory_statement: str = ""


def printed(amendment: Tabled) -> str:
    """The whole of it in plain text: names first, then number and text, then the statement."""
    return "\n".join(_paper(amendment))


def printed_names(house: Chamber | str, names: Sequence[str]) -> tuple[str, ...]:
    """The Lords print names in capitals, the Commons as they are written."""
    return tuple(names) if house == "commons" else tuple(name.upper() for name in names)


def place_above(place: str, lines: Sequence[Structured]) -> str:
    """Where it goes in the bill, if that is printed on a line of its own.

    It is not where the first line says it already, or goes on from it: "at end insert".
    """
    if not lines or not place:
        return place
    opening = lines[0].text
    return "" if opening.startswith(place) or opening[:1].islower() else place


def printed_lines(place: str, lines: Sequence[Structured]) -> tuple[PrintedLine, ...]:
    """The text, the place in front of a first line that goes on from it."""
    texts = [line.text.strip() for line in lines]
    if place and texts and texts[0][:1].islower():
        texts[0] = f"{place}, {texts[0]}"
    beside = zip_longest(lines, texts, ["", *texts[:-1]], texts[1:], fillvalue="")
    return tuple(
        _printed(line, text, before, after)
        for line, text, before, after in beside
        if not isinstance(line, str)
    )


def _paper(amendment: Tabled) -> Iterator[str]:
    yield from printed_names(amendment.house, amendment.names)
    if above := place_above(amendment.place, amendment.lines):
        yield above
    first, *others = printed_lines(amendment.place, amendment.lines) or (PrintedLine(""),)
    yield f"{_label(amendment)}{first}".rstrip()
    yield from map(str, others)
    if amendment.explanatory_statement:
        yield STATEMENT
        yield amendment.explanatory_statement


def _label(amendment: Tabled) -> str:
    """97: in the Lords; NC1 in the Commons, where the number stands beside the text."""
    if not amendment.number:
        return ""
    return f"{amendment.number}{' ' if amendment.house == 'commons' else ': '}"


def _printed(line: Structured, text: str, before: str, after: str) -> PrintedLine:
    if marked := MARKER.fullmatch(text) or (line.hanging and BARE_MARKER.fullmatch(text)):
        return PrintedLine(marked[2], line.indent, marker=marked[1])
    return PrintedLine(text, line.indent, heading=_is_heading(text, before, after))


def _is_heading(text: str, before: str, after: str) -> bool:
    """After words that open a provision; of quoted words, only those above a numbered line."""
    if OPENS_A_PROVISION.search(before):
        return True
    opened = OPENS_QUOTED_WORDS.search(before) and not ENDS_A_SENTENCE.search(text)
    return bool(opened and MARKER.fullmatch(after))
