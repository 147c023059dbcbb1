"""A measure's series: one reading a cell, breaks and disagreements marked, and its chart."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence.charting import Point, Series
from evidence.models import Comparability, PeriodKind, Statistic
from evidence.series import series_of
from evidence.series_table import table_of
from tests import factories as make
from tests.publishing import making
from tests.publishing.making import body_of

pytestmark = pytest.mark.django_db


def source(key: str = "example-2023"):
    return make.Source.objects.filter(key=key).first() or make.source(key)


def figure(printed: str, year: int, **fields: object) -> Statistic:
    chosen = fields.pop("source", None) or source()
    return making.approved(
        make.statistic(printed, period=make.financial_year(year), source=chosen, **fields)
    )


def queries_of(ask) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def test_years_and_areas_with_a_break_and_a_conflict() -> None:
    force = make.area("W15000004", "Gwent", parent=make.area())
    figure("1,437", 2016)
    figure("2,061", 2021)
    figure("2,060", 2021, source=source("other-2023"))
    figure("2,194", 2023, comparability=Comparability.BREAK, caveat="Home Office data.")
    figure("259", 2016, area=force)

    series = series_of(make.measure())

    assert series.drawn == [
        Series("Gwent", (Point("2016/17", 2017, 259.0, "259"),)),
        Series(
            "Wales",
            (
                Point("2016/17", 2017, 1437.0, "1,437"),
                Point("2021/22", 2022, 2061.0, "2,061", contested=True),
                Point("2023/24", 2024, 2194.0, "2,194", comparable=False),
            ),
        ),
    ]
    assert series.caveat == (
        "Outlined: 2023/24 is not comparable with the other years. Home Office data. "
        "* Sources differ for Wales, 2021/22: 2,061 (The example-charity, 22 February 2023); "
        "2,060 (The example-charity, 22 February 2023)."
    )


def test_a_source_that_prints_the_financial_year_is_read_first() -> None:
    calendar = make.Period.objects.create(
        label="2017", kind=PeriodKind.CALENDAR_YEAR, start=date(2017, 1, 1), end=date(2017, 12, 31)
    )
    figure("1,437", 2016, source=source("a-first"), printed_period=calendar)
    plain = figure("1,437", 2016, source=source("b-second"))

    assert series_of(make.measure()).shown == [plain]


def test_what_is_not_approved_of_another_unit_or_retracted_stays_out() -> None:
    make.statistic("1,400", source=source("draft"))
    figure("43", 2017, unit="percent")
    gone = make.source("gone", retracted_on=date(2024, 1, 1), retraction_note="Wrong.")
    figure("1,500", 2018, source=gone)

    assert series_of(make.measure()).shown == []


def test_the_feed_draws_a_figure_beside_the_other_years_of_its_area() -> None:
    first = figure("1,437", 2016)
    alone = body_of(first)["chart"]
    figure("2,061", 2021)

    chart = body_of(first)["chart"]

    assert alone is None
    assert chart["title"] == {"text": "Image crimes, Wales, years ending 31 March"}
    assert chart["description"] == (
        "A bar chart from 2016/17 to 2021/22. Wales, 2016/17: 1,437. Wales, 2021/22: 2,061."
    )
    assert [(row["period"], row["value"]) for row in chart["data"]["values"]] == [
        ("2016/17", 1437.0),
        ("2021/22", 2061.0),
    ]


def test_a_first_year_that_must_not_be_compared_is_hollow_without_a_dashed_line() -> None:
    figure("1,437", 2016, comparability=Comparability.BREAK)
    figure("2,061", 2021)
    figure("2,194", 2023, comparability=Comparability.BREAK)

    drawn = series_of(make.measure()).spec()["data"]["values"]

    assert [(row["comparable"], row["breaks"]) for row in drawn] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_a_figure_of_another_area_changes_no_chart() -> None:
    first = figure("1,437", 2016)

    figure("259", 2017, area=make.area("W15000004", "Gwent"))

    assert body_of(first)["chart"] is None


def test_a_series_takes_one_query_however_many_figures() -> None:
    figure("1,437", 2016)
    with_one = queries_of(lambda: series_of(make.measure()).spec())
    figure("1,500", 2017)
    figure("1,600", 2018)

    assert queries_of(lambda: series_of(make.measure()).spec()) == with_one


def test_the_table_says_what_is_printed_and_what_follows() -> None:
    force = make.area("W15000004", "Gwent", parent=make.area())
    other = make.area("W15000001", "Dyfed-Powys", parent=make.area())
    make.statistic("700", source=source())
    make.statistic("259", source=source(), area=force)

    rows = table_of(make.measure()).rows

    assert [
        (row.area, row.period, [each.value_printed for each in row.figures], row.derived_value)
        for row in rows
    ] == [
        ("Wales", "2016/17", ["700"], ""),
        (other.name, "2016/17", [], "441"),
        ("Gwent", "2016/17", ["259"], ""),
    ]
    assert rows[1].derived is not None
    assert rows[1].derived.working == "700 - 259 = 441"


def test_the_table_marks_what_does_not_agree() -> None:
    make.statistic("1,437", source=source())
    make.statistic("1,500", source=source("other-2023"))

    [row] = table_of(make.measure()).rows

    assert row.marks == ("Sources differ",)


def test_the_table_takes_two_queries() -> None:
    for year in (2016, 2017, 2018):
        make.statistic("1,437", source=source(), period=make.financial_year(year))
    measure = make.measure()

    assert (
        queries_of(lambda: [str(each) for row in table_of(measure).rows for each in row.figures])
        == 2
    )
