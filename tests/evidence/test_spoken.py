"""Figures said aloud: easy to follow, and true."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evidence.numbers.intervals import Interval
from evidence.printed import PrintedNumber, UnreadableNumber, read_number
from evidence.spoken import Change, in_words, spoken, stands_for


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("2,061", "just over two thousand"),
        ("1,437", "just over one thousand four hundred"),
        ("287", "almost two hundred and ninety"),
        ("22,724", "almost twenty-three thousand"),
        ("30,925", "just over thirty thousand"),
        ("63", "sixty-three"),
        ("0", "zero"),
        ("2,000", "two thousand"),
        ("1.15 million", "1.15 million"),
        ("12,345,678", "just over 12 million"),
        ("43%", "more than two-fifths"),
        ("40%", "two-fifths"),
        ("33%", "almost a third"),
        ("15%", "fifteen per cent"),
        ("0.4%", "0.4 per cent"),
        ("88%", "almost nine in ten"),
        ("99%", "ninety-nine per cent"),
        ("1 in 4", "a quarter"),
        ("5.995 a day", "almost six a day"),
        ("six an hour", "six an hour"),
        ("every 23 minutes", "one every twenty-three minutes"),
        ("five percentage points", "five percentage points"),
        ("1.98 times", "almost double"),
        ("ten-fold", "ten times"),
        ("$1,234,567", "just over $1.2 million"),
        ("£1.2bn", "£1.2 billion"),
        ("-24.2%", "down by almost a quarter"),
        ("over 30,000", "more than thirty thousand"),
        ("nearly two-thirds", "almost two-thirds"),
        ("over 2,061", "more than two thousand and sixty-one"),
        ("at least 43%", "at least forty-three per cent"),
        ("2/7", "2/7"),
    ],
)
def test_a_figure_is_said(printed: str, said: str) -> None:
    assert spoken(read_number(printed)) == said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("1,437", "2,061", "up by more than two-fifths"),
        ("363", "275", "down by almost a quarter"),
        ("287", "514", "up by almost four-fifths"),
        ("100", "198", "almost doubled"),
        ("100", "300", "trebled"),
        ("100", "1,010", "just over ten times as many"),
        ("100", "550", "up by four hundred and fifty per cent"),
        ("1,000", "1,002", "up by 0.2 per cent"),
        ("100", "100", "unchanged"),
        ("100", "0", "down by one hundred per cent"),
    ],
)
def test_a_change_is_said(before: str, after: str, said: str) -> None:
    assert spoken(Change.between(read_number(before), read_number(after))) == said


def allowed(words: str, number: PrintedNumber) -> Interval:
    interval = stands_for(words, number.unit)
    assert interval is not None, words
    return interval


counts = st.integers(0, 10**9).map(lambda number: f"{number:,}")
decimals = st.decimals("0.01", "100", places=2, allow_nan=False).map(str)
units = st.sampled_from(
    ["{}%", "{} percentage points", "{} a day", "{} an hour", "every {} minutes", "{} times", "£{}"]
)
numbers = st.one_of(counts, st.builds(lambda unit, number: unit.format(number), units, decimals))
qualifiers = st.sampled_from(["", "over ", "under ", "about ", "nearly ", "at least ", "up to "])


@settings(derandomize=True, max_examples=600, deadline=None)
@given(numbers, qualifiers)
def test_what_is_said_may_be_said_of_the_figure(printed: str, qualifier: str) -> None:
    try:
        number = read_number(qualifier + printed)
    except UnreadableNumber:
        assume(False)
    assume(number.value or not qualifier)  # nothing is under none
    meant = number.interval()

    said = allowed(spoken(number), number)

    assert said.low <= meant.low
    assert meant.high <= said.high
    assert said.holds(meant.low) or meant.open_low
    assert said.holds(meant.high) or meant.open_high


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.fractions(-100, 5000, max_denominator=10_000))
def test_what_is_said_of_a_change_is_true_of_it(percent: Fraction) -> None:
    assume(percent)
    words = spoken(Change(percent))

    way, _, rest = words.partition(" by ")
    said = stands_for(rest if rest else words, PrintedNumber("", Fraction(0)).unit.PERCENT)

    assert (way == "down") == (percent < 0)
    assert said is not None
    assert said.holds(abs(percent))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.integers(0, 999_999))
def test_a_number_in_words_is_that_number(number: int) -> None:
    assert read_number(in_words(Fraction(number))).value == number


def test_words_that_say_something_else_stand_for_nothing() -> None:
    percent = read_number("43%").unit

    assert stands_for("up by more than two-fifths", percent) == Interval(
        Fraction(40), Fraction(400), open_low=True
    )
    assert stands_for("forty-three", percent) is None
    assert stands_for("a lot", percent) is None
