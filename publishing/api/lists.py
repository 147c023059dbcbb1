"""Lists of published documents, newest change first."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict

from publishing.addresses import SEGMENTS, list_address
from publishing.api import fields, parameters
from publishing.api.endpoint import by_head, endpoint
from publishing.api.head import Head, read_head, read_with_head
from publishing.api.problems import bad_parameter
from publishing.api.tokens import cursor_after, read_cursor
from publishing.encoding import as_stored, encode
from publishing.models import FeedItem, Kind

# What each kind can be filtered by; anything else is refused.
FILTERS: dict[Kind, frozenset[str]] = {
    Kind.STATISTIC: frozenset({"area", "ask", "period", "source", "topic"}),
    Kind.SOURCE: frozenset({"ask", "source_kind"}),
    Kind.TESTIMONY: frozenset({"ask"}),
    Kind.AMENDMENT: frozenset({"ask"}),
    Kind.ASK: frozenset({"topic"}),
    Kind.BILL: frozenset(),
    Kind.CAMPAIGN: frozenset(),
}
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,80}", re.ASCII)
FORMS = {
    "area": (re.compile(r"[A-Z][0-9]{8}", re.ASCII), "A GSS code, as in W92000004."),
    "ask": (_NAME, "An ask's id or slug."),
    "period": (
        re.compile(r"[0-9]{4}([/-][0-9]{2}([0-9]{2})?)?", re.ASCII),
        "A year as in 2018, or a period as in 2017/18.",
    ),
    "source": (_NAME, "A source's id or key."),
    "source_kind": (_NAME, "As a source's document has it."),
    "topic": (_NAME, "A measure's key, or for asks a campaign's slug."),
}


@dataclass(frozen=True, slots=True)
class Query:
    """One page of one list, as the address asks for it."""

    kind: Kind
    limit: int = parameters.LIMIT
    before: int | None = None
    filters: dict[str, str] = field(default_factory=dict)
    wanted: fields.Wanted = ()

    @classmethod
    def read(cls, given: QueryDict, kind: Kind) -> "Query":
        values = parameters.read(given, {"limit", "cursor", fields.NAME, *FILTERS[kind]})
        filters = {name: values[name] for name in sorted(FILTERS[kind] & values.keys())}
        for name, value in filters.items():
            form, said = FORMS[name]
            if not form.fullmatch(value):
                raise bad_parameter(name, said)
        before = read_cursor(values["cursor"]) if "cursor" in values else None
        wanted = fields.read(values, kind)
        return cls(kind, parameters.limit_of(values), before, filters, wanted)

    def address(self, before: int | None) -> str:
        """Canonical: it names a page in the cache as well as for its reader."""
        values = dict(self.filters)
        if self.limit != parameters.LIMIT:
            values["limit"] = str(self.limit)
        if before is not None:
            values["cursor"] = cursor_after(before)
        if self.wanted:
            values[fields.NAME] = ",".join(self.wanted)
        asked = parameters.canonical(values)
        return list_address(self.kind) + (f"?{asked}" if asked else "")


type Row = tuple[int, "bytes | memoryview[int]"]  # its number and its document


@endpoint
def list_items(request: HttpRequest, kind: Kind) -> HttpResponse:
    query = Query.read(request.GET, kind)
    page = _Page(query)
    return by_head(
        request,
        page=query.address(query.before),
        render=page.render,
        keys=SEGMENTS[kind],
        read=page.read,
    )


class _Page:
    """The rows of a page, fetched with the head where nothing is known of it yet."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.rows: list[Row] | None = None

    def read(self) -> Head:
        if "ask" in self.query.filters:  # what belongs to it is asked first, and is to be no older
            return read_head()
        head, rows = read_with_head(*self._asked().query.sql_with_params())
        self.rows = [(seq, body) for seq, body in rows]
        return head

    def render(self, _head: Head) -> bytes:
        query = self.query
        rows = list(self._asked()) if self.rows is None else self.rows
        more = len(rows) > query.limit
        rows = rows[: query.limit]
        return encode(
            {
                "items": [as_stored(fields.only(bytes(body), query.wanted)) for _, body in rows],
                "next": query.address(rows[-1][0]) if more else None,
            }
        )

    def _asked(self) -> QuerySet[FeedItem, Row]:
        return items_of(self.query).values_list("seq", "body")[: self.query.limit + 1]


def items_of(query: Query) -> QuerySet[FeedItem]:
    items = FeedItem.objects.using("feed").filter(kind=query.kind).order_by("-seq")
    if query.before is not None:
        items = items.filter(seq__lt=query.before)
    for name, value in query.filters.items():
        if name == "ask":
            items = items.filter(pk__in=_of_ask(value))
        else:
            spelt = value.replace("-", "/") if name == "period" else value
            items = items.filter(facets__contains={name: [spelt]})
    return items


def _of_ask(named: str) -> list[Any]:
    """What a published ask rests on; an ask that is not published says nothing."""
    asks = FeedItem.objects.using("feed").filter(kind=Kind.ASK, facets__contains={"ask": [named]})
    facets = asks.values_list("facets", flat=True).first()
    return facets["items"] if facets else []
