"""Claims against their inputs: the verdict, the recomputed value and the reason that is told."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from evidence.arithmetic import Claim, ClaimType, Direction, Finding, Verdict, check
from evidence.calculator import ClaimTexts, read_claim
from evidence.numbers.intervals import Interval, point

CONSISTENT, INCONSISTENT = Verdict.CONSISTENT, Verdict.INCONSISTENT
NOT_TESTABLE = Verdict.NOT_TESTABLE

type Case = tuple[str, ClaimTexts, Verdict, str | None, str]


def told(claim_type: str, texts: ClaimTexts) -> tuple[Verdict, str | None, str]:
    finding = check(read_claim(ClaimType(claim_type), texts))
    recomputed = None if finding.recomputed is None else str(finding.recomputed)
    return finding.verdict, recomputed, finding.reason


SOURCES: list[Case] = [
    ("percent_change", ClaimTexts(stated="43%", from_="1,437", to="2,061"), CONSISTENT, "43.42",
     "1,437 to 2,061 is a rise of 43.42%, which rounds to the printed 43%."),
    ("absolute_change", ClaimTexts(stated="624", from_="1,437", to="2,061"), CONSISTENT, "624",
     "1,437 to 2,061 is a rise of 624, which is the printed 624."),
    ("percent_change", ClaimTexts(stated="up 30%", from_="287", to="373"), CONSISTENT, "29.97",
     '287 to 373 is a rise of 29.97%, which rounds to the printed "up 30%".'),
    ("rate_per_period", ClaimTexts(stated="almost four", to="2,895", days="730"),
     CONSISTENT, "3.966",
     '2,895 over 730 days is 3.966 a day, which the printed "almost four" allows (3.5 to 4.5).'),
    ("sum", ClaimTexts(stated="2,895", parts="1,437; 1,458"), CONSISTENT, "2895",
     "1,437 + 1,458 is 2,895, which is the printed 2,895."),
    ("sum", ClaimTexts(stated="1,437", parts="287; 259; 528; 363"), CONSISTENT, "1437",
     "287 + 259 + 528 + 363 is 1,437, which is the printed 1,437."),
    ("sum", ClaimTexts(stated="1,458", parts="373; 267; 543; 275"), CONSISTENT, "1458",
     "373 + 267 + 543 + 275 is 1,458, which is the printed 1,458."),
    ("sum", ClaimTexts(total="2,194", parts="535; 503; 964; 192"), CONSISTENT, "2194",
     "535 + 503 + 964 + 192 is 2,194, which is the printed 2,194."),
    ("rate_per_period", ClaimTexts(stated="six a day", to="2,194", days="366"),
     CONSISTENT, "5.995",
     '2,194 over 366 days is 5.995 a day, which rounds to the printed "six a day".'),
    ("share", ClaimTexts(stated="43%", to="4,293", total="9,888"), CONSISTENT, "43.42",
     "4,293 of 9,888 is 43.42%, which rounds to the printed 43%."),
    ("share", ClaimTexts(stated="a third", parts="1,361; 1,363; 547", total="9,888"),
     CONSISTENT, "33.08",
     '1,361 + 1,363 + 547 of 9,888 is 33.08%, which the printed "a third" allows '
     "(32.83% to 33.83%)."),
    ("percent_change", ClaimTexts(stated="almost a quarter", to="22,724"), NOT_TESTABLE, None,
     'The printed "almost a quarter" cannot be tested: the earlier figure (from) is missing.'),
    ("percent_change", ClaimTexts(stated="15%"), NOT_TESTABLE, None,
     "The printed 15% cannot be tested: the earlier figure (from) and the later figure (to) "
     "are missing."),
    ("share", ClaimTexts(stated="nearly two-thirds"), NOT_TESTABLE, None,
     'The printed "nearly two-thirds" cannot be tested: the part (to) and the whole (total) '
     "are missing."),
]  # fmt: skip
CHANGES: list[Case] = [
    ("percent_change", ClaimTexts(stated="53%", from_="1,437", to="2,061"), INCONSISTENT, "43.42",
     "1,437 to 2,061 is a rise of 43.42%, not the printed 53%."),
    ("percent_change", ClaimTexts(stated="-24.2%", from_="363", to="275"), CONSISTENT, "-24.24",
     '363 to 275 is a fall of 24.24%, which rounds to the printed "-24.2%".'),
    ("percent_change", ClaimTexts(stated="up 24.2%", from_="363", to="275"), INCONSISTENT, "-24.24",
     '363 to 275 is a fall of 24.24%, not the printed "up 24.2%".'),
    ("percent_change", ClaimTexts(stated="24.2%", from_="363", to="275", direction="down"),
     CONSISTENT, "-24.24",
     "363 to 275 is a fall of 24.24%, which rounds to the printed 24.2%."),
    ("percent_change", ClaimTexts(stated="24.2%", from_="363", to="275", direction="up"),
     INCONSISTENT, "-24.24",
     "363 to 275 is a fall of 24.24%, not the printed 24.2%."),
    ("percent_change", ClaimTexts(stated="over 40%", from_="1,437", to="2,061"),
     CONSISTENT, "43.42",
     '1,437 to 2,061 is a rise of 43.42%, which the printed "over 40%" allows (more than 40%).'),
    ("percent_change", ClaimTexts(stated="43%", from_="0", to="5"), NOT_TESTABLE, None,
     "A percentage change from zero cannot be computed."),
    ("percent_change", ClaimTexts(from_="287", to="514"), NOT_TESTABLE, "79.09",
     "287 to 514 is a rise of 79.09%, and no printed figure is given to test."),
    ("percent_change", ClaimTexts(stated="43%", from_="1,437", to="20%"), NOT_TESTABLE, None,
     "1,437 is a count and 20% a percentage: they cannot be computed with one another."),
    ("percent_change", ClaimTexts(stated="doubled", from_="1,437", to="2,874"), CONSISTENT, "100",
     '1,437 to 2,874 is a rise of 100%, which the printed "doubled" allows (75% to 125%).'),
    ("multiple_change", ClaimTexts(stated="ten-fold", from_="1,437", to="2,061"),
     INCONSISTENT, "1.434",
     '1,437 to 2,061 is 1.434 times, not the printed "ten-fold".'),
    ("percent_change", ClaimTexts(stated="100", from_="1,437", to="2,155"), INCONSISTENT, "49.97",
     "1,437 to 2,155 is a rise of 49.97%, not the printed 100."),
    ("multiple_change", ClaimTexts(stated="up 100%", from_="1,437", to="2,874"), CONSISTENT, "2",
     '1,437 to 2,874 is 2 times, which is the printed "up 100%".'),
    ("multiple_change", ClaimTexts(stated="nearly three times", from_="0", to="5"),
     NOT_TESTABLE, None,
     "Nothing is a multiple of 0, which may be zero or less."),
    ("direction_only", ClaimTexts(stated="down", from_="363", to="275"), CONSISTENT, "-88",
     "363 to 275 is a fall of 88, and a fall is what is stated."),
    ("direction_only", ClaimTexts(stated="up", from_="363", to="275"), INCONSISTENT, "-88",
     "363 to 275 is a fall of 88, not the rise that is stated."),
    ("direction_only", ClaimTexts(stated="up", from_="363", to="363"), INCONSISTENT, "0",
     "363 to 363 is no change, not the rise that is stated."),
    ("direction_only", ClaimTexts(from_="363", to="275"), NOT_TESTABLE, "-88",
     "363 to 275 is a fall of 88, and no direction is stated to test."),
]  # fmt: skip
POINTS: list[Case] = [
    ("percent_change", ClaimTexts(stated="25%", from_="20%", to="25%"), CONSISTENT, "25",
     "20% to 25% is a rise of 25%, or 5 percentage points, which is the printed 25%."),
    ("percent_change", ClaimTexts(stated="5%", from_="20%", to="25%"), INCONSISTENT, "25",
     "20% to 25% is a rise of 25%, or 5 percentage points, not the printed 5%; "
     "it would hold as percentage points."),
    ("percent_change", ClaimTexts(stated="5 percentage points", from_="20%", to="25%"),
     INCONSISTENT, "25",
     "20% to 25% is a rise of 25%, or 5 percentage points, not the printed 5 percentage points; "
     "a number of percentage points is not a percentage; it would hold as percentage points."),
    ("absolute_change", ClaimTexts(stated="5 percentage points", from_="20%", to="25%"),
     CONSISTENT, "5",
     "20% to 25% is a rise of 5 percentage points, or 25%, which is the printed "
     "5 percentage points."),
    ("absolute_change", ClaimTexts(stated="5%", from_="20%", to="25%"), INCONSISTENT, "5",
     "20% to 25% is a rise of 5 percentage points, or 25%, not the printed 5%; "
     "a percentage is not a number of percentage points; it would hold as percentage points."),
    ("absolute_change", ClaimTexts(stated="43%", from_="1,437", to="2,061"), INCONSISTENT, "624",
     "1,437 to 2,061 is a rise of 624, not the printed 43%; a percentage is not a count; "
     "it would hold as a percentage change."),
    ("sum", ClaimTexts(stated="43%", parts="1,437; 1,458"), INCONSISTENT, "2895",
     "1,437 + 1,458 is 2,895, not the printed 43%; a percentage is not a count."),
]  # fmt: skip
ROUNDING: list[Case] = [
    ("percent_change", ClaimTexts(stated="43%", from_="1,000", to="1,439"), INCONSISTENT, "43.9",
     "1,000 to 1,439 is a rise of 43.9%, not the printed 43%; "
     "it would hold if truncated, but figures are rounded; "
     "it would hold if the round numbers in it are rounded."),
    ("percent_change", ClaimTexts(stated="12%", from_="1,000", to="1,125"), CONSISTENT, "12.5",
     "1,000 to 1,125 is a rise of 12.5%, which rounds to the printed 12%."),
    ("percent_change", ClaimTexts(stated="13%", from_="1,000", to="1,125"), CONSISTENT, "12.5",
     "1,000 to 1,125 is a rise of 12.5%, which rounds to the printed 13%."),
    ("percent_change", ClaimTexts(stated="38%", from_="1.15 million", to="1.59 million"),
     CONSISTENT, "38.26",
     "1.15 million to 1.59 million is a rise of 38.26%, which rounds to the printed 38%."),
    ("percent_change", ClaimTexts(stated="39%", from_="1.15 million", to="1.59 million"),
     CONSISTENT, "38.26",
     "1.15 million to 1.59 million is a rise of 38.26%, and the rounding of the inputs allows "
     "37.23% to 39.3%, which meets the printed 39%."),
    ("percent_change", ClaimTexts(stated="43%", from_="1,000", to="2,000"), INCONSISTENT, "100",
     "1,000 to 2,000 is a rise of 100%, not the printed 43%."),
    ("percent_change", ClaimTexts(stated="52%", from_="200", to="300"), INCONSISTENT, "50",
     "200 to 300 is a rise of 50%, not the printed 52%; "
     "it would hold if the round numbers in it are rounded."),
    ("sum", ClaimTexts(stated="2,194", parts="535; 500; 964; 192"), INCONSISTENT, "2191",
     "535 + 500 + 964 + 192 is 2,191, not the printed 2,194; "
     "it would hold if the round numbers in it are rounded."),
    ("sum", ClaimTexts(stated="100%", parts="50%; 25%; 11%; 7%; 6%"), CONSISTENT, "99",
     "50% + 25% + 11% + 7% + 6% is 99%, and the rounding of the inputs allows 96.5% to 101.5%, "
     "which meets the printed 100%."),
    ("sum", ClaimTexts(stated="100%", parts="50%; 25%; 11%; 7%"), INCONSISTENT, "93",
     "50% + 25% + 11% + 7% is 93%, not the printed 100%."),
    ("absolute_change", ClaimTexts(stated="30,000", from_="1,437", to="32,362"),
     CONSISTENT, "30925",
     "1,437 to 32,362 is a rise of 30,925, which rounds to the printed 30,000."),
]  # fmt: skip
SHARES: list[Case] = [
    ("share", ClaimTexts(stated="44%", base="25"), CONSISTENT, "44",
     "11 of 25 is 44%, which is the printed 44%."),
    ("share", ClaimTexts(stated="0.44", base="25"), CONSISTENT, "44",
     "11 of 25 is 44%, which is the printed 0.44."),
    ("share", ClaimTexts(stated="43%", base="25"), INCONSISTENT, "44",
     "10 of 25 is 40% and 11 of 25 is 44%, not the printed 43%; no whole number of 25 gives it."),
    ("share", ClaimTexts(stated="43%", base="100"), NOT_TESTABLE, None,
     "With a base of 100 some whole number gives every percentage printed so: "
     "give the part (to) to test it."),
    ("share", ClaimTexts(stated="43%", base="0"), NOT_TESTABLE, None, "A base of 0 has no shares."),
    ("share", ClaimTexts(stated="44%", base="25", weighted=True), NOT_TESTABLE, None,
     "The base is weighted, so the printed counts do not give the figure."),
    ("share", ClaimTexts(stated="a third", base="25"), NOT_TESTABLE, None,
     'The printed "a third" cannot be tested: the part (to) is missing.'),
    ("share", ClaimTexts(stated="48%", to="12", base="25"), CONSISTENT, "48",
     "12 of 25 is 48%, which is the printed 48%."),
    ("share", ClaimTexts(stated="230%", to="9,888", total="4,293"), INCONSISTENT, "230.33",
     "9,888 of 4,293 is 230.33%, and a part cannot be more than its whole."),
    ("share", ClaimTexts(stated="5%", to="0", total="0"), NOT_TESTABLE, None,
     "A share of 0, which may be zero or less, says nothing."),
]  # fmt: skip
RATES: list[Case] = [
    ("rate_per_period", ClaimTexts(stated="28 a week", to="2,895", days="730"),
     CONSISTENT, "27.76",
     "2,895 over 730 days is 27.76 a week, which rounds to the printed 28 a week."),
    ("rate_per_period", ClaimTexts(stated="121", to="2,895", days="730", per="month"),
     CONSISTENT, "120.625",
     "2,895 over 730 days is 120.625 a month, which rounds to the printed 121."),
    ("rate_per_period", ClaimTexts(stated="2,194 a year", to="2,194", days="366"),
     CONSISTENT, "2194",
     "2,194 over 366 days is 2,194 a year, which is the printed 2,194 a year."),
    ("rate_per_period", ClaimTexts(stated="every 23 minutes", to="22,724", days="365"),
     CONSISTENT, "23.13",
     "22,724 over 365 days is one every 23.13 minutes, which rounds to the printed "
     '"every 23 minutes".'),
    ("rate_per_period", ClaimTexts(stated="seven a day", to="2,895", days="730"),
     INCONSISTENT, "3.966",
     '2,895 over 730 days is 3.966 a day, not the printed "seven a day".'),
    ("rate_per_period", ClaimTexts(stated="four", to="2,895", days="0"), NOT_TESTABLE, None,
     "0 days is no period: give the days that the count covers."),
    ("rate_per_period", ClaimTexts(stated="four", to="2,895"), NOT_TESTABLE, None,
     'The printed "four" cannot be tested: the number of days (days) is missing.'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("claim_type", "texts", "verdict", "recomputed", "reason"),
    [*SOURCES, *CHANGES, *POINTS, *ROUNDING, *SHARES, *RATES],
)
def test_a_claim_is_told_with_its_working(
    claim_type: str, texts: ClaimTexts, verdict: Verdict, recomputed: str | None, reason: str
) -> None:
    assert told(claim_type, texts) == (verdict, recomputed, reason)


def test_a_finding_holds_the_exact_value_and_both_intervals() -> None:
    texts = ClaimTexts(stated="43%", from_="1,437", to="2,061")

    assert check(read_claim(ClaimType.PERCENT_CHANGE, texts)) == Finding(
        verdict=CONSISTENT,
        reason="1,437 to 2,061 is a rise of 43.42%, which rounds to the printed 43%.",
        exact=Fraction(62400, 1437),
        recomputed=Decimal("43.42"),
        interval=Interval(Fraction(85, 2), Fraction(87, 2)),
        recomputed_interval=point(Fraction(62400, 1437)),
    )


def test_a_round_count_beside_an_exact_one_is_exact() -> None:
    texts = ClaimTexts(stated="2,191", parts="535; 500; 964; 192")

    finding = check(read_claim(ClaimType.SUM, texts))

    assert finding.recomputed_interval == point(Fraction(2191))


def test_a_claim_with_an_input_derived_from_it_is_circular() -> None:
    claim = read_claim(ClaimType.SUM, ClaimTexts(stated="2,895", parts="1,437; 1,458"))

    assert check(replace(claim, circular=True)) == Finding(
        verdict=NOT_TESTABLE,
        reason="An input was derived from this claim, so testing it would be circular.",
    )


@pytest.mark.parametrize(
    ("stated", "verdict", "outcome"),
    [
        ("9,888", CONSISTENT, "within the printed 9,888"),
        ("6,888", INCONSISTENT, "not the printed 6,888"),
    ],
)
def test_parts_that_are_only_some_may_fall_short(
    stated: str, verdict: Verdict, outcome: str
) -> None:
    parts = "4,293; 1,361; 1,363; 547"
    claim = read_claim(ClaimType.SUM, ClaimTexts(stated=stated, parts=parts))

    finding = check(replace(claim, partial=True))

    assert finding.verdict is verdict
    assert finding.reason == f"4,293 + 1,361 + 1,363 + 547 is 7,564, {outcome}."


@pytest.mark.parametrize("claim_type", ClaimType)
def test_a_claim_without_any_input_is_not_testable(claim_type: ClaimType) -> None:
    finding = check(Claim(type=claim_type, direction=Direction.UP))

    assert finding == Finding(verdict=NOT_TESTABLE, reason=finding.reason)
    assert finding.reason.endswith("missing.")


def test_a_fall_truncated_is_told_as_such() -> None:
    texts = ClaimTexts(stated="24%", from_="363", to="274", direction="down")

    assert told("percent_change", texts) == (
        INCONSISTENT,
        "-24.52",
        "363 to 274 is a fall of 24.52%, not the printed 24%; "
        "it would hold if truncated, but figures are rounded.",
    )
