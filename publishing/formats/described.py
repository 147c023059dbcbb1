"""The formats, the consumers' address and the webhooks for drf-spectacular, and no behaviour."""

from typing import Any

from django.urls import URLPattern
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from publishing.addresses import SEGMENTS
from publishing.api.lists import FILTERS, FORMS
from publishing.api.operations import BELOW, ITEM_ID, at, problems, read_at, text
from publishing.formats.embeds import KINDS
from publishing.formats.linked_data import WRITERS
from publishing.models import Kind

_KEY = "ConsumerKey"
# drf-spectacular adds what is not declared here by itself, but knows no key of ours.
SECURITY = {_KEY: {"type": "http", "scheme": "bearer", "description": "Made at the desk."}}


def patterns() -> list[URLPattern]:
    linked = [_linked_data(kind) for kind in WRITERS]
    cards = [_card(kind) for kind in KINDS]
    return [_table(), _chart(), *linked, _applied(), *cards, _oembed(), *_feeds()]


def _table() -> URLPattern:
    filters = [text(name, FORMS[name][1]) for name in sorted(FILTERS[Kind.STATISTIC])]
    cursor = text("cursor", "Where the `Link` with rel=next goes on.")
    return read_at(
        f"{BELOW}statistics/csv/",
        "statistics_csv",
        "Published statistics as CSV, 1,000 rows an answer",
        {"text/csv": OpenApiTypes.STR},
        [cursor, *filters],
        400,
    )


def _chart() -> URLPattern:
    return read_at(
        f"{BELOW}statistics/<uuid:item_id>/chart/",
        "statistics_chart",
        "The figure's chart as a Vega-Lite specification",
        {"application/vnd.vegalite.v6+json": OpenApiTypes.OBJECT},
        [ITEM_ID],
        400,
        404,
        410,
    )


def _linked_data(kind: Kind) -> URLPattern:
    segment = SEGMENTS[kind]
    return read_at(
        f"{BELOW}{segment}/<uuid:item_id>/jsonld/",
        f"{segment}_jsonld",
        f"One of the {segment} as schema.org JSON-LD",
        {"application/ld+json": OpenApiTypes.OBJECT},
        [ITEM_ID],
        400,
        404,
        410,
    )


def _card(kind: Kind) -> URLPattern:
    segment = SEGMENTS[kind]
    return read_at(
        f"embed/{segment}/<uuid:item_id>/",
        f"embed_{segment}",
        f"A card of one of the {segment}, to be shown in a frame; 404 and 410 are pages too",
        {"text/html": OpenApiTypes.STR},
        [ITEM_ID],
        pages={404: "Nothing is published here", 410: "It was removed or has expired"},
    )


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
    said, answers = "How to show a card", {"application/json": frame}
    return read_at("oembed/", "oembed", said, answers, parameters, 400, 404, 410, 501)


def _feeds() -> list[URLPattern]:
    """For feed readers: all but testimony."""
    forms = {
        "feed.json": {"application/feed+json": OpenApiTypes.OBJECT},
        "feed.atom": {"application/atom+xml": OpenApiTypes.STR},
    }
    said = "The newest changes for feed readers, without testimony"
    return [read_at(name, name.replace(".", "_"), said, form, []) for name, form in forms.items()]


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
                **problems(400, 401, 410, 429),
            },
            tags=["consumers"],
            auth=[{_KEY: []}],  # type: ignore[list-item]  # passed on as it is
        )
        def post(self, request: Request, **kwargs: Any) -> Response:
            raise NotImplementedError

    return at(f"{BELOW}consumers/me/applied/", Applied.as_view())
