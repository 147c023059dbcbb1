"""Statistics as a table: stable columns, the list's filters, and no cell that is run."""

import csv
import io

import pytest

from publishing.formats import table
from publishing.formats.table import COLUMNS, safe
from publishing.models import Kind
from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/statistics/csv/"


def rows(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def test_the_columns_are_these_in_this_order() -> None:
    assert list(COLUMNS) == [
        *["id", "title", "measure", "display_value", "value", "unit", "qualifier"],
        *["area_name", "area_gss_code", "period_label", "period_start", "period_end"],
        *["source_title", "source_publisher", "source_url", "source_date", "caveat", "verdict"],
        *["wording_to_avoid", "citation_text", "licence", "updated_at", "url"],
    ]


def test_a_figure_as_a_row(read) -> None:
    figure = making.approved(make.statistic(caveat="Recorded offences only."))
    told = making.body_of(figure)

    response = read(ADDRESS)

    assert response["Content-Type"] == table.CONTENT_TYPE
    assert response["Cache-Control"] == "public, max-age=60, must-revalidate"
    assert "Link" not in response
    assert rows(response) == [
        {
            "id": str(figure.pk),
            "title": "Image crimes, Wales, 2016/17",
            "measure": "Image crimes",
            "display_value": "1,437",
            "value": "1437",
            "unit": told["unit"],
            "qualifier": told["qualifier"],
            "area_name": "Wales",
            "area_gss_code": "W92000004",
            "period_label": "2016/17",
            "period_start": "2016-04-01",
            "period_end": "2017-03-31",
            "source_title": "Report example-2023",
            "source_publisher": "The example-charity",
            "source_url": "",
            "source_date": told["source"]["date"],
            "caveat": "Recorded offences only.",
            "verdict": "",
            "wording_to_avoid": "",
            "citation_text": told["citation_text"],
            "licence": "",
            "updated_at": told["updated_at"],
            "url": told["url"],
        }
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", " =", "  @"])
def test_text_that_a_spreadsheet_would_run_is_disarmed(start: str) -> None:
    assert safe(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


def test_what_runs_nothing_is_left_as_it_is() -> None:
    assert [safe(value) for value in (-5, -0.5, "1,437", "a=b", None)] == [
        *[-5, -0.5, "1,437", "a=b", ""]
    ]


def test_a_hostile_caveat_reaches_the_table_disarmed(read) -> None:
    making.approved(make.statistic(caveat='=HYPERLINK("http://evil.test","x"),\r\n@SUM(1)'))

    (row,) = rows(read(ADDRESS))

    assert row["caveat"].startswith("'=HYPERLINK")


def test_the_filters_of_the_list_hold(read) -> None:
    making.approved(make.statistic())

    found = [len(rows(read(f"{ADDRESS}?area={code}"))) for code in ("W92000004", "E92000001")]

    assert found == [1, 0]


@pytest.mark.parametrize("asked", ["limit=5", "fields=title", "colour=red", "area=1", "cursor=x"])
def test_what_is_not_known_is_refused_by_name(read, asked: str) -> None:
    response = read(f"{ADDRESS}?{asked}")

    assert (response.status_code, response.json()["parameter"]) == (400, asked.partition("=")[0])


def test_the_next_page_is_named_beside_the_table(read, monkeypatch) -> None:
    monkeypatch.setattr(table, "ROWS", 2)
    for name in ("one", "two", "three"):
        making.written(name, kind=Kind.STATISTIC)

    first = read(ADDRESS)
    link = first["Link"].removeprefix("<").removesuffix('>; rel="next"')
    second = read(link)

    assert [row["title"] for row in rows(first) + rows(second)] == [
        "The three",
        "The two",
        "The one",
    ]
    assert "Link" not in second


def test_unchanged(read) -> None:
    making.written(kind=Kind.STATISTIC)
    etag = read(ADDRESS)["ETag"]

    again = read(ADDRESS, **{"If-None-Match": etag})
    making.removed()

    assert (again.status_code, again.content) == (304, b"")
    assert read(ADDRESS, **{"If-None-Match": etag}).status_code == 200
    assert rows(read(ADDRESS)) == []
