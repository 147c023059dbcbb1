"""How to say a figure aloud: "just over two thousand" for 2,061, "up by more than two-fifths".

Every wording is read back as any printed number is, and used only if what it stands for takes in
all that the figure may be: a speaker rounds, and must not mislead.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor, log10

from evidence.numbers.intervals import ONE, Interval, point
from evidence.numbers.numerals import ONES, TENS
from evidence.numbers.workings import HUNDRED, rounded
from evidence.printed import Per, PrintedNumber, Qualifier, Unit, UnreadableNumber, read_number

# How far the round number that is said may lie from the figure, as a part of it.
NEAR_COUNT, NEAR_SHARE = Fraction(1, 30), Fraction(1, 10)
ALMOST_ALL = Fraction(19, 20)
EXACT_TO = 100  # smaller counts are said as they are
SHARES = {
    Fraction(1, 10): "one in ten", Fraction(1, 5): "a fifth", Fraction(1, 4): "a quarter",
    Fraction(1, 3): "a third", Fraction(2, 5): "two-fifths", Fraction(1, 2): "half",
    Fraction(3, 5): "three-fifths", Fraction(2, 3): "two-thirds",
    Fraction(3, 4): "three-quarters", Fraction(4, 5): "four-fifths",
    Fraction(9, 10): "nine in ten",
}  # fmt: skip
GROWN = {Fraction(2): "doubled", Fraction(3): "trebled", Fraction(4): "quadrupled"}
SAID = {
    Qualifier.EXACT: "", Qualifier.OVER: "more than ", Qualifier.UNDER: "less than ",
    Qualifier.ABOUT: "about ", Qualifier.NEARLY: "almost ", Qualifier.AT_LEAST: "at least ",
    Qualifier.AT_MOST: "at most ",
}  # fmt: skip
SCALES = {10**12: "trillion", 10**9: "billion", 10**6: "million"}
SMALL = {value: word for word, value in {**ONES, **TENS}.items()}
BARE = (Unit.COUNT, Unit.OTHER)


@dataclass(frozen=True, slots=True)
class Change:
    """A rise, or a fall if it is below zero, in per cent of what was before."""

    percent: Fraction

    @classmethod
    def between(cls, before: PrintedNumber, after: PrintedNumber) -> "Change":
        """ZeroDivisionError if there was nothing before."""
        return cls((after.value - before.value) * HUNDRED / before.value)


def spoken(figure: PrintedNumber | Change) -> str:
    """The figure in words that an audience can follow.

    A number printed with a qualifier keeps it and is not rounded further, since we do not know
    where beyond it the truth lies. What no wording fits is said as it is printed.
    """
    if isinstance(figure, Change):
        return _change(figure.percent)
    if figure.value < 0:
        return f"down by {spoken(_rise(figure))}"
    said = SAID[figure.qualifier]
    wordings = (f"{said}{each}" for each in _plain(figure)) if said else _rounded(figure)
    return _first_honest(wordings, figure.unit, figure.interval()) or figure.text


def stands_for(words: str, unit: Unit) -> Interval | None:
    """What the words may be said of, measured in `unit`; None if they say something else.

    Of a change in per cent, "doubled" is said of a rise by 100.
    """
    try:
        number = read_number(words)
    except UnreadableNumber:
        return None
    if number.unit is unit or {number.unit, unit} <= {*BARE, Unit.RATE}:
        return number.interval()
    if unit is Unit.PERCENT and number.unit is Unit.FRACTION:
        return number.interval().scaled(HUNDRED)
    if unit is Unit.PERCENT and number.unit is Unit.MULTIPLE:
        return number.interval().scaled(HUNDRED, -HUNDRED)
    return None


def _change(percent: Fraction) -> str:
    if percent == 0:
        return "unchanged"
    size = abs(percent)
    meant = point(size)
    if percent > 0 and (grown := _first_honest(_growth(percent), Unit.PERCENT, meant)):
        return grown
    way = "up by" if percent > 0 else "down by"
    wordings = [*_share(size / HUNDRED), *_places(size, " per cent")]
    return f"{way} {_first_honest(wordings, Unit.PERCENT, meant)}"


def _rise(fall: PrintedNumber) -> PrintedNumber:
    return replace(fall, value=-fall.value, text=fall.text.lstrip("-−– "))


def _first_honest(wordings: Iterable[str], unit: Unit, meant: Interval) -> str | None:
    for words in wordings:
        allowed = stands_for(words, unit)
        if allowed and _within(meant, allowed):
            return words
    return None


def _within(meant: Interval, allowed: Interval) -> bool:
    above = meant.low > allowed.low or (
        meant.low == allowed.low and (meant.open_low or not allowed.open_low)
    )
    below = meant.high < allowed.high or (
        meant.high == allowed.high and (meant.open_high or not allowed.open_high)
    )
    return above and below


def _rounded(figure: PrintedNumber) -> Iterator[str]:
    """Wordings of a number without a qualifier, the easiest to follow first."""
    value = figure.value
    match figure.unit:
        case Unit.PERCENT:
            yield from _share(value / HUNDRED)
        case Unit.FRACTION:
            yield from _share(value)
        case Unit.MULTIPLE:
            yield from _near(value, {Fraction(2): "double"})
        case Unit.RATE if figure.per in (Per.HOUR, Per.DAY, Per.WEEK, Per.MONTH, Per.YEAR):
            whole = Fraction(rounded(value, 0))
            yield from _near(value, {whole: _with_unit(figure, in_words(whole))})
        case Unit.COUNT | Unit.MONEY if value > EXACT_TO:
            for digits in (1, 2, 3):
                round_one = _to_digits(value, digits)
                name = _with_unit(figure, _amount(figure, round_one))
                yield from _near(value, {round_one: name}, NEAR_COUNT)
    yield from _plain(figure)


def _plain(figure: PrintedNumber) -> Iterator[str]:
    """The number itself, to as few decimals as will do."""
    if figure.unit in (Unit.FRACTION, Unit.PERCENT) and figure.qualifier is not Qualifier.EXACT:
        share = figure.value / (HUNDRED if figure.unit is Unit.PERCENT else ONE)
        yield from (name for each, name in SHARES.items() if each == share)
    if figure.unit is Unit.MONEY:
        yield _amount(figure, figure.value)
    elif figure.unit is not Unit.FRACTION:
        yield from (_with_unit(figure, words) for words in _places(figure.value))


def _growth(percent: Fraction) -> Iterator[str]:
    times = 1 + percent / HUNDRED
    yield from _near(times, GROWN)
    if times > max(GROWN):
        whole = Fraction(rounded(times, 0))
        yield from _near(times, {whole: f"{in_words(whole)} times as many"}, NEAR_COUNT)


def _share(value: Fraction) -> Iterator[str]:
    # "More than nine in ten" would hide that it is nearly all.
    if value <= ALMOST_ALL:
        yield from _near(value, SHARES)


def _near(
    value: Fraction, names: dict[Fraction, str], near: Fraction = NEAR_SHARE
) -> Iterator[str]:
    """The nearest of the round numbers, if it is near, and a word for the side that it errs on."""
    nearest = min(names, key=lambda each: abs(each - value))
    distance = abs(nearest - value)
    if distance > near * value:
        return
    if not distance:
        yield names[nearest]
    elif nearest > value:
        yield f"almost {names[nearest]}"
    else:
        yield f"{'just over' if distance <= NEAR_COUNT * value else 'more than'} {names[nearest]}"


def _places(value: Fraction, unit: str = "") -> Iterator[str]:
    for places in range(7):
        said = Fraction(rounded(value, places))
        if abs(said - value) <= NEAR_COUNT * value:
            yield f"{in_words(said)}{unit}"


def _with_unit(figure: PrintedNumber, words: str) -> str:
    match figure.unit:
        case Unit.PERCENT:
            return f"{words} per cent"
        case Unit.PERCENTAGE_POINT:
            return f"{words} percentage points"
        case Unit.MULTIPLE:
            return f"{words} times"
        case Unit.RATE if figure.per:
            unit, apart, _ = figure.per.partition(" apart")
            return f"one every {words} {unit}" if apart else f"{words} {_a(unit)}"
    return words


def _a(period: str) -> str:
    return f"an {period}" if period == "hour" else f"a {period}"


def _amount(figure: PrintedNumber, value: Fraction) -> str:
    if figure.unit is not Unit.MONEY:
        return in_words(value)
    symbol = next((each for each in figure.text if each in "£$€"), "£")
    return f"{symbol}{_in_digits(value)}"


def in_words(value: Fraction) -> str:
    """Spelled out below a million; decimals and larger numbers in digits, as a script has them."""
    if value.denominator != 1 or value >= 10**6:
        return _in_digits(value)
    thousands, rest = divmod(int(value), 1000)
    if not thousands:
        return _below_thousand(rest)
    head = f"{_below_thousand(thousands)} thousand"
    if not rest:
        return head
    return f"{head} {'and ' if rest < 100 else ''}{_below_thousand(rest)}"


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest)
    return f"{SMALL[hundreds]} hundred" + (f" and {_below_hundred(rest)}" if rest else "")


def _below_hundred(number: int) -> str:
    if number in SMALL:
        return SMALL[number]
    return f"{SMALL[number // 10 * 10]}-{SMALL[number % 10]}"


def _in_digits(value: Fraction) -> str:
    for scale, name in SCALES.items():
        if value >= scale and (value / scale * 1000).denominator == 1:
            return f"{rounded(value / scale, 3)} {name}"
    return f"{rounded(value, 6):,f}"


def _to_digits(value: Fraction, digits: int) -> Fraction:
    """Rounded to so many significant digits."""
    place = Fraction(10) ** (floor(log10(value)) - digits + 1)
    return Fraction(rounded(value / place, 0)) * place
