"""What follows from printed figures, and from which of them."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from evidence.cells import Figure, Span
from evidence.derivation import Status, derived
from evidence.printed import read_number
from tests.evidence.figure_rows import AREAS, figure

PARTS = [
    figure("w", 2016, "1,437", "d"),
    figure("n", 2016, "287", "b"),
    figure("s", 2016, "891", "b"),
]
CHAIN = [
    *PARTS,
    figure("w", 2016, "2,895", "b", years=2),
    figure("n", 2017, "373", "b"),
    figure("s", 2017, "818", "b"),
]


def told(figures: list[Figure], **others: object) -> list[tuple[str, str, Status, str]]:
    found = derived(figures, AREAS, **others)
    return [(each.cell.area, each.label, each.status, each.working) for each in found]


def test_a_missing_part_is_the_total_less_the_others():
    assert told(PARTS) == [("g", "2016/17", Status.DERIVED, "1,437 - 287 - 891 = 259")]


def test_steps_follow_from_one_another():
    assert told(CHAIN) == [
        ("g", "2016/17", Status.DERIVED, "1,437 - 287 - 891 = 259"),
        ("g", "2017/18", Status.DERIVED, "2,895 - 1,437 = 1,458; 1,458 - 373 - 818 = 267"),
        ("w", "2017/18", Status.DERIVED, "2,895 - 1,437 = 1,458"),
    ]


@pytest.mark.parametrize(
    ("printed", "status"), [("259", Status.CONFIRMED), ("260", Status.CONTRADICTED)]
)
def test_a_source_that_prints_it_confirms_or_contradicts(printed: str, status: Status):
    found = derived([*PARTS, figure("g", 2016, printed, "w")], AREAS)

    assert [(each.status, each.value, each.printed, each.printed_in) for each in found] == [
        (status, 259, (printed,), ("w",))
    ]


def test_a_source_confirms_nothing_with_its_own_figures():
    own = [replace(each, source="w") for each in PARTS]

    assert told([*own, figure("g", 2016, "259", "w")]) == []


def test_the_chain_as_well_is_free_of_the_source_that_prints_it():
    through_w = [figure("w", 2017, "1,458", "w"), figure("g", 2017, "267", "w")]

    found = derived([*CHAIN, *through_w], AREAS)

    gwent = next(each for each in found if each.cell.area == "g" and each.label == "2017/18")
    assert (gwent.status, gwent.sources) == (Status.CONFIRMED, ("b", "d"))
    assert gwent.working == "2,895 - 1,437 = 1,458; 1,458 - 373 - 818 = 267"


def test_the_cells_that_were_used_are_told():
    gwent = derived(CHAIN, AREAS)[1]

    assert {(cell.area, cell.span) for cell in gwent.used} == {
        (each.cell.area, each.cell.span) for each in CHAIN if each not in PARTS[1:]
    } | {("w", gwent.cell.span), ("g", gwent.cell.span)}


@pytest.mark.parametrize(
    "spoilt",
    [
        {"additive": False},
        {"comparable": False},
        {"number": figure("w", 2016, "over 1,400", "d").number},
        {"number": figure("w", 2016, "1,400", "d").number},
        {"number": figure("w", 2016, "301", "d").number},
    ],
    ids=["not additive", "needs its note", "rounded", "round", "less than its parts"],
)
def test_nothing_follows_from(spoilt: dict[str, object]):
    assert told([replace(PARTS[0], **spoilt), *PARTS[1:]]) == []


def test_figures_that_need_a_note_go_with_their_own_source():
    noted = [replace(each, source="h", comparable=False) for each in PARTS]

    assert told(noted) == [("g", "2016/17", Status.DERIVED, "1,437 - 287 - 891 = 259")]


def test_nothing_follows_from_a_contested_figure():
    assert told(PARTS, contested=frozenset({PARTS[1].id})) == []


def test_a_round_count_below_a_thousand_is_taken_at_its_word():
    assert told([*PARTS[:2], figure("s", 2016, "900", "b")]) == [
        ("g", "2016/17", Status.DERIVED, "1,437 - 287 - 900 = 250")
    ]


def test_two_missing_parts_stay_missing():
    assert told(PARTS[:2]) == []


def test_an_only_part_is_not_its_whole():
    assert told([figure("ew", 2016, "30,925", "a")]) == []


def test_years_with_a_day_between_make_no_total():
    late = Span(date(2017, 4, 2), date(2018, 3, 31))
    total = figure("w", 2016, "2,895", "b", years=2)
    second = figure("w", 2017, "1,458", "a")
    second = replace(second, cell=second.cell._replace(span=late))

    assert told([total, second]) == []


def months_of(year: int) -> list[Span]:
    """The twelve months from April on."""
    starts = [date(year + (month > 12), (month - 1) % 12 + 1, 1) for month in range(4, 17)]
    return [Span(start, end - timedelta(days=1)) for start, end in pairwise(starts)]


def test_months_make_a_year():
    months = months_of(2016)
    year = figure("w", 2016, "1,188", "a")
    rows = [
        replace(year, cell=year.cell._replace(span=span), number=read_number("99"), label=str(n))
        for n, span in enumerate(months)
    ]

    found = derived([year, *rows[:4], *rows[5:], replace(rows[4], source="b")], AREAS)

    fifth = next(each for each in found if each.cell.span == months[4])
    assert (fifth.value, fifth.status) == (99, Status.CONFIRMED)


def test_ways_that_lead_nowhere_are_not_walked():
    """With one day missing at the end, no way of adding halves of months up comes to an end."""
    halves = [Span(day, day) for day in (date(2016, 4, 1) + timedelta(days=n) for n in range(40))]
    pairs = [Span(one.start, other.end) for one, other in pairwise(halves)]
    whole = Span(date(2016, 4, 1), date(2016, 5, 11))
    year = figure("w", 2016, "101", "a")
    rows = [replace(year, cell=year.cell._replace(span=each)) for each in (*halves, *pairs, whole)]

    found = derived(rows, AREAS)

    assert all(each.cell.span.days <= 2 for each in found)
