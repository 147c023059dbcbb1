"""How much is published, by kind and by what lists are filtered by: counted as it is published."""

from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse

from publishing.api import parameters
from publishing.api.endpoint import by_head, endpoint
from publishing.api.problems import bad_parameter
from publishing.encoding import encode
from publishing.models import Kind

KEYS = "facets"
_TOTALS = """
SELECT kind, name, value, items FROM feed.totals WHERE %(kind)s = '' OR kind = %(kind)s
ORDER BY kind, name, items DESC, value
"""


@endpoint
def facets(request: HttpRequest) -> HttpResponse:
    values = parameters.read(request.GET, {"kind"})
    kind = values.get("kind", "")
    if "kind" in values and kind not in Kind.values:
        raise bad_parameter("kind", f"One of {', '.join(Kind.values)}.")
    return by_head(
        request, page=f"facets {kind}", render=lambda _head: encode(_totals(kind)), keys=KEYS
    )


def _totals(kind: str) -> dict[str, Any]:
    with connections["feed"].cursor() as cursor:
        cursor.execute(_TOTALS, {"kind": kind})
        rows: list[tuple[str, str, str, int]] = cursor.fetchall()
    return {
        "totals": [{"kind": each, "items": items} for each, name, _, items in rows if name == ""],
        "facets": [
            {"kind": each, "name": name, "value": value, "items": items}
            for each, name, value, items in rows
            if name
        ],
    }
