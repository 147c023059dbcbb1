"""A page of published documents and the head that it is true of: one statement, one row.

The database puts the documents together, byte by byte; nothing here reads or writes one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg.types.json import Jsonb

from publishing.api.head import COLUMNS, Head, read_row
from publishing.models import Kind

# An ask names what rests on it; one that is not published names nothing.
_OF_ASK = """id = ANY (ARRAY(
    SELECT jsonb_array_elements_text(facets -> 'items')::uuid FROM (
        SELECT facets FROM feed.items WHERE kind = 'ask' AND facets @> %(ask)s
        ORDER BY seq DESC LIMIT 1
    ) AS asked
))"""
_PAGE = """
SELECT {columns}, documents, last, more FROM feed.head CROSS JOIN (
    SELECT string_agg(body, ',' ORDER BY seq DESC) FILTER (WHERE place <= {limit}) AS documents,
        min(seq) FILTER (WHERE place <= {limit}) AS last,
        count(*) > {limit} AS more
    FROM (
        SELECT seq, body, row_number() OVER (ORDER BY seq DESC) AS place FROM feed.items
        WHERE {conditions} ORDER BY seq DESC LIMIT {limit} + 1
    ) AS listed
) AS page
"""


@dataclass(frozen=True, slots=True)
class Documents:
    """As a JSON list; `last` is the number of the last one, where more come after it."""

    listed: bytes = b"[]"
    last: int | None = None


def read_page(
    kind: Kind, *, limit: int, before: int | None = None, filters: Mapping[str, str]
) -> tuple[Head, Documents]:
    """Newest change first. The limit is written out and what is filtered by a value is planned for
    that value: both make a difference to the best way."""
    params: dict[str, object] = {"kind": str(kind)}
    conditions = ["kind = %(kind)s"]
    if before is not None:
        params["before"] = before
        conditions.append("seq < %(before)s")
    for name, value in filters.items():
        params[name] = Jsonb({name: [value.replace("-", "/") if name == "period" else value]})
        conditions.append(_OF_ASK if name == "ask" else f"facets @> %({name})s")
    sql = _PAGE.format(columns=COLUMNS, limit=limit, conditions=" AND ".join(conditions))
    head, page = read_row(sql, params, prepare=not filters)
    if not page or page[0] is None:
        return head, Documents()
    documents, last, more = page
    return head, Documents(b"[%b]" % documents, last if more else None)
