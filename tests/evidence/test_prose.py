"""Numbers in running text: which are figures, what they print, and which nothing bears out."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from time import process_time

import pytest

from evidence.printed import Per, Unit, read_number
from evidence.prose import Found, numbers_in, reach, strained, unbound


def told(text: str) -> list[tuple[str, str, str, str]]:
    found = [(each.text, each.number) for each in numbers_in(text)]
    return [(words, str(n.value), str(n.unit), str(n.qualifier)) for words, n in found]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Calls rose 43% to 2,061.", [("43%", "43", "percent", "exact"),
                                     ("2,061", "2061", "count", "exact")]),
        ("About 1 in 4, or one in four, said so.", [("About 1 in 4", "1/4", "fraction", "about"),
                                             ("one in four", "1/4", "fraction", "exact")]),
        ("It more than doubled", [("more than doubled", "2", "multiple", "over")]),
        ("trebling in Wales, halving elsewhere", [("trebling", "3", "multiple", "exact"),
                                                  ("halving", "1/2", "multiple", "exact")]),
        ("reached 1.15 million", [("1.15 million", "1150000", "count", "exact")]),
        ("1.15million calls", [("1.15million", "1150000", "count", "exact")]),
        ("nearly two-thirds of them", [("nearly two-thirds", "2/3", "fraction", "nearly")]),
        ("cost £1.2bn", [("£1.2bn", "1200000000", "money", "exact")]),
        ("up five percentage points", [("five percentage points", "5", "percentage_point",
                                        "exact")]),
        ("Two hundred and five callers", [("Two hundred and five", "205", "count", "exact")]),
        ("Twenty-three calls", [("Twenty-three", "23", "count", "exact")]),
        ("almost six calls a day", [("almost six", "6", "rate", "nearly")]),
        ("a call every 23 minutes", [("every 23 minutes", "23", "rate", "exact")]),
        ("5.2 per 1,000 people", [("5.2", "26/5", "rate", "exact")]),
        ("10-15% of them", [("10", "10", "percent", "exact"), ("15%", "15", "percent", "exact")]),
        ("two to three million", [("two", "2", "count", "exact"),
                                  ("three million", "3000000", "count", "exact")]),
        ("two and a half million", [("two and a half million", "2500000", "count", "exact")]),
        ("half a million", [("half a million", "500000", "count", "exact")]),
        ("half of the calls", [("half", "1/2", "fraction", "exact")]),
        ("three times as many", [("three times", "3", "multiple", "exact")]),
        ("a ten-fold rise", [("ten-fold", "10", "multiple", "exact")]),
        ("30,000+ calls, 100 or more", [("30,000+", "30000", "count", "at_least"),
                                        ("100 or more", "100", "count", "at_least")]),
        ("data from 41 of 43 forces", [("41", "41", "count", "exact"),
                                       ("43", "43", "count", "exact")]),
        ("three of the four forces", [("three of the four", "3/4", "fraction", "exact")]),
        ("a quarter (3/4 or ½) more", [("a quarter", "1/4", "fraction", "exact"),
                                       ("3/4", "3/4", "fraction", "exact"),
                                       ("½", "1/2", "fraction", "exact")]),
        ("double the number, twice as many", [("double", "2", "multiple", "exact"),
                                              ("twice", "2", "multiple", "exact")]),
        ("a hundred calls", [("a hundred", "100", "count", "exact")]),
        ("one per cent", [("one per cent", "1", "percent", "exact")]),
        ("2061 calls in 2022", [("2061", "2061", "count", "exact")]),
        ("clause 12 and 43% of calls", [("43%", "43", "percent", "exact")]),
        ("In Schedule 7, 2,061 words", [("2,061", "2061", "count", "exact")]),
        ("36 separate offences, 25 junior doctors, 12 decent homes, 30 octogenarians",
         [("36", "36", "count", "exact"), ("25", "25", "count", "exact"),
          ("12", "12", "count", "exact"), ("30", "30", "count", "exact")]),
        ("It declined 24 per cent; we marked 13 cases and decided 14",
         [("24 per cent", "24", "percent", "exact"), ("13", "13", "count", "exact"),
          ("14", "14", "count", "exact")]),
        ("3 may follow, 25 march on; in May 43 did, in Sept 32",
         [("3", "3", "count", "exact"), ("25", "25", "count", "exact"),
          ("43", "43", "count", "exact"), ("32", "32", "count", "exact")]),
        ("Last year 514 image crimes, this week 300, each week 12",
         [("514", "514", "count", "exact"), ("300", "300", "count", "exact"),
          ("12", "12", "count", "exact")]),
        ("In the year 12 children, in a single year 14; every day 30, year on year 24 more",
         [("12", "12", "count", "exact"), ("14", "14", "count", "exact"),
          ("30", "30", "count", "exact"), ("24", "24", "count", "exact")]),
        ("Last year twelve children, in recent weeks 30",
         [("twelve", "12", "count", "exact"), ("30", "30", "count", "exact")]),
        ("In Year 300 children", [("300", "300", "count", "exact")]),
        ("1. Fund 30 more\n2) Fund 40", [("30", "30", "count", "exact"),
                                         ("40", "40", "count", "exact")]),
    ],
)  # fmt: skip
def test_numbers_are_found(text: str, numbers: list[tuple[str, str, str, str]]) -> None:
    assert told(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "on 3 May 2022, 19/07/2023, 2023-07-19, May 3, 2022 and 1 to 4 June",
        "12 Mar. 2023, Mar 12, 3 Sept, Sept 3, 5 Sept. and 1 Sep, 2nd of June, 31 DEC 2022, 1 Oct",
        "3 may 2022, 12 mar. 2023, 12 march, 2023, 12 January, Feb 29, 30 Nov, May 31st",
        "year 11 pupils, Year 9, years 7 to 9, Years 7, 8 and 9, week 3, weeks 1-3, year twelve",
        "a Year 11 pupil, the Year 7s, each Year 9 class, by week 3, on day 5, school year 11",
        "in 2016/17, 2016-17, 2016/2017, 2022 or the 1990s, before ’97",
        "at 10.30am, 5 pm, 23:15, 9 o'clock, half past nine",
        "over 5 years, a two-year wait, 12 months, 24 hours, half an hour, five to ten days",
        "the 19th, twenty-first, the third quarter, the first half, a third reading",
        "aged 11 to 16, under 18s, over-65s, a 9-year-old, 16- to 24-year-olds, 16 and over",
        "children under 13; she was 14 when it began; anyone over the age of 18",
        "clause 12, clauses 12, 13(2)(a) and 14A to 16, section 1(1), Schedule 7, page 36, line 42",
        "Amendment 270A, amendments 262A and 262B, new clause NC2, HL Bill 87, HC 12, class 86",
        "Category 1 services, part three, Key Stage 2, Covid-19, 5G, A4, SW1A 0PW, MP3",
        "call 0800 1111, +44 20 7946 0000, ring 999",
        "https://news.example/2023/43-per-cent, www.a.example/12, me12@example.org, #1in4 and @x99",
        "[1] a note (2), another",
        "FOI 262/2025 and [2023] EWCA 12; open 24/7",
        "one of us, no one, zero tolerance, twice a week, double standards, the four forces",
        "a third party and halfway there",
        "per 1,000 people",
        "hundreds of images, thousands of calls",
    ],
)
def test_what_is_no_figure_is_left_out(text: str) -> None:
    assert told(text) == []


def test_the_place_is_that_of_the_text_itself() -> None:
    text = "Since 2016/17 – “nearly two-thirds” – it is 2,061."

    found = numbers_in(text)

    assert [text[each.start : each.end] for each in found] == ["nearly two-thirds", "2,061"]
    assert found[1] == Found(44, 49, "2,061", read_number("2,061"))


def test_a_rate_knows_its_period() -> None:
    [found] = numbers_in("about four recorded calls per week")

    assert (found.text, found.number.per) == ("about four", Per.WEEK)


@dataclass(frozen=True)
class Figure:
    value: Decimal | Fraction
    unit: str


RISE = Figure(Decimal("43.42"), "percent")
THIRD = Figure(Decimal("33.08"), "percent")
CALLS = Figure(Decimal(2061), "count")
FALL = Figure(Decimal("-24.2"), "percent")
DAILY = Figure(Decimal("5.995"), "rate")


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("43%", RISE), ("43.4 per cent", RISE), ("more than two-fifths", RISE),
        ("a third", THIRD), ("one in three", THIRD), ("about a third", THIRD),
        ("2,061", CALLS), ("more than 2,000", CALLS), ("about 2,000", CALLS), ("2,000", CALLS),
        ("fell by 24.2%", FALL), ("almost a quarter", FALL),
        ("almost six a day", DAILY), ("six calls a day", DAILY),
        ("two-thirds", read_number("two-thirds")), ("67%", read_number("two-thirds")),
    ],
)  # fmt: skip
def test_a_figure_bears_out_the_wording_that_stands_for_it(text: str, figure: Figure) -> None:
    assert unbound(text, [figure]) == []


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("44%", RISE), ("two-fifths", RISE), ("43.5%", RISE), ("43 calls", RISE),
        ("43 percentage points", RISE), ("more than 10%", RISE), ("a quarter", THIRD),
        ("2,062", CALLS), ("more than 1,000", CALLS),
        ("nearly 3,000", CALLS), ("3,000", CALLS), ("2,061%", CALLS), ("£2,061", CALLS),
        ("up to 10,000", CALLS), ("100 calls", Figure(Decimal(104), "count")),
        ("five a day", DAILY),
    ],
)  # fmt: skip
def test_a_wording_that_stands_for_something_else_is_unbound(text: str, figure: Figure) -> None:
    assert [each.text for each in unbound(text, [figure])] == [numbers_in(text)[0].text]


@pytest.mark.parametrize(
    ("text", "value", "unit", "binds"),
    [
        ("more than 1,900", 2061, "count", True),
        ("more than 1,900", 2090, "count", True),
        ("more than 1,900", 2091, "count", False),
        ("more than 1,900", 2400, "count", False),
        ("more than 1,900", 1899, "count", False),
        ("more than 1,900", 1900, "count", True),
        ("at least 1,000", 1900, "count", False),
        ("more than 3%", Decimal("3.9"), "percent", True),
        ("more than 3%", 4, "percent", False),
        ("more than 2 million", 2_400_000, "count", False),
        ("more than doubled", Decimal("2.4"), "multiple", True),
        ("more than doubled", 3, "multiple", False),
        ("more than half of them", 54, "percent", True),
        ("more than half of them", 60, "percent", False),
        ("fewer than 2,100", 2061, "count", True),
        ("fewer than 2,100", 1500, "count", False),
    ],
)
def test_more_than_reaches_as_far_as_a_fair_writer(text, value, unit, binds) -> None:
    assert (unbound(text, [Figure(Decimal(value), unit)]) == []) is binds


def test_a_word_that_is_stretched_too_far_says_to_which_figure() -> None:
    [found] = numbers_in("more than 1,900")
    figures = [Figure(Decimal(2400), "count"), Figure(Decimal(9000), "count")]

    assert strained(found, figures) == (
        "2,400 is too far above it to be told so: name a nearer number."
    )
    assert strained(found, [Figure(Decimal(12), "percent")]) == ""


def test_each_number_may_bind_to_another_figure() -> None:
    text = "Calls rose 43%, or 624, to 2,061; a third came by night."

    assert [each.text for each in unbound(text, [RISE, THIRD, CALLS])] == ["624"]


@pytest.mark.parametrize("text", ["1" * 20_000, "one " * 5_000, "1,1" * 5_000, "x@" * 5_000])
def test_hostile_text_takes_no_longer_than_its_length(text: str) -> None:
    begun = process_time()

    numbers_in(text)

    assert process_time() - begun < 5


WORDINGS = (
    "2,061", "about 2,000", "more than 30,000", "at least 40", "fewer than 90", "up to 500",
    "seven", "43%", "over 3%", "nearly 50%", "a third", "1 in 4", "more than half", "doubled",
    "twice as many", "£2.5 million", "six offences a day", "1.15 million", "0.5%",
)  # fmt: skip
STEPS = [Fraction(each, 100) for each in range(80, 131, 5)]


@pytest.mark.parametrize("wording", WORDINGS)
def test_no_figure_beyond_its_reach_bears_a_number_out(wording):
    text = f"It was {wording} of the calls."
    [found] = numbers_in(text)
    size, within = abs(found.number.value), reach(found.number)
    sizes = [size * step * scale for step in STEPS for scale in (Fraction(1, 100), 1, 100)]

    for unit in Unit:
        borne = [each for each in sizes if not unbound(text, [Figure(each, unit)])]
        ends = [(low, high) for told, low, high in within if told is unit]
        assert all(low <= each <= high for each in borne for low, high in ends)
        assert ends or not borne
