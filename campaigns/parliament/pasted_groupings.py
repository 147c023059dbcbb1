"""Reads a pasted list of groupings of the Government Whips' Office.

As in: "Group 3 (Duties of care)" or "Duties of care", and below it "262, 262A to 262C, after
Clause 15, 264 (p. 12)". What is no number is kept as it is printed: a stand part debate, a clause.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate

from campaigns.parliament.differences import NUMBER
from campaigns.parliament.ranges import expanded
from evidence.numbers.months import MONTH, MONTHS
from evidence.refusing import Refused

N = NUMBER.pattern
RANGE = re.compile(rf"({N})\s*(?:to|[–—-])\s*({N})", re.IGNORECASE)
GROUP = re.compile(r"group\s+(\d{1,3})\s*[.:,–—-]?\s*(.*)", re.IGNORECASE)
MARKED = re.compile(r"^[\s•*·▪-]+|[*†‡]+|\s*\([^)]*\)\s*$")
AMENDMENTS = re.compile(r"^amendments?\s+", re.IGNORECASE)
DAY = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?"
    rf"({MONTH})\b\.?(?:,?\s+(\d{{4}})\b)?",
    re.IGNORECASE,
)
WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
# A heading may begin with the same words: only with a number, or alone, are they a place.
IN_BILL = (
    rf"(?:(?:clause|schedule)\s+{N}|(?:clauses|schedules)\s+{N}(?:\s*(?:to|and|[–—-])\s*{N})*)"
)
PLACE = re.compile(
    rf"(?:(?:after|before|in)\s+)?{IN_BILL}"
    rf"|(?:(?:the\s+)?(?:question|motion)\s+(?:that|whether)\s+)?(?:{IN_BILL}|(?:the\s+)?schedule)"
    r"(?:\s+as\s+amended)?(?:\s+do(?:es)?(?:\s+not)?)?\s+stands?\s+part"
    r"(?:\s+of\s+the\s+bill|\s+debates?)?"
    rf"|(?:in\s+)?(?:the\s+)?(?:long\s+)?title|lords\s+amendments?\s+{N}(?:\s*(?:to|[–—-])\s*{N})?",
    re.IGNORECASE,
)
NO_NUMBER = 0
ONE_DAY = "paste one day at a time"
IN_A_TITLE = "In a group's title a day may stand after “Group” and its number."


@dataclass(frozen=True, slots=True)
class Group:
    number: int
    title: str
    printed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groupings:
    day: date | None
    groups: tuple[Group, ...]
    left_out: tuple[str, ...] = ()  # lines with nothing below them that stands in a group


def read_groupings(pasted: str) -> Groupings:
    day, groups = None, list[Group]()
    for line in filter(None, (" ".join(each.split()) for each in pasted.splitlines())):
        if named := GROUP.fullmatch(line):
            groups.append(Group(int(named[1]), named[2].strip(" ()")[:200], ()))
        elif places := _places(line):
            _put(places, groups)
        elif days := _days(line):
            day = _only_day(day, days, groups)
        else:
            _head(line.strip(" :–—-")[:200], groups)
    found = tuple(each for each in groups if each.printed)
    if not found:
        raise Refused("No amendment's number is in this: paste the groups as the Whips print them.")
    left_out = (each.title or f"Group {each.number}" for each in groups if not each.printed)
    numbered = tuple(replace(each, number=number) for number, each in _numbered(found))
    return Groupings(day, numbered, tuple(left_out))


def in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _put(places: list[str], groups: list[Group]) -> None:
    """Into the group that they stand below."""
    if not groups:
        groups.append(Group(NO_NUMBER, "", ()))
    printed = dict.fromkeys((*groups[-1].printed, *places))
    groups[-1] = replace(groups[-1], printed=tuple(printed))


def _head(title: str, groups: list[Group]) -> None:
    """The title of a new group, or of the one whose number stands alone on the line above."""
    if groups and not groups[-1].title and not groups[-1].printed:
        groups[-1] = replace(groups[-1], title=title)
    elif title:
        groups.append(Group(NO_NUMBER, title, ()))


def _numbered(groups: Collection[Group]) -> Iterator[tuple[int, Group]]:
    """Their own numbers, and counted on from there, where those are all different; else counted."""
    numbers = (each.number for each in groups)
    own = [*accumulate(numbers, lambda last, number: number or last + 1, initial=0)][1:]
    own = own if len(set(own)) == len(own) else list(range(1, len(own) + 1))
    yield from zip(own, groups, strict=True)


def _days(line: str) -> list[date]:
    """The days that a line names; without a year only a line about the day itself names one."""
    days = list[date]()
    for found in DAY.finditer(line):
        number, month, year = found.groups()
        if year:
            days.append(_day(found[0], int(year), month, int(number)))
        elif WEEKDAY.search(line) or DAY.fullmatch(line):
            raise Refused(f"“{line}” has no year: write it in full, as in: 19 July 2023.")
    return days


def _day(printed: str, year: int, month: str, number: int) -> date:
    try:
        return date(year, [*MONTHS].index(month[:3].casefold()) + 1, number)
    except ValueError:
        raise Refused(f"“{printed}” is no day: write it as in: 19 July 2023.") from None


def _only_day(day: date | None, days: list[date], groups: list[Group]) -> date:
    """Said again on the next page it is the same day; groups of another would be mixed up."""
    known = day or days[0]
    if other := next((each for each in days if each != known), None):
        both = f"{in_words(known)} and {in_words(other)}"
        raise Refused(f"It is for two days, {both}: {ONE_DAY}. {IN_A_TITLE}")
    if day is None and any(each.printed for each in groups):
        raise Refused(
            f"{in_words(known)} stands below groups that are for no day: {ONE_DAY}, with the day "
            f"above its groups. {IN_A_TITLE}"
        )
    return known


def _places(line: str) -> list[str]:
    """All of a line, if it lists amendments and nothing else; a heading lists none."""
    found: list[str] = []
    for part in _parts(AMENDMENTS.sub("", MARKED.sub("", line))):
        printed = MARKED.sub("", part).strip(" .")
        if not printed:
            continue
        if span := RANGE.fullmatch(printed):
            found += expanded(span[1], span[2])
        elif NUMBER.fullmatch(printed) or PLACE.fullmatch(printed):
            found.append(printed[:160])
        else:
            return []
    return list(dict.fromkeys(found))


def _parts(line: str) -> Iterator[str]:
    """Between commas and "and": but Clauses 15 and 16 are one place, and 16 is no amendment."""
    for part in re.split(r"[,;]", line):
        if PLACE.fullmatch(MARKED.sub("", part).strip(" .")):
            yield part
        else:
            yield from re.split(r"\band\b", part)
