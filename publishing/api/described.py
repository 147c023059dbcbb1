"""The feed for drf-spectacular: the plain views' paths, parameters and answers, and no behaviour.

What is declared here is held against the views themselves by tests/publishing/test_schema.py.
"""

from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from publishing.addresses import API, SEGMENTS
from publishing.api import fields
from publishing.api.lists import FILTERS, FORMS
from publishing.api.parameters import LIMIT, LONGEST, MOST
from publishing.documents import Envelope, document_for
from publishing.models import Kind, Operation


class ProblemDetails(serializers.Serializer[Any]):
    """RFC 9457; `parameter` names the one that was refused."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    parameter = serializers.CharField(required=False)


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
    item_id = OpenApiParameter("item_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
    cursor = _text("cursor", "Where `next` goes on.")
    filters = [_text(name, FORMS[name][1]) for name in sorted(FILTERS[kind])]
    some = _text(fields.NAME, fields.SAID)
    segment = SEGMENTS[kind]
    listed = _described(
        f"{segment}_list",
        f"Published {segment}, newest change first",
        [_limit(), cursor, some, *filters],
        page,
    )
    one = _described(
        f"{segment}_item", f"One of the {segment}", [item_id, some], document, 404, 410
    )
    return [
        path(f"{API[1:]}{segment}/", listed),
        path(f"{API[1:]}{segment}/<uuid:item_id>/", one),
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
    view = _described("search", "The 20 best matches among the newest", [q, _of_kind()], page)
    found: URLPattern = path(f"{API[1:]}search/", view)
    return found


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
    view = _described("facets", "How much is published, by kind and filter", [_of_kind()], page)
    found: URLPattern = path(f"{API[1:]}facets/", view)
    return found


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
    since = _text("since", "The token that `next` gave; without it, from the beginning.")
    said = "What changed since a token; 410 asks to start again without one"
    view = _described("changes", said, [since, _limit()], page, 410)
    found: URLPattern = path(f"{API[1:]}changes/", view)
    return found


def _any_document(*, required: bool = True) -> serializers.DictField:
    return serializers.DictField(required=required, help_text="A document of its kind.")


def _limit() -> OpenApiParameter:
    schema = {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}
    return OpenApiParameter("limit", schema)


def _text(name: str, description: str) -> OpenApiParameter:
    schema = {"type": "string", "maxLength": LONGEST}
    return OpenApiParameter(name, schema, description=description)


def _described(
    operation: str, said: str, parameters: list[OpenApiParameter], answer: Any, *problems: int
) -> Any:
    problem = OpenApiResponse(ProblemDetails, description="Problem details")
    refusals: dict[Any, Any] = {
        (status, "application/problem+json"): problem for status in (400, 429, *problems)
    }

    class Described(APIView):
        @extend_schema(
            operation_id=operation,
            summary=said,
            parameters=parameters,
            responses={
                (200, "application/json"): answer,
                304: OpenApiResponse(description="As the If-None-Match of the request says"),
                **refusals,
            },
            tags=[operation.partition("_")[0]],
            auth=[],
        )
        def get(self, request: Request, **kwargs: Any) -> Response:
            raise NotImplementedError

    return Described.as_view()
