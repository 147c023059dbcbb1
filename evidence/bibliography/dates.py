"""Dates as far as they are printed: a full one, or "September 2018", or "Spring 2018"."""

import re
from dataclasses import dataclass
from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

_MONTH = "|".join(f"{name[:3]}[a-z]*" for name in MONTHS)
_YEAR = "(?P<year>[12][0-9]{3})"
# The tail is a time of day, or the words that RIS allows after the day.
_NUMBERS = re.compile(
    rf"{_YEAR}(?:[-/.](?P<month>[0-9]{{0,2}})(?:[-/.](?P<day>[0-9]{{0,2}})(?P<tail>[T/ ].*)?)?)?"
)
_WORDS = re.compile(
    rf"(?:(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? )?(?P<month>{_MONTH})\.?,? {_YEAR}", re.IGNORECASE
)
_AMERICAN = re.compile(
    rf"(?P<month>{_MONTH})\.? (?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?, {_YEAR}", re.IGNORECASE
)


class NoSuchDate(ValueError):
    """The text is laid out as a date that no calendar has."""


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """`on` is the full date, if it is known; else `label` says as much as is known."""

    on: date | None = None
    label: str = ""

    @property
    def parts(self) -> list[int]:
        """Year, month and day as far as they are numbers; a label in other words has none."""
        if self.on:
            return [self.on.year, self.on.month, self.on.day]
        words = self.label.split(" ")
        if len(words) == 2 and words[0] in MONTHS and re.fullmatch(_YEAR, words[1]):
            return [int(words[1]), MONTHS.index(words[0]) + 1]
        return [int(self.label)] if re.fullmatch(_YEAR, self.label) else []


UNDATED = PrintedDate()


def read_date(text: str) -> PrintedDate:
    """The date that the text prints; in words that are no date, it is a label as it stands."""
    text = " ".join(text.split())
    match = _NUMBERS.fullmatch(text) or _WORDS.fullmatch(text) or _AMERICAN.fullmatch(text)
    if not match:
        return PrintedDate(label=text)
    month, day = match["month"] or "", match["day"] or ""
    parts = [match["year"], month if month.isdecimal() or not month else _number(month), day]
    known = [int(part) for part in parts if part]
    if match.re is _NUMBERS and len(known) < 3 and (rest := (match["tail"] or "").strip("/ ")):
        return PrintedDate(label=rest if match["year"] in rest else f"{rest} {match['year']}")
    if len(known) == 2 and known[1] > 12:  # 2016/17 is a year of its own kind
        return PrintedDate(label=text)
    return from_parts(known)


def from_parts(parts: list[int]) -> PrintedDate:
    match parts:
        case [year, month, day]:
            try:
                return PrintedDate(on=date(year, month, day))
            except (ValueError, OverflowError):
                raise NoSuchDate(f"{year}-{month:02}-{day:02}") from None
        case [year, month] if 1 <= month <= 12:
            return PrintedDate(label=f"{MONTHS[month - 1]} {year}")
        case [year]:
            return PrintedDate(label=str(year))
    raise NoSuchDate("-".join(str(part) for part in parts))


def _number(month: str) -> str:
    return str(next(n for n, name in enumerate(MONTHS, 1) if name[:3] == month[:3].capitalize()))
