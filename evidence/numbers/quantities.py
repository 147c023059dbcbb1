"""What a printed number holds: words, exact value, and what the true value may have been."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from evidence.numbers.intervals import ONE, Interval, point

HALF = Fraction(1, 2)
NINE_TENTHS, ELEVEN_TENTHS = Fraction(9, 10), Fraction(11, 10)
# "Over 3,000" said of 30,925 is a lost digit, not a qualifier: "over" reaches no further than this.
FURTHEST = 10


class Unit(StrEnum):
    COUNT = "count"
    PERCENT = "percent"
    PERCENTAGE_POINT = "percentage_point"
    FRACTION = "fraction"
    MULTIPLE = "multiple"
    RATE = "rate"
    MONEY = "money"
    OTHER = "other"


NAMES = {
    Unit.COUNT: "a count",
    Unit.PERCENT: "a percentage",
    Unit.PERCENTAGE_POINT: "a number of percentage points",
    Unit.FRACTION: "a fraction",
    Unit.MULTIPLE: "a multiple",
    Unit.RATE: "a rate",
    Unit.MONEY: "a sum of money",
    Unit.OTHER: "a bare number",
}


class Qualifier(StrEnum):
    EXACT = "exact"
    OVER = "over"
    UNDER = "under"
    ABOUT = "about"
    NEARLY = "nearly"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Per(StrEnum):
    """The period of a rate; the last three are the time between one event and the next."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    MINUTES_APART = "minutes apart"
    HOURS_APART = "hours apart"
    DAYS_APART = "days apart"


class UnreadableNumber(ValueError):
    """One sentence that says what is wrong with the text and what to write instead."""


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A printed number.

    `value` is exact: a percentage as its number (43 for 43%), a fraction as itself (1/3), a
    multiple as the factor (2 for "doubled"), "1.15 million" as 1150000; a fall is negative. `step`
    is the place it was rounded to, in the same unit: 1 for 43%, 1/10 for 43.4%. `per` is the period
    of a rate, if the text prints one.

    A whole number that ends in two or more zeros may have been rounded to the place of its last
    other digit: 30,000 to the nearest 10,000. A fraction is read as closely as a whole percentage
    or, where that is closer, as its denominator; "doubled" and its kin within an eighth either way.
    """

    text: str
    value: Fraction
    unit: Unit = Unit.COUNT
    qualifier: Qualifier = Qualifier.EXACT
    step: Fraction = Fraction(1)
    per: Per | None = None

    @property
    def is_whole_count(self) -> bool:
        """A count printed to its last digit and without a qualifier: 1,437 means 1,437."""
        return self.unit is Unit.COUNT and self.qualifier is Qualifier.EXACT and self.step == 1

    @property
    def may_be_rounded(self) -> bool:
        """A count in digits whose closing zeros may or may not come from rounding: 30,000."""
        if self.unit is not Unit.COUNT or self.qualifier is not Qualifier.EXACT or self.step <= 1:
            return False
        return self.text.replace(",", "").isdecimal()

    def interval(self) -> Interval:
        """The true values that may be printed so.

        Half a step either way, both ends included, since a tie may be rounded up or to even. Over
        and at least reach up to ten times the number, under and at most down to zero; nearly also
        takes in 90% to 100% of the number, and about 10% either way. A fall is read by its size.
        """
        if self.is_whole_count:
            return point(self.value)
        if self.value < 0:
            return _spread(-self.value, self.step, self.qualifier).scaled(-ONE)
        return _spread(self.value, self.step, self.qualifier)


def _spread(size: Fraction, step: Fraction, qualifier: Qualifier) -> Interval:
    half = step * HALF
    low, high = size - half, size + half
    match qualifier:
        case Qualifier.OVER:
            return Interval(size, FURTHEST * max(size, step), open_low=True)
        case Qualifier.AT_LEAST:
            return Interval(size, FURTHEST * max(size, step))
        case Qualifier.UNDER:
            return Interval(Fraction(0), size, open_high=True)
        case Qualifier.AT_MOST:
            return Interval(Fraction(0), size)
        case Qualifier.NEARLY:
            return Interval(min(low, size * NINE_TENTHS), high)
        case Qualifier.ABOUT:
            return Interval(min(low, size * NINE_TENTHS), max(high, size * ELEVEN_TENTHS))
        case Qualifier.EXACT:
            return Interval(low, high)
