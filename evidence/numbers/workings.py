"""Recomputing a claim from printed inputs: its value, what their rounding allows, and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evidence.numbers.intervals import ZERO, Interval, point, total
from evidence.numbers.quantities import NAMES, Per, PrintedNumber, Unit

DAYS = {Per.HOUR: Fraction(1, 24), Per.DAY: Fraction(1), Per.WEEK: Fraction(7)}
APART_IN_A_DAY = {Per.MINUTES_APART: 24 * 60, Per.HOURS_APART: 24, Per.DAYS_APART: 1}
HUNDRED = Fraction(100)
PLACES = {Unit.PERCENT: 2, Unit.PERCENTAGE_POINT: 2}
SUFFIX = {Unit.PERCENT: "%", Unit.PERCENTAGE_POINT: " percentage points", Unit.MULTIPLE: " times"}
# Below this a bare count is taken at its word: few round 204 to 200 without saying so.
ROUND_FROM = 1000


class NotTestable(Exception):
    """One sentence that says why nothing can be recomputed."""


@dataclass(frozen=True, slots=True)
class Working:
    """A recomputed claim.

    `value` comes from the inputs as printed, `range` from all that they may stand for; both are in
    `unit` (percentages as their numbers). `phrase` is the working in words, without a full stop.
    `aside` is the same change measured the other way, and the words for that.
    """

    value: Fraction
    range: Interval
    unit: Unit
    phrase: str
    aside: tuple[Interval, str] | None = None


def percent_change(
    before: PrintedNumber, after: PrintedNumber, *, as_rounded: bool = False
) -> Working:
    _same_unit([before, after])
    start, end = ranges([before, after], as_rounded=as_rounded)
    if before.value <= 0 or start.low <= 0:
        base = "zero" if before.value == 0 else f"{before.text}, which may be zero or less,"
        raise NotTestable(f"A percentage change from {base} cannot be computed.")
    value = (after.value - before.value) * HUNDRED / before.value
    exact = start.is_point and end.is_point
    change = point(value) if exact else end.over(start).scaled(HUNDRED, -HUNDRED)
    phrase = f"{before.text} to {after.text} is {_moved(value, Unit.PERCENT)}"
    if before.unit is not Unit.PERCENT:
        return Working(value, change, Unit.PERCENT, phrase)
    points = shown(abs(after.value - before.value), Unit.PERCENTAGE_POINT)
    aside = (end.minus(start), "as percentage points")
    return Working(value, change, Unit.PERCENT, f"{phrase}, or {points}", aside)


def absolute_change(
    before: PrintedNumber, after: PrintedNumber, *, as_rounded: bool = False
) -> Working:
    _same_unit([before, after])
    start, end = ranges([before, after], as_rounded=as_rounded)
    unit = Unit.PERCENTAGE_POINT if before.unit is Unit.PERCENT else before.unit
    value = after.value - before.value
    phrase = f"{before.text} to {after.text} is {_moved(value, unit)}"
    aside = None
    if start.low > 0:
        percent = value * HUNDRED / before.value
        aside = (end.over(start).scaled(HUNDRED, -HUNDRED), "as a percentage change")
        if unit is Unit.PERCENTAGE_POINT:
            phrase = f"{phrase}, or {shown(abs(percent), Unit.PERCENT)}"
    return Working(value, end.minus(start), unit, phrase, aside)


def multiple_change(
    before: PrintedNumber, after: PrintedNumber, *, as_rounded: bool = False
) -> Working:
    _same_unit([before, after])
    start, end = ranges([before, after], as_rounded=as_rounded)
    if start.low <= 0:
        raise NotTestable(f"Nothing is a multiple of {before.text}, which may be zero or less.")
    value = after.value / before.value
    phrase = f"{before.text} to {after.text} is {shown(value, Unit.MULTIPLE)}"
    return Working(value, end.over(start), Unit.MULTIPLE, phrase)


def share(
    parts: Sequence[PrintedNumber], whole: PrintedNumber, *, as_rounded: bool = False
) -> Working:
    _same_unit([*parts, whole])
    *some, every = ranges([*parts, whole], as_rounded=as_rounded)
    if every.low <= 0:
        raise NotTestable(f"A share of {whole.text}, which may be zero or less, says nothing.")
    value = sum((part.value for part in parts), ZERO) * HUNDRED / whole.value
    phrase = f"{_added(parts)} of {whole.text} is {shown(value, Unit.PERCENT)}"
    return Working(value, total(some).over(every).scaled(HUNDRED), Unit.PERCENT, phrase)


def add(parts: Sequence[PrintedNumber], *, as_rounded: bool = False) -> Working:
    _same_unit(parts)
    sums = total(ranges(parts, as_rounded=as_rounded))
    value = sums.low if sums.is_point else sum((part.value for part in parts), ZERO)
    unit = parts[0].unit
    return Working(value, sums, unit, f"{_added(parts)} is {shown(value, unit)}")


def rate(
    parts: Sequence[PrintedNumber], days: int, per: Per, *, as_rounded: bool = False
) -> Working:
    """How many in each `per`, or how long from one to the next, over `days` days."""
    if days <= 0:
        raise NotTestable(f"{days} days is no period: give the days that the count covers.")
    counted = add(parts, as_rounded=as_rounded)
    over = f"{_added(parts)} over {days:,} days is"
    if per not in APART_IN_A_DAY:
        share_of_period = _days_in(per, days) / days
        value = counted.value * share_of_period
        phrase = f"{over} {shown(value, Unit.RATE)} {'an' if per is Per.HOUR else 'a'} {per}"
        return Working(value, counted.range.scaled(share_of_period), Unit.RATE, phrase)
    if counted.range.low <= 0:
        raise NotTestable(f"{_added(parts)} may be none at all, so there is no time between two.")
    span = Fraction(days * APART_IN_A_DAY[per])
    value = span / counted.value
    phrase = f"{over} one every {shown(value, Unit.RATE)} {per.split()[0]}"
    return Working(value, point(span).over(counted.range), Unit.RATE, phrase)


def ranges(inputs: Sequence[PrintedNumber], *, as_rounded: bool = False) -> list[Interval]:
    """What each input may stand for.

    A round count such as 30,000 is read as rounded to the place of its last digit other than zero,
    but to no coarser than a tenth of itself, and to no coarser than the counts beside it: printed
    with 1,437, it is exact. Below a thousand it is exact too. With `as_rounded` it is rounded in
    spite of its size and of what stands beside it, to tell what would follow.
    """
    if not any(each.may_be_rounded for each in inputs):
        return [each.interval() for each in inputs]
    finest = min((each.step for each in inputs if each.unit is Unit.COUNT), default=Fraction(1))
    return [
        _round_count(each, None if as_rounded else finest)
        if each.may_be_rounded
        else each.interval()
        for each in inputs
    ]


def _round_count(number: PrintedNumber, finest: Fraction | None) -> Interval:
    if finest is not None and (finest <= 1 or abs(number.value) < ROUND_FROM):
        return point(number.value)
    step = min(number.step, abs(number.value) / 10, finest or number.step)
    return Interval(number.value - step / 2, number.value + step / 2)


def rounded(value: Fraction, places: int) -> Decimal:
    """`value` to at most so many decimals, half away from zero, without idle zeros."""
    scale = 10**places
    whole = (2 * abs(value.numerator) * scale + value.denominator) // (2 * value.denominator)
    while places and whole % 10 == 0:
        whole, places = whole // 10, places - 1
    return Decimal(-whole if value < 0 else whole).scaleb(-places)


def shown(value: Fraction, unit: Unit) -> str:
    return f"{rounded(value, PLACES.get(unit, 3)):,}{SUFFIX.get(unit, '')}"


def _moved(change: Fraction, unit: Unit) -> str:
    if change == 0:
        return "no change"
    return f"a {'rise' if change > 0 else 'fall'} of {shown(abs(change), unit)}"


def _added(parts: Sequence[PrintedNumber]) -> str:
    return " + ".join(part.text for part in parts)


def _same_unit(numbers: Sequence[PrintedNumber]) -> None:
    first, *others = numbers
    for other in others:
        if _measure(first) is not _measure(other):
            raise NotTestable(
                f"{first.text} is {NAMES[first.unit]} and {other.text} {NAMES[other.unit]}: "
                "they cannot be computed with one another."
            )


def _measure(number: PrintedNumber) -> Unit:
    """A bare decimal counts as well as a whole number does."""
    return Unit.COUNT if number.unit is Unit.OTHER else number.unit


def _days_in(per: Per, days: int) -> Fraction:
    """Days in one period; a year is as long as those in `days` if they are whole years."""
    if per in DAYS:
        return DAYS[per]
    years = round(days / 365.25)
    year = Fraction(days, years) if years and abs(days - 365.25 * years) <= 1 else Fraction(1461, 4)
    return year / 12 if per is Per.MONTH else year
