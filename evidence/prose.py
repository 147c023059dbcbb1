"""Numbers in running text: where they stand, what they print, and which of them no figure bears."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from typing import Protocol

from evidence.numbers.asides import without_asides
from evidence.numbers.intervals import ONE, Interval, point
from evidence.numbers.numerals import ONES, SCALES, TENS
from evidence.numbers.workings import ROUND_FROM, shown
from evidence.printed import (
    DENOMINATORS,
    MULTIPLES,
    OPENINGS,
    Per,
    PrintedNumber,
    Qualifier,
    Unit,
    UnreadableNumber,
    read_number,
)

FURTHEST = 2  # what else a wording stands for ends at half of its number and at twice it
# A fair writer who has 2,400 says more than 2,300, not more than 1,900: such a word reaches a
# tenth of its number, or up to the next number that is printed as closely (more than 3%: below 4%).
REACH = Fraction(1, 10)
REACHING_UP = (Qualifier.OVER, Qualifier.AT_LEAST)
REACHING_DOWN = (Qualifier.UNDER, Qualifier.AT_MOST)
HUNDRED = Fraction(100)
# These compare only with something: twice as many, double the number; not twice a week.
OF_OTHERS = {"double", "treble", "triple", "twice"}
BARE = (Unit.COUNT, Unit.OTHER)


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a text, with its qualifier: `text` stands from `start` to `end`, excluded."""

    start: int
    end: int
    text: str
    number: PrintedNumber


class Figure(Protocol):
    """What a number may bind to: a statistic, or a printed number."""

    @property
    def value(self) -> Decimal | Fraction: ...
    @property
    def unit(self) -> str: ...


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_QUALIFIERS = _any_of(
    phrase for phrase, meaning in OPENINGS.items() if isinstance(meaning, Qualifier)
)
_WORD = rf"(?:{_any_of([*ONES, *TENS, 'hundred', 'thousand', 'million', 'billion', 'trillion'])})"
_SPELLED = rf"(?:a (?=hundred|thousand|million|billion))?{_WORD}(?:(?:[ -]| and ){_WORD}){{0,9}}"
_DIGITS = r"(?:[0-9]{1,3}(?:[,\u00a0\u2009\u202f][0-9]{3}){1,5}|[0-9]{1,18})(?:\.[0-9]{1,9})?"
_NUMERAL = rf"(?:{_DIGITS}(?: ?(?:{_any_of(SCALES)})\b)?|{_SPELLED}\b)"
_SMALL = rf"(?:{_DIGITS}|{_SPELLED})"
_ONE = rf"(?:{_any_of(ONES)})\b"
_FEW = rf"(?:an?|{_any_of(ONES)}|[0-9]{{1,2}})"
_DENOMINATOR = _any_of(DENOMINATORS)
_MORE = r"(?=,? (?:as|bigger|fewer|greater|higher|larger|less|likelier|lower|more|that|the)\b)"
_OF = rf"(?:in (?:every )?|out of (?:the |every )?|of the (?={_ONE}))"
_NO_PART = r"(?! ?%| per ?cent|[0-9,.]*[0-9])"
_AFTER_HALF = "a|all|are|had|have|her|his|is|its|of|our|said|the|their|these|those|was|were"
_PERCENT = r"[- ]?(?:percentage[- ]points?|per ?cent(?:age points?)?|pp|pc)\b| ?%(?: points?\b)?"
# The first that fits is taken.
_SHAPES = [
    rf"{_SMALL} {_OF}{_SMALL}{_NO_PART}\b",
    rf"{_FEW}[- ](?:{_DENOMINATOR})\b(?![- ](?:{_DENOMINATOR}))",
    r"(?<![0-9])[1-9]/(?:[2-9]|10|12|20)(?![0-9/])|[½⅓⅔¼¾⅕⅒]",
    rf"{_NUMERAL} and a half(?: (?:{_any_of(SCALES)}))?\b|half a (?:million|billion)\b",
    rf"(?:{_any_of(MULTIPLES.keys() - OF_OTHERS)}|halving|trebling)\b",
    rf"(?:{_any_of(OF_OTHERS)})(?= (?:as|that|the)\b)",
    rf"half\b(?=[,.;:]| (?:{_AFTER_HALF})\b)",
    rf"{_NUMERAL} times{_MORE}|{_SMALL}[- ]?fold\b",
    rf"every {_SMALL} (?:minutes|hours|days)\b",
    rf"{_SMALL} (?:an?|per|each|every) (?:hour|day|week|month|year)\b",
    rf"[£$€] ?{_NUMERAL}|{_NUMERAL}(?:{_PERCENT}| pounds\b)?",
]
_NUMBER = re.compile(
    rf"(?<![\w£$€.,/])(?:(?P<qualifier>{_QUALIFIERS}) )?(?P<core>{'|'.join(_SHAPES)})"
    r"(?: or (?:more|fewer|less)\b|\+)?(?!\w)",
    re.IGNORECASE,
)
_PER = re.compile(
    r"(?:[- ][a-z’'-]+){1,7} (?:an?|per|each|every) (?P<per>hour|day|week|month|year)\b"
    r"|(?P<of_many> (?:[a-z]+ ){0,3}per _)",
    re.IGNORECASE,
)
_RANGE = re.compile(r" ?[-–] ?| (?:to|or|and) ")
_SUFFIX = re.compile(r" ?(?:%|per ?cent|pp|million|billion|bn|m|thousand).*$", re.IGNORECASE)
_ALONE = {"one", "zero"}  # more often a pronoun, and "zero tolerance"


