"""A figure's chart as a Vega-Lite specification, for whoever draws it himself."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from publishing.api import parameters
from publishing.api.endpoint import endpoint
from publishing.api.problems import Problem
from publishing.encoding import encode
from publishing.formats.finding import answer
from publishing.models import Kind

CONTENT_TYPE = "application/vnd.vegalite.v6+json"


@endpoint
def chart(request: HttpRequest, item_id: UUID) -> HttpResponse:
    parameters.read(request.GET, ())
    return answer(
        request, Kind.STATISTIC, item_id, form="chart", content_type=CONTENT_TYPE, write=_drawn
    )


def _drawn(told: dict[str, Any]) -> bytes:
    if not told.get("chart"):
        raise Problem("not-found", 404, "This figure has no chart: it stands alone in its series.")
    return encode(told["chart"])
