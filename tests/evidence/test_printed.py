"""Numbers as they are printed: what they are read as, what they may stand for, what is refused."""

from fractions import Fraction

import pytest

from evidence.numbers.intervals import Interval, point
from evidence.printed import (
    Per,
    PrintedNumber,
    Qualifier,
    Unit,
    UnreadableNumber,
    read_number,
    read_numbers,
)

COUNT, PERCENT, FRACTION = Unit.COUNT, Unit.PERCENT, Unit.FRACTION
MULTIPLE, RATE, MONEY = Unit.MULTIPLE, Unit.RATE, Unit.MONEY
POINTS, OTHER = Unit.PERCENTAGE_POINT, Unit.OTHER
EXACT, OVER, UNDER, ABOUT = Qualifier.EXACT, Qualifier.OVER, Qualifier.UNDER, Qualifier.ABOUT
NEARLY, AT_LEAST, AT_MOST = Qualifier.NEARLY, Qualifier.AT_LEAST, Qualifier.AT_MOST


@pytest.mark.parametrize(
    ("text", "value", "unit", "qualifier", "step"),
    [
        ("1,437", "1437", COUNT, EXACT, "1"),
        ("2061", "2061", COUNT, EXACT, "1"),
        ("+624", "624", COUNT, EXACT, "1"),
        ("30,000", "30000", COUNT, EXACT, "10000"),
        ("2,200", "2200", COUNT, EXACT, "100"),
        ("730", "730", COUNT, EXACT, "1"),
        ("over 30,000", "30000", COUNT, OVER, "10000"),
        ("more than 30,000", "30000", COUNT, OVER, "10000"),
        ("fewer than ten", "10", COUNT, UNDER, "1"),
        ("30,000+", "30000", COUNT, AT_LEAST, "10000"),
        ("1.15 million", "1150000", COUNT, EXACT, "10000"),
        ("1.15million", "1150000", COUNT, EXACT, "10000"),
        ("two million", "2000000", COUNT, EXACT, "1000000"),
        ("twenty-three", "23", COUNT, EXACT, "1"),
        ("two hundred and five", "205", COUNT, EXACT, "1"),
        ("three thousand two hundred and five", "3205", COUNT, EXACT, "1"),
        ("almost four", "4", COUNT, NEARLY, "1"),
        ("43%", "43", PERCENT, EXACT, "1"),
        ("43 per cent", "43", PERCENT, EXACT, "1"),
        ("43 percent", "43", PERCENT, EXACT, "1"),
        ("a 43% increase", "43", PERCENT, EXACT, "1"),
        ("43.4%", "43.4", PERCENT, EXACT, "0.1"),
        ("43.0%", "43", PERCENT, EXACT, "0.1"),
        ("100%", "100", PERCENT, EXACT, "1"),
        ("79.1 per cent", "79.1", PERCENT, EXACT, "0.1"),
        ("up 30%", "30", PERCENT, EXACT, "1"),
        ("up to 30%", "30", PERCENT, AT_MOST, "1"),
        ("up by almost 30%", "30", PERCENT, NEARLY, "1"),
        ("-24.2%", "-24.2", PERCENT, EXACT, "0.1"),
        ("\u221224.2%", "-24.2", PERCENT, EXACT, "0.1"),
        ("down 24.2%", "-24.2", PERCENT, EXACT, "0.1"),
        ("five percentage points", "5", POINTS, EXACT, "1"),
        ("a third", "1/3", FRACTION, EXACT, "1/100"),
        ("two-thirds", "2/3", FRACTION, EXACT, "1/100"),
        ("nearly two-thirds", "2/3", FRACTION, NEARLY, "1/100"),
        ("almost a quarter", "1/4", FRACTION, NEARLY, "1/100"),
        ("one in four", "1/4", FRACTION, EXACT, "1/100"),
        ("1 in 4", "1/4", FRACTION, EXACT, "1/100"),
        ("1/4", "1/4", FRACTION, EXACT, "1/100"),
        ("¼", "1/4", FRACTION, EXACT, "1/100"),
        ("three out of the four", "3/4", FRACTION, EXACT, "1/100"),
        ("1 in 20", "1/20", FRACTION, EXACT, "1/400"),
        ("1 in 1,000", "1/1000", FRACTION, EXACT, "1/1000"),
        ("doubled", "2", MULTIPLE, EXACT, "1/2"),
        ("tripled", "3", MULTIPLE, EXACT, "3/4"),
        ("halved", "1/2", MULTIPLE, EXACT, "1/8"),
        ("ten-fold", "10", MULTIPLE, EXACT, "1"),
        ("three times", "3", MULTIPLE, EXACT, "1"),
        ("about 2.5 times", "2.5", MULTIPLE, ABOUT, "0.1"),
        ("£1.2bn", "1200000000", MONEY, EXACT, "100000000"),
        ("£4.50", "4.5", MONEY, EXACT, "0.01"),
        ("3.966", "3.966", OTHER, EXACT, "0.001"),
    ],
)
def test_a_printed_number_is_read(
    text: str, value: str, unit: Unit, qualifier: Qualifier, step: str
) -> None:
    assert read_number(text) == PrintedNumber(
        text=text, value=Fraction(value), unit=unit, qualifier=qualifier, step=Fraction(step)
    )