def numbers_in(text: str) -> list[Found]:
    """The numbers that say how many or how much, in their order.

    Dates, years, clock times, durations, ordinals, ages, addresses, and the numbers of clauses,
    Bills and list items are none; nor is a small count of what was named before, "the four forces".
    """
    found = list(_scan(text, without_asides(text)))
    followed = zip_longest(found, found[1:])
    return [_with_unit_of_its_range(each, after, text) for each, after in followed]


def unbound(text: str, figures: Iterable[Figure]) -> list[Found]:
    """The numbers in the text that none of the figures bears out.

    A figure bears out a number of its own unit if it lies within what the wording stands for:
    33.08% bears out "a third", 43% does not bear out "two-fifths". "More than" and its like bear on
    what a fair writer would say so, not on all that is more. A rise and a fall count by size.
    """
    known = [(Unit(each.unit), abs(Fraction(each.value))) for each in figures]
    return [
        each
        for each in numbers_in(text)
        if not any(_bears_out(unit, value, each.number) for unit, value in known)
    ]


def reach(number: PrintedNumber) -> list[tuple[Unit, Fraction, Fraction]]:
    """In each unit the least and the greatest size of figures that may bear it out; none beyond."""
    meant, size = _meant(number), abs(number.value)
    away = max(REACH * size, _step(number))
    fair = (size - away, size + away) if _reaches(number) else (size / FURTHEST, size * FURTHEST)
    low = max(min(meant.low, size), fair[0])
    high = min(max(meant.high, size), fair[1])
    if number.unit in BARE:
        return [(unit, low, high) for unit in BARE]
    ends = [(number.unit, low, high)]
    if number.unit is Unit.PERCENT:
        ends.append((Unit.FRACTION, low / HUNDRED, high / HUNDRED))
    elif number.unit is Unit.FRACTION:
        ends.append((Unit.PERCENT, low * HUNDRED, high * HUNDRED))
    return ends


def strained(found: Found, figures: Iterable[Figure]) -> str:
    """Why a word such as "more than" does not stretch to a figure beyond it; else nothing.

    Told of the nearest figure that it is true of, though nobody would put it so.
    """
    number = found.number
    known = ((Unit(each.unit), abs(Fraction(each.value))) for each in figures)
    values = [_as_measured(unit, value, number) for unit, value in known]
    size = abs(number.value)
    true = [value for value in values if value is not None and _meant(number).holds(value)]
    if number.qualifier not in REACHING_UP + REACHING_DOWN or not true:
        return ""
    nearest = min(true, key=lambda value: abs(value - size))
    way = "above" if number.qualifier in REACHING_UP else "below"
    return f"{shown(nearest, number.unit)} is too far {way} it to be told so: name a nearer number."


