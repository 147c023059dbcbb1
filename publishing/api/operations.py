"""One address of the feed for drf-spectacular: what it is asked, and what it answers."""

from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from publishing.addresses import API
from publishing.api.parameters import LONGEST

BELOW = API[1:]
ITEM_ID = OpenApiParameter("item_id", OpenApiTypes.UUID, OpenApiParameter.PATH)


class ProblemDetails(serializers.Serializer[Any]):
    """RFC 9457; `parameter` names the one that was refused."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    parameter = serializers.CharField(required=False)


def read_at(
    address: str,
    operation: str,
    said: str,
    answers: dict[str, Any],
    parameters: list[OpenApiParameter],
    *statuses: int,
    pages: dict[int, str] | None = None,
) -> URLPattern:
    """An address that is read: its answers by media type, and the statuses of its problems.

    `pages` are the refusals that are shown in a browser, each with why.
    """

    class Described(APIView):
        @extend_schema(
            operation_id=operation,
            summary=said,
            parameters=parameters,
            responses={
                **{(200, form): answer for form, answer in answers.items()},
                304: OpenApiResponse(description="As the If-None-Match of the request says"),
                **problems(*sorted((429, *statuses))),
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

    return at(address, Described.as_view())


def problems(*statuses: int) -> dict[Any, Any]:
    problem = OpenApiResponse(ProblemDetails, description="Problem details")
    return {(status, "application/problem+json"): problem for status in statuses}


def text(name: str, description: str) -> OpenApiParameter:
    schema = {"type": "string", "maxLength": LONGEST}
    return OpenApiParameter(name, schema, description=description)


def at(address: str, view: Any) -> URLPattern:
    found: URLPattern = path(address, view)
    return found
