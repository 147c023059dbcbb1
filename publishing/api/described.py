"""The feed for drf-spectacular: the plain views' paths, parameters and answers, and no behaviour.

What is declared here is held against the views themselves by tests/publishing/test_schema.py.
"""

from typing import Any

from django.urls import URLPattern
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from publishing.addresses import SEGMENTS
from publishing.api import fields
from publishing.api.lists import FILTERS, FORMS
from publishing.api.operations import BELOW, ITEM_ID, read_at, text
from publishing.api.parameters import LIMIT, LONGEST, MOST
from publishing.documents import Envelope, document_for
from publishing.models import Kind, Operation


class Highlights(serializers.Serializer[Any]):
    title = serializers.CharField(help_text="Escaped HTML with <mark> around the hits.")
    text = serializers.CharField(allow_null=True, help_text="Likewise; never of testimony.")


def patterns() -> list[URLPattern]:
    """Built once every floor has entered its documents."""
    lists = [pattern for kind in SEGMENTS for pattern in _kind(kind)]
    return [*lists, _search(), _facets(), _changes()]


def _kind(kind: Kind) -> list[URLPattern]:
    document = _document(kind)
    page = inline_serializer(
        f"{kind.label}List",
        {
            "items": document(many=True),
            "next": serializers.URLField(allow_null=True, help_text="The next page, or null."),
        },
    )
    cursor = text("cursor", "Where `next` goes on.")
    filters = [text(name, FORMS[name][1]) for name in sorted(FILTERS[kind])]
    some = text(fields.NAME, fields.SAID)
    segment = SEGMENTS[kind]
    listed, item = f"{segment}/", f"{segment}/<uuid:item_id>/"
    said, one = f"Published {segment}, newest change first", f"One of the {segment}"
    asked = [_limit(), cursor, some, *filters]
    return [
        _json(listed, f"{segment}_list", said, asked, page),
        _json(item, f"{segment}_item", one, [ITEM_ID, some], document, 404, 410),
    ]


def _document(kind: Kind) -> type[serializers.Serializer[Any]]:
    bases = (document_for(kind), Envelope)
    return type(kind.label, bases, {"__doc__": document_for(kind).__doc__})


def _search() -> URLPattern:
    hit = inline_serializer("Hit", {"document": _any_document(), "highlights": Highlights()})
    meant = serializers.CharField(
        allow_null=True, help_text="Where nothing was found: the words as they may have been meant."
    )
    page = inline_serializer(
        "Hits", {"items": serializers.ListField(child=hit), "did_you_mean": meant}
    )
    q = OpenApiParameter("q", required=True, description=f"Words; at most {LONGEST} characters.")
    said = "The 20 best matches among the newest"
    return _json("search/", "search", said, [q, _of_kind()], page)


def _facets() -> URLPattern:
    total = {"kind": serializers.ChoiceField(choices=Kind.choices)}
    items = serializers.IntegerField(help_text="How many are published.")
    facet = {"name": serializers.CharField(), "value": serializers.CharField()}
    page = inline_serializer(
        "Facets",
        {
            "totals": inline_serializer("KindTotal", {**total, "items": items}, many=True),
            "facets": inline_serializer("Facet", {**total, **facet, "items": items}, many=True),
        },
    )
    said = "How much is published, by kind and filter"
    return _json("facets/", "facets", said, [_of_kind()], page)


def _of_kind() -> OpenApiParameter:
    return OpenApiParameter("kind", enum=Kind.values, description="Of this kind alone.")


def _changes() -> URLPattern:
    change = inline_serializer(
        "Change",
        {
            "seq": serializers.IntegerField(),
            "op": serializers.ChoiceField(choices=Operation.choices),
            "kind": serializers.ChoiceField(choices=Kind.choices),
            "id": serializers.UUIDField(),
            "at": serializers.DateTimeField(),
            "document": _any_document(required=False),
        },
    )
    page = inline_serializer(
        "Changes",
        {
            "changes": serializers.ListField(child=change),
            "next": serializers.CharField(help_text="The token to ask with next time."),
            "more": serializers.BooleanField(help_text="True where the next page can be had now."),
        },
    )
    since = text("since", "The token that `next` gave; without it, from the beginning.")
    said = "What changed since a token; 410 asks to start again without one"
    return _json("changes/", "changes", said, [since, _limit()], page, 410)


def _any_document(*, required: bool = True) -> serializers.DictField:
    return serializers.DictField(required=required, help_text="A document of its kind.")


def _limit() -> OpenApiParameter:
    schema = {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}
    return OpenApiParameter("limit", schema)


def _json(
    below: str,
    operation: str,
    said: str,
    parameters: list[OpenApiParameter],
    answer: Any,
    *statuses: int,
) -> URLPattern:
    answers = {"application/json": answer}
    return read_at(BELOW + below, operation, said, answers, parameters, 400, *statuses)
