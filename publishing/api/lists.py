"""Lists of published documents, newest change first."""

import re
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, QueryDict

from publishing.addresses import SEGMENTS, list_address
from publishing.api import fields, parameters
from publishing.api.endpoint import by_head, endpoint
from publishing.api.head import Head
from publishing.api.pages import Documents, read_page
from publishing.api.problems import bad_parameter
from publishing.api.tokens import cursor_after, read_cursor
from publishing.encoding import encode
from publishing.models import Kind

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


@endpoint
def list_items(request: HttpRequest, kind: Kind) -> HttpResponse:
    query = Query.read(request.GET, kind)
    page = Page(query, query.limit)

    def render(_head: Head) -> bytes:
        documents = page.documents()
        listed = fields.only_of_each(documents.listed, query.wanted)
        after = query.address(documents.last) if documents.last is not None else None
        return b'{"items":%b,"next":%b}' % (listed, encode(after))

    return by_head(
        request,
        page=query.address(query.before),
        render=render,
        keys=SEGMENTS[kind],
        read=page.read,
    )


class Page:
    """The documents that a query asks for, fetched with the head where nothing is known of it."""

    def __init__(self, query: Query, limit: int) -> None:
        self._query, self._limit = query, limit
        self._documents: Documents | None = None

    def read(self) -> Head:
        head, self._documents = self._read()
        return head

    def documents(self) -> Documents:
        """As new as the head, or newer."""
        return self._documents or self._read()[1]

    def _read(self) -> tuple[Head, Documents]:
        query = self._query
        return read_page(query.kind, limit=self._limit, before=query.before, filters=query.filters)
