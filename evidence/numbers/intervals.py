"""A range of exact values, closed or open at either end, and the arithmetic that claims need."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from `low` to `high`; an open end is not itself among them."""

    low: Fraction
    high: Fraction
    open_low: bool = False
    open_high: bool = False

    @property
    def is_point(self) -> bool:
        return self.low is self.high or self.low == self.high

    def holds(self, value: Fraction) -> bool:
        if not self.low <= value <= self.high:
            return False
        at_open_low = self.open_low and value == self.low
        at_open_high = self.open_high and value == self.high
        return not (at_open_low or at_open_high)

    def meets(self, other: "Interval") -> bool:
        """Whether some value lies in both."""
        return self._reaches(other) and other._reaches(self)

    def _reaches(self, other: "Interval") -> bool:
        if self.open_high or other.open_low:
            return self.high > other.low
        return self.high >= other.low

    def scaled(self, by: Fraction, plus: Fraction = ZERO) -> "Interval":
        """Every value times `by`, plus `plus`; a negative `by` turns the ends round."""
        ends = (self.low * by + plus, self.high * by + plus)
        if by >= ZERO:
            return Interval(*ends, self.open_low, self.open_high)
        return Interval(ends[1], ends[0], self.open_high, self.open_low)

    def minus(self, other: "Interval") -> "Interval":
        return total([self, other.scaled(-ONE)])

    def over(self, divisor: "Interval") -> "Interval":
        """Every quotient; the divisor must lie above zero, else ZeroDivisionError."""
        if divisor.low <= 0:
            raise ZeroDivisionError("an interval that holds zero divides nothing")
        least = (
            (divisor.high, divisor.open_high) if self.low >= 0 else (divisor.low, divisor.open_low)
        )
        most = (
            (divisor.low, divisor.open_low) if self.high >= 0 else (divisor.high, divisor.open_high)
        )
        return Interval(
            self.low / least[0],
            self.high / most[0],
            self.open_low or least[1],
            self.open_high or most[1],
        )


def point(value: Fraction) -> Interval:
    return Interval(value, value)


def total(intervals: Iterable[Interval]) -> Interval:
    """Every sum of one value from each; of none, the point zero."""
    terms = list(intervals)
    low = sum((each.low for each in terms), ZERO)
    if all(each.is_point for each in terms):
        return point(low)
    return Interval(
        low,
        sum((each.high for each in terms), ZERO),
        any(each.open_low for each in terms),
        any(each.open_high for each in terms),
    )
