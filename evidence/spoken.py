"""How to say a figure aloud: "just over two thousand" for 2,061, "up by more than two-fifths".

Every wording is read back by `evidence.printed` and used only if what it stands for takes in all
that the figure may be: the ear rounds, and must not be misled.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from evidence.numbers.intervals import Interval, point
from evidence.numbers.numerals import ONES, TENS
from evidence.numbers.workings import rounded
from evidence.printed import Per, PrintedNumber, Qualifier, Unit, UnreadableNumber, read_number

NEAR_COUNT = Fraction(1, 30)  # how far a round number may lie from the one that it stands for
NEAR_SHARE = Fraction(1, 10)
SPELLED_TO = 1_000_000
SHARES = {
    Fraction(1, 10): "one in ten", Fraction(1, 5): "a fifth", Fraction(1, 4): "a quarter",
    Fraction(1, 3): "a third", Fraction(2, 5): "two-fifths", Fraction(1, 2): "half",
    Fraction(3, 5): "three-fifths", Fraction(2, 3): "two-thirds",
    Fraction(3, 4): "three-quarters", Fraction(4, 5): "four-fifths",
    Fraction(9, 10): "nine in ten",
}  # fmt: skip
TIMES = {2: "double", 3: "treble"}
GROWN = {2: "doubled", 3: "trebled", 4: "quadrupled"}
SAID = {
    Qualifier.EXACT: "", Qualifier.OVER: "more than ", Qualifier.UNDER: "fewer than ",
    Qualifier.ABOUT: "about ", Qualifier.NEARLY: "almost ", Qualifier.AT_LEAST: "at least ",
    Qualifier.AT_MOST: "at most ",
}  # fmt: skip
SCALES = {10**12: "trillion", 10**9: "billion", 10**6: "million"}
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Change:
    """A rise, or a fall if it is below zero, in per cent of what was before."""

    percent: Fraction

    @classmethod
    def between(cls, before: PrintedNumber, after: PrintedNumber) -> "Change":
        """ZeroDivisionError if there was nothing before."""
        return cls((after.value - before.value) * 100 / before.value)


def spoken(figure: PrintedNumber | Change) -> str:
    """The figure in words that an audience can follow.

    A number printed with a qualifier keeps it and is said in full, since we do not know on which
    side of a rounder number it lies. What no wording fits is said as it is printed.
    """
    if isinstance(figure, Change):
        return _change(figure.percent)
    if figure.qualifier is not Qualifier.EXACT:
        return _qualified(figure)
    meant = figure.interval()
    return next(_honest(_wordings(figure), meant), figure.text)


def _change(percent: Fraction) -> str:
    if percent == 0:
        return "unchanged"
    meant = point(abs(percent) / 100)
    if percent >= 90:
        grown = point(1 + percent / 100)
        if said := next(_honest(_grown(grown.low), grown), None):
            return said
    way = "up by" if percent > 0 else "down by"
    hundredths = meant.scaled(Fraction(100))
    share = next(_honest(_shares(meant.low), meant), None)
    return f"{way} {share or next(_honest(_percentages(hundredths.low), hundredths))}"


def _qualified(figure: PrintedNumber) -> str:
    bare = figure.text if figure.text.isdecimal() else ""
    return bare or figure.text if _starts_with_a_word(figure) else figure.text


def _starts_with_a_word(figure: PrintedNumber) -> bool:
    return figure.text[:1].isalpha()
