"""The formats, the consumers' address and the webhooks for drf-spectacular, and no behaviour."""

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
from publishing.api.described import ProblemDetails
from publishing.api.lists import FILTERS, FORMS
from publishing.api.parameters import LONGEST
from publishing.formats.embeds import KINDS
from publishing.formats.linked_data import WRITERS
from publishing.models import Kind

_BELOW = API[1:]
_ID = OpenApiParameter("item_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
_KEY = "ConsumerKey"
# drf-spectacular adds what is not declared here by itself, but knows no key of ours.
SECURITY = {_KEY: {"type": "http", "scheme": "bearer", "description": "Made at the desk."}}


def patterns() -> list[URLPattern]:
    linked = [_linked_data(kind) for kind in WRITERS]
    cards = [_card(kind) for kind in KINDS]
    return [_table(), _chart(), *linked, _applied(), *cards, _oembed(), *_feeds()]


def _table() -> URLPattern:
    filters = [_text(name, FORMS[name][1]) for name in sorted(FILTERS[Kind.STATISTIC])]
    cursor = _text("cursor", "Where the `Link` with rel=next goes on.")
    view = _described(
        "statistics_csv",
        "Published statistics as CSV, 1,000 rows an answer",
        {"text/csv": OpenApiTypes.STR},
        [cursor, *filters],
        400,
    )
    return _at(f"{_BELOW}statistics/csv/", view)


def _chart() -> URLPattern:
    view = _described(
        "statistics_chart",
        "The figure's chart as a Vega-Lite specification",
        {"application/vnd.vegalite.v6+json": OpenApiTypes.OBJECT},
        [_ID],
        400,
        404,
        410,
    )
    return _at(f"{_BELOW}statistics/<uuid:item_id>/chart/", view)


def _linked_data(kind: Kind) -> URLPattern:
    segment = SEGMENTS[kind]
    view = _described(
        f"{segment}_jsonld",
        f"One of the {segment} as schema.org JSON-LD",
        {"application/ld+json": OpenApiTypes.OBJECT},
        [_ID],
        400,
        404,
        410,
    )
    return _at(f"{_BELOW}{segment}/<uuid:item_id>/jsonld/", view)


def _card(kind: Kind) -> URLPattern:
    segment = SEGMENTS[kind]
    view = _described(
        f"embed_{segment}",
        f"A card of one of the {segment}, to be shown in a frame; 404 and 410 are pages too",
        {"text/html": OpenApiTypes.STR},
        [_ID],
        pages={404: "Nothing is published here", 410: "It was removed or has expired"},
    )
    return _at(f"embed/{segment}/<uuid:item_id>/", view)


def _oembed() -> URLPattern:
    frame = inline_serializer(
        "OEmbed",
        {
            "version": serializers.CharField(),
            "type": serializers.CharField(),
            "title": serializers.CharField(),
            "provider_name": serializers.CharField(),
            "provider_url": serializers.URLField(),
            "cache_age": serializers.IntegerField(),
            "width": serializers.IntegerField(),
            "height": serializers.IntegerField(),
            "html": serializers.CharField(help_text="A frame that shows the card."),
        },
    )
    pixels = {"type": "integer", "minimum": 1, "maximum": 999_999}
    url = OpenApiParameter("url", required=True, description="Of a card, or of its document.")
    parameters = [
        url,
        OpenApiParameter("maxwidth", pixels),
        OpenApiParameter("maxheight", pixels),
        OpenApiParameter("format", {"type": "string", "enum": ["json"]}),
    ]
    view = _described(
        "oembed", "How to show a card", {"application/json": frame}, parameters, 400, 404, 410, 501
    )
    return _at("oembed/", view)


def _feeds() -> list[URLPattern]:
    """For feed readers: all but testimony."""
    forms = {
        "feed.json": {"application/feed+json": OpenApiTypes.OBJECT},
        "feed.atom": {"application/atom+xml": OpenApiTypes.STR},
    }
    said = "The newest changes for feed readers, without testimony"
    return [
        _at(name, _described(name.replace(".", "_"), said, form, []))
        for name, form in forms.items()
    ]


def _applied() -> URLPattern:
    said = "As `next` of the changes gave it."
    token: dict[str, Any] = {"token": serializers.CharField(help_text=said)}
    told: dict[str, Any] = {
        "seq": serializers.IntegerField(help_text="The last change that counts as applied."),
        "at": serializers.DateTimeField(),
        "waiting": serializers.IntegerField(help_text="Removals that are not confirmed yet."),
    }

    class Applied(APIView):
        @extend_schema(
            operation_id="consumers_applied",
            summary="A consumer confirms all changes up to a token",
            request=inline_serializer("Token", token),
            responses={
                (200, "application/json"): inline_serializer("Applied", told),
                **_problems(400, 401, 410, 429),
            },
            tags=["consumers"],
            auth=[{_KEY: []}],  # type: ignore[list-item]  # passed on as it is
        )
        def post(self, request: Request, **kwargs: Any) -> Response:
            raise NotImplementedError

    return _at(f"{_BELOW}consumers/me/applied/", Applied.as_view())


def _described(
    operation: str,
    said: str,
    answers: dict[str, Any],
    parameters: list[OpenApiParameter],
    *problems: int,
    pages: dict[int, str] | None = None,
) -> Any:
    class Described(APIView):
        @extend_schema(
            operation_id=operation,
            summary=said,
            parameters=parameters,
            responses={
                **{(200, form): answer for form, answer in answers.items()},
                304: OpenApiResponse(description="As the If-None-Match of the request says"),
                **_problems(429, *problems),
                **{
                    (status, "text/html"): OpenApiResponse(OpenApiTypes.STR, description=why)
                    for status, why in (pages or {}).items()
                },
            },
            tags=[operation.partition("_")[0]],
            auth=[],
        )
        def get(self, request: Request, **kwargs: Any) -> Response:
            raise NotImplementedError

    return Described.as_view()


def _problems(*statuses: int) -> dict[Any, Any]:
    problem = OpenApiResponse(ProblemDetails, description="Problem details")
    return {(status, "application/problem+json"): problem for status in statuses}


def _text(name: str, description: str) -> OpenApiParameter:
    schema = {"type": "string", "maxLength": LONGEST}
    return OpenApiParameter(name, schema, description=description)


def _at(address: str, view: Any) -> URLPattern:
    found: URLPattern = path(address, view)
    return found
