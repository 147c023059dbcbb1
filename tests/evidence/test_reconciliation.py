"""Which printed figures disagree, and which only look alike."""

from datetime import date

import pytest

from evidence.cells import Figure, Span
from evidence.printed import read_number
from evidence.reconciliation import Kind, conflicts, contested, may_be_one
from tests.evidence.figure_rows import AREAS, figure

CALENDAR_2017 = ("2017", Span(date(2017, 1, 1), date(2017, 12, 31)))

CASES = {
    "one figure": ([figure("w", 2016, "1,437", "a")], []),
    "sources that agree": (
        [figure("w", 2016, "1,437", "a"), figure("w", 2016, "1,437", "b")],
        [],
    ),
    "sources that disagree": (
        [figure("w", 2016, "1,437", "a"), figure("w", 2016, "1,438", "b")],
        [(Kind.VALUE, "Wales, 2016/17: 1,437 (a) and 1,438 (b) do not agree.")],
    ),
    "a rounded figure that agrees": (
        [figure("w", 2016, "1,437", "a"), figure("w", 2016, "over 1,400", "b")],
        [],
    ),
    "a rounded figure that does not": (
        [figure("w", 2016, "1,437", "a"), figure("w", 2016, "over 1,500", "b")],
        [(Kind.VALUE, "Wales, 2016/17: 1,437 (a) and over 1,500 (b) do not agree.")],
    ),
    "another measure": (
        [figure("w", 2016, "1,437", "a"), figure("w", 2016, "1,438", "b", measure="other")],
        [],
    ),
    "another label for the same year, in one source": (
        [figure("w", 2016, "1,437", "a", printed=CALENDAR_2017)],
        [
            (
                Kind.PERIOD_LABEL,
                "Wales: 1,437 is printed for 2016/17 and for 2017; read as 2016/17.",
            )
        ],
    ),
    "the same value of two years that do not overlap": (
        [figure("w", 2016, "528", "a"), figure("w", 2021, "528", "b")],
        [],
    ),
    "the same value of a year and of two years": (
        [figure("w", 2016, "528", "a"), figure("w", 2016, "528", "b", years=2)],
        [],
    ),
    "one value for two territories": (
        [figure("ew", 2021, "30,925", "a"), figure("uk", 2021, "30,925", "b")],
        [
            (
                Kind.TERRITORY,
                "2021/22: 30,925 is said of England and Wales (a) and 30,925 is said of UK (b); "
                "which territory is meant is open.",
            )
        ],
    ),
    "one value for two territories, once loosely": (
        [figure("ew", 2021, "30,925", "a"), figure("uk", 2021, "over 30,000", "b")],
        [
            (
                Kind.TERRITORY,
                "2021/22: 30,925 is said of England and Wales (a) and over 30,000 is said of UK "
                "(b); which territory is meant is open.",
            )
        ],
    ),
    "the same value of two areas side by side": (
        [figure("n", 2021, "267", "a"), figure("g", 2021, "267", "b")],
        [],
    ),
    "the same value of an area and of the one around it, told apart by their source": (
        [figure("ew", 2021, "30,925", "a"), figure("uk", 2021, "30,925", "a")],
        [],
    ),
    "the same value of another measure around it": (
        [figure("ew", 2021, "30,925", "a"), figure("uk", 2021, "30,925", "b", measure="other")],
        [],
    ),
    "the same value of another year around it": (
        [figure("ew", 2021, "30,925", "a"), figure("uk", 2020, "30,925", "b")],
        [],
    ),
    "parts that add up": (
        [
            figure("w", 2023, "6", "a"),
            figure("n", 2023, "1", "a"),
            figure("g", 2023, "2", "a"),
            figure("s", 2023, "3", "a"),
        ],
        [],
    ),
    "parts that do not add up": (
        [
            figure("w", 2023, "7", "a"),
            figure("n", 2023, "1", "a"),
            figure("g", 2023, "2", "a"),
            figure("s", 2023, "3", "a"),
        ],
        [(Kind.PARTS, "Wales, 2023/24: 2 + 1 + 3 = 6, but a prints 7.")],
    ),
    "parts of which one is missing": (
        [figure("w", 2023, "7", "a"), figure("n", 2023, "1", "a"), figure("g", 2023, "2", "a")],
        [],
    ),
    "parts of what does not add up by nature": (
        [
            figure("w", 2023, "7", "a", additive=False),
            figure("n", 2023, "1", "a", additive=False),
            figure("g", 2023, "2", "a", additive=False),
            figure("s", 2023, "3", "a", additive=False),
        ],
        [],
    ),
    "a year of another series": (
        [
            figure("w", 2016, "1,437", "a"),
            figure("w", 2023, "2,194", "h", comparable=False, caveat="Home Office data."),
        ],
        [
            (
                Kind.COMPARABILITY,
                "Wales, 2023/24 (h): not comparable with the other years without its note. "
                "Home Office data.",
            )
        ],
    ),
    "a whole series that needs its note": (
        [figure("w", 2023, "2,194", "h", comparable=False)],
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_conflicts(name: str):
    figures, expected = CASES[name]

    found = conflicts(figures, AREAS)

    assert [(each.kind, each.wording) for each in found] == expected


@pytest.mark.parametrize("name", CASES)
def test_the_order_of_the_rows_makes_no_difference_to_what_conflicts(name: str):
    figures, expected = CASES[name]

    found = conflicts(figures[::-1], AREAS)

    assert [each.kind for each in found] == [kind for kind, _ in expected]


def test_a_conflict_names_what_each_source_prints():
    found = conflicts(
        [
            figure("w", 2016, "1,437", "d", printed=CALENDAR_2017),
            figure("w", 2016, "1,437", "t"),
            figure("w", 2016, "1,437", "w"),
        ],
        AREAS,
    )

    assert [(each.printed, each.period, each.sources) for each in found[0].readings] == [
        ("1,437", "2016/17", ("t", "w")),
        ("1,437", "2017", ("d",)),
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("30,925", "30,925", True),
        ("30,925", "over 30,000", True),
        ("30,000", "over 30,000", True),
        ("41,000", "over 30,000", False),
        ("100,000", "over 30,000", False),
        ("29,999", "over 30,000", False),
        ("39,500", "nearly 40,000", True),
        ("29,500", "nearly 40,000", False),
        ("1,437", "1,438", False),
        ("43", "43%", False),
    ],
)
def test_what_may_be_one_number(one: str, other: str, same: bool):
    assert may_be_one(read_number(one), read_number(other)) is same
    assert may_be_one(read_number(other), read_number(one)) is same


def test_figures_whose_value_or_territory_is_open_are_contested():
    figures: list[Figure] = [
        figure("w", 2016, "1,437", "a"),
        figure("w", 2016, "1,438", "b"),
        figure("ew", 2021, "30,925", "a"),
        figure("uk", 2021, "over 30,000", "b"),
        figure("n", 2016, "287", "a", printed=CALENDAR_2017),
    ]

    found = contested(conflicts(figures, AREAS))

    assert found == {each.id for each in figures[:4]}
