"""Lists of published documents, newest change first."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict

from publishing.addresses import SEGMENTS, list_address
from publishing.api import parameters
from publishing.api.endpoint import conditional, endpoint
from publishing.api.head import read_head
from publishing.api.problems import bad_parameter
from publishing.api.tokens import cursor_after, read_cursor
from publishing.encoding import as_stored, encode
from publishing.models import FeedItem, Kind

# What each kind can be filtered by; anything else is refused.
FILTERS: dict[Kind, frozenset[str]] = {
    Kind.STATISTIC: frozenset({"area", "ask", "source"}),
    Kind.SOURCE: frozenset({"ask"}),
    Kind.TESTIMONY: frozenset({"ask"}),
    Kind.AMENDMENT: frozenset({"ask"}),
    Kind.ASK: frozenset(),
    Kind.BILL: frozenset(),
    Kind.CAMPAIGN: frozenset(),
}
FORMS = {
    "area": (re.compile(r"[A-Z][0-9]{8}", re.ASCII), "A GSS code, as in W92000004."),
    "ask": (re.compile(r"[a-zA-Z0-9_-]{1,80}", re.ASCII), "An ask's id or slug."),
    "source": (re.compile(r"[a-zA-Z0-9_-]{1,80}", re.ASCII), "A source's id or key."),
}


@dataclass(frozen=True, slots=True)
class Query:
    """One page of one list, as the address asks for it."""

    kind: Kind
    limit: int = parameters.LIMIT
    before: int | None = None
    filters: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, given: QueryDict, kind: Kind) -> "Query":
        values = parameters.read(given, {"limit", "cursor", *FILTERS[kind]})
        filters = {name: values[name] for name in sorted(FILTERS[kind] & values.keys())}
        for name, value in filters.items():
            form, said = FORMS[name]
            if not form.fullmatch(value):
                raise bad_parameter(name, said)
        before = read_cursor(values["cursor"]) if "cursor" in values else None
        return cls(kind, parameters.limit_of(values), before, filters)

    def address(self, before: int | None) -> str:
        """Canonical: it names a page in the cache as well as for its reader."""
        values = dict(self.filters)
        if self.limit != parameters.LIMIT:
            values["limit"] = str(self.limit)
        if before is not None:
            values["cursor"] = cursor_after(before)
        asked = parameters.canonical(values)
        return list_address(self.kind) + (f"?{asked}" if asked else "")


@endpoint
def list_items(request: HttpRequest, kind: Kind) -> HttpResponse:
    query = Query.read(request.GET, kind)
    return conditional(
        request,
        etag=read_head().etag(query.address(query.before)),
        render=lambda: _page(query),
        keys=SEGMENTS[kind],
    )


def _page(query: Query) -> bytes:
    rows = list(_items(query).values_list("seq", "body")[: query.limit + 1])
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return encode(
        {
            "items": [as_stored(body) for _, body in rows],
            "next": query.address(rows[-1][0]) if more else None,
        }
    )


def _items(query: Query) -> QuerySet[FeedItem]:
    items = FeedItem.objects.using("feed").filter(kind=query.kind).order_by("-seq")
    if query.before is not None:
        items = items.filter(seq__lt=query.before)
    for name, value in query.filters.items():
        if name == "ask":
            items = items.filter(pk__in=_of_ask(value))
        else:
            items = items.filter(facets__contains={name: [value]})
    return items


def _of_ask(named: str) -> list[Any]:
    """What a published ask rests on; an ask that is not published says nothing."""
    asks = FeedItem.objects.using("feed").filter(kind=Kind.ASK, facets__contains={"ask": [named]})
    facets = asks.values_list("facets", flat=True).first()
    return facets["items"] if facets else []
