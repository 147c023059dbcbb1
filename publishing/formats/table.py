"""Statistics as CSV, for spreadsheets: stable columns, and no cell that one of them would run."""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

from publishing.addresses import SEGMENTS, list_address
from publishing.api.endpoint import Made, by_head, endpoint
from publishing.api.head import Head
from publishing.api.lists import Page, Query
from publishing.api.problems import bad_parameter
from publishing.encoding import decode
from publishing.models import Kind

ROWS = 1_000  # an answer
CONTENT_TYPE = "text/csv; charset=utf-8; header=present"
# In this order for good: a new column goes to the end.
COLUMNS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "id": lambda told: told["id"],
    "title": lambda told: told["title"],
    "measure": lambda told: told.get("measure"),
    "display_value": lambda told: told.get("display_value"),
    "value": lambda told: told.get("value"),
    "unit": lambda told: told.get("unit"),
    "qualifier": lambda told: told.get("qualifier"),
    "area_name": lambda told: _part(told, "area", "name"),
    "area_gss_code": lambda told: _part(told, "area", "gss_code"),
    "period_label": lambda told: _part(told, "period", "label"),
    "period_start": lambda told: _part(told, "period", "start"),
    "period_end": lambda told: _part(told, "period", "end"),
    "source_title": lambda told: _part(told, "source", "title"),
    "source_publisher": lambda told: _part(told, "source", "publisher"),
    "source_url": lambda told: _part(told, "source", "url"),
    "source_date": lambda told: _part(told, "source", "date"),
    "caveat": lambda told: told.get("caveat"),
    "verdict": lambda told: told.get("verdict"),
    "wording_to_avoid": lambda told: told.get("wording_to_avoid"),
    "citation_text": lambda told: told.get("citation_text"),
    "licence": lambda told: told.get("licence"),
    "updated_at": lambda told: told["updated_at"],
    "url": lambda told: told["url"],
}
# What a spreadsheet takes for the beginning of a formula, or skips in front of one.
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@endpoint
def statistics_csv(request: HttpRequest) -> HttpResponse:
    """A page of the list as a table; the next one is named in `Link`, as a table cannot hold it."""
    for name in ("limit", "fields"):
        if name in request.GET:
            raise bad_parameter(name, f"A table has all its columns, and {ROWS:,} rows an answer.")
    query = Query.read(request.GET, Kind.STATISTIC)
    page = Page(query, ROWS)

    def render(_head: Head) -> Made:
        documents = page.documents()
        table = _table(decode(documents.listed))
        if documents.last is None:
            return Made(table)
        return Made(table, headers=(("Link", f'<{_address(query, documents.last)}>; rel="next"'),))

    response = by_head(
        request,
        page=_address(query, query.before),
        render=render,
        keys=SEGMENTS[Kind.STATISTIC],
        content_type=CONTENT_TYPE,
        read=page.read,
    )
    response["Content-Disposition"] = 'attachment; filename="statistics.csv"'
    return response


def safe(value: Any) -> Any:
    """Text that could be run begins with an apostrophe; a number stays one, be it below zero."""
    if value is None:
        return ""
    if isinstance(value, str) and value.lstrip(" ").startswith(RUNS):
        return f"'{value}"
    return value


def _table(documents: Iterable[dict[str, Any]]) -> bytes:
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for told in documents:
        table.writerow([safe(cell(told)) for cell in COLUMNS.values()])
    return written.getvalue().encode()


def _address(query: Query, before: int | None) -> str:
    listed = list_address(Kind.STATISTIC)
    return query.address(before).replace(listed, f"{listed}csv/", 1)


def _part(told: dict[str, Any], name: str, part: str) -> Any:
    return (told.get(name) or {}).get(part)