def _bears_out(unit: Unit, value: Fraction, number: PrintedNumber) -> bool:
    measured = _as_measured(unit, value, number)
    if measured is None:
        return False
    size = abs(number.value)
    if measured == size:
        return True
    return _meant(number).holds(measured) and _is_fairly_said(measured, size, number)


def _as_measured(unit: Unit, value: Fraction, number: PrintedNumber) -> Fraction | None:
    """The value in the number's unit; None if the two measure different things."""
    if unit is number.unit or (unit in BARE and number.unit in BARE):
        return value
    if {unit, number.unit} != {Unit.PERCENT, Unit.FRACTION}:
        return None
    return value / HUNDRED if unit is Unit.PERCENT else value * HUNDRED


def _is_fairly_said(value: Fraction, size: Fraction, number: PrintedNumber) -> bool:
    if not _reaches(number):
        return value <= FURTHEST * size and size <= FURTHEST * value
    beyond = abs(value - size)
    return beyond <= REACH * size or beyond < _step(number)


def _reaches(number: PrintedNumber) -> bool:
    return number.qualifier in REACHING_UP + REACHING_DOWN


def _step(number: PrintedNumber) -> Fraction:
    """Closing zeros are no closeness of print: after more than 1,000 comes more than 1,100."""
    return ONE if number.unit is Unit.MULTIPLE else min(number.step, ONE)


def _meant(number: PrintedNumber) -> Interval:
    """What the wording stands for; a bare round count is rounded to a tenth of itself at most."""
    size = replace(number, value=abs(number.value))
    if number.may_be_rounded and size.value < ROUND_FROM:
        return point(size.value)
    if number.unit is Unit.COUNT and size.step > 1:
        size = replace(size, step=min(size.step, size.value / 10))
    return size.interval()


def _scan(text: str, visible: str) -> Iterator[Found]:
    at = 0
    while match := _NUMBER.search(visible, at):
        found = _read(match, text, visible)
        at = found.end if found else match.end("core")
        if found:
            yield found


def _read(match: re.Match[str], text: str, visible: str) -> Found | None:
    """The longest number at this place that can be read, or None where it is only a word."""
    if not match["qualifier"] and match[0].casefold() in _ALONE:
        return None
    start, end = match.span()
    cuts = [start + cut.start() for cut in re.finditer(r"[ -]", match[0])]
    for stop in (end, *reversed(cuts)):
        words = text[start:stop]
        try:
            number = read_number(_plainer(words))
        except UnreadableNumber:
            continue
        return Found(start, stop, words, _rate(replace(number, text=words), visible[stop:]))
    return None


def _plainer(words: str) -> str:
    """The same number in words that are read: two and a half million as 2.5 million."""
    lowered = words.casefold()
    if match := re.search(r"(\S+) and a half", lowered):
        whole = read_number(match[1]).value
        return lowered.replace(match[0], f"{whole}.5")
    if re.search(r"\bhalf a [mb]illion", lowered):
        return lowered.replace("half a", "0.5")
    return lowered.replace("halving", "halved").replace("trebling", "trebled")


def _rate(number: PrintedNumber, following: str) -> PrintedNumber:
    """The number as a rate, where the words after it make it one: six offences a day."""
    match = _PER.match(following)
    if not match or number.unit not in BARE:
        return number
    return replace(number, unit=Unit.RATE, per=Per(match["per"].lower()) if match["per"] else None)


def _with_unit_of_its_range(each: Found, after: Found | None, text: str) -> Found:
    """The first number of 10 to 15% is a percentage too."""
    if after is None or each.number.unit not in BARE or after.number.unit in BARE:
        return each
    suffix = _SUFFIX.search(after.text)
    if not suffix or not _RANGE.fullmatch(text[each.end : after.start]):
        return each
    try:
        number = read_number(each.text + suffix[0])
    except UnreadableNumber:
        return each
    return replace(each, number=replace(number, text=each.text))