@pytest.mark.parametrize(
    ("text", "value", "qualifier", "per"),
    [
        ("almost four a day", 4, NEARLY, Per.DAY),
        ("an average of six a day", 6, EXACT, Per.DAY),
        ("over 500 per week", 500, OVER, Per.WEEK),
        ("every 23 minutes", 23, EXACT, Per.MINUTES_APART),
    ],
)
def test_a_rate_is_read_with_its_period(
    text: str, value: int, qualifier: Qualifier, per: Per
) -> None:
    number = read_number(text)

    assert (number.value, number.unit, number.qualifier, number.per) == (
        value,
        RATE,
        qualifier,
        per,
    )


def test_a_thin_space_groups_thousands_as_a_comma_does() -> None:
    assert read_number("1\u202f437") == PrintedNumber(text="1 437", value=Fraction(1437))


def test_qualifier_and_unit_may_stand_beside_the_text() -> None:
    assert read_number("four", qualifier="nearly", unit="rate") == PrintedNumber(
        text="nearly four", value=Fraction(4), unit=RATE, qualifier=NEARLY
    )


WRITE_IT = "write it like 1,437, 43%, 1.15 million, a third or almost four."
A_YEAR = "is a year, not a division: write the figure that is printed for it."
NOT_A_PART = "is not part of a whole: the smaller number comes first, as in 1 in 4."
WRONG_PLACE = (
    "has a comma or point in the wrong place: thousands are written 1,437 and decimals 43.4."
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2016/17", f'"2016/17" {A_YEAR}'),
        ("2017/2018", f'"2017/2018" {A_YEAR}'),
        ("22/02/2023", '"22/02/2023" is a date, not a number: write the figure itself.'),
        ("2023-02-22", '"2023-02-22" is a date, not a number: write the figure itself.'),
        ("April 2016", '"April 2016" is a date, not a number: write the figure itself.'),
        ("", f"There is no number here: {WRITE_IT}"),
        (" \n", f"There is no number here: {WRITE_IT}"),
        ("1,437 2,061", '"1,437 2,061" holds several numbers: write one of them.'),
        ("43%%", '"43%%" has its percent sign twice: write it once.'),
        ("1,43", f'"1,43" {WRONG_PLACE}'),
        ("1437,5", f'"1437,5" {WRONG_PLACE}'),
        ("1.2.3", f'"1.2.3" {WRONG_PLACE}'),
        ("1/0", '"1/0" divides by zero: write how many of how many.'),
        ("5 in 4", f'"5 in 4" {NOT_A_PART}'),
        ("four five", f'"four five" is not one number: {WRITE_IT}'),
        ("twenty twelve", f'"twenty twelve" is not one number: {WRITE_IT}'),
        ("hundreds", f'"hundreds" is not one number: {WRITE_IT}'),
        ("nan", f'"nan" is not one number: {WRITE_IT}'),
        ("٤٣", f'"٤٣" is not one number: {WRITE_IT}'),
        ("over about 30", '"over about 30" would be about and over at once: keep one of them.'),
        ("9" * 101, f'"{"9" * 40}..." is too long to be one number: write at most 100 characters.'),
    ],
)  # fmt: skip
def test_what_is_not_one_number_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableNumber) as refusal:
        read_number(text)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        (
            "almost four",
            {"qualifier": "over"},
            '"almost four" would be nearly and over at once: keep one of them.',
        ),
        (
            "43%",
            {"unit": "count"},
            '"43%" is printed as a percentage but given as a count: keep the printed one.',
        ),
    ],
)
def test_what_stands_beside_a_number_must_agree_with_it(
    text: str, options: dict[str, str], sentence: str
) -> None:
    with pytest.raises(UnreadableNumber) as refusal:
        read_number(text, **options)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("text", "low", "high", "open_low", "open_high"),
    [
        ("1,437", "1437", "1437", False, False),
        ("30,000", "25000", "35000", False, False),
        ("1.15 million", "1145000", "1155000", False, False),
        ("43%", "42.5", "43.5", False, False),
        ("-24.2%", "-24.25", "-24.15", False, False),
        ("a third", "197/600", "203/600", False, False),
        ("over 30,000", "30000", "300000", True, False),
        ("at least 43%", "43", "430", False, False),
        ("under 43%", "0", "43", False, True),
        ("at most 43%", "0", "43", False, False),
        ("nearly 43%", "38.7", "43.5", False, False),
        ("almost four", "3.5", "4.5", False, False),
        ("about 43%", "38.7", "47.3", False, False),
        ("about 1.0%", "0.9", "1.1", False, False),
        ("down more than 24%", "-240", "-24", False, True),
    ],
)
def test_what_a_printed_number_may_stand_for(
    text: str, low: str, high: str, open_low: bool, open_high: bool
) -> None:
    assert read_number(text).interval() == Interval(
        Fraction(low), Fraction(high), open_low, open_high
    )


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("287,259,528,363", [287, 259, 528, 363]),
        ("1,437; 1,458", [1437, 1458]),
        ("1,437, 1,458", [1437, 1458]),
        ("1,437 + 1,458", [1437, 1458]),
        ("1437,1458", [1437, 1458]),
        ("12,5,7", [12, 5, 7]),
        ("50%,25%,7.5%", [50, 25, Fraction(15, 2)]),
    ],
)
def test_a_list_of_numbers_is_read(text: str, values: list[Fraction]) -> None:
    assert [number.value for number in read_numbers(text)] == values


@pytest.mark.parametrize("text", ["1,437,1,458", "43,259", "1437,43,259"])
def test_a_list_whose_commas_may_be_thousands_is_refused(text: str) -> None:
    with pytest.raises(UnreadableNumber) as refusal:
        read_numbers(text)

    assert str(refusal.value) == (
        f'"{text}" may be read in several ways: '
        "put a semicolon between the numbers, as in 1,437; 1,458."
    )


@pytest.mark.parametrize(
    ("other", "meet"),
    [
        (Interval(Fraction(2), Fraction(3)), True),
        (Interval(Fraction(2), Fraction(3), open_low=True), False),
        (Interval(Fraction(0), Fraction(9)), True),
        (point(Fraction(3)), False),
    ],
)
def test_intervals_meet_in_a_shared_value(other: Interval, meet: bool) -> None:
    one = Interval(Fraction(1), Fraction(2))

    assert (one.meets(other), other.meets(one)) == (meet, meet)


@pytest.mark.parametrize(
    ("dividend", "quotient"),
    [
        (Interval(Fraction(4), Fraction(8)), Interval(Fraction(1), Fraction(4))),
        (Interval(Fraction(-4), Fraction(8)), Interval(Fraction(-2), Fraction(4))),
        (Interval(Fraction(-8), Fraction(-4)), Interval(Fraction(-4), Fraction(-1))),
    ],
)
def test_a_quotient_holds_every_pair_of_ends(dividend: Interval, quotient: Interval) -> None:
    assert dividend.over(Interval(Fraction(2), Fraction(4))) == quotient
