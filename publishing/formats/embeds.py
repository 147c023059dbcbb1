"""Cards for other people's pages: no script, nothing that counts readers, and gone when it is gone.

Whatever parameters come along are ignored: campaigns' tags are common on such addresses.
"""

import base64
import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from publishing.addresses import SEGMENTS, absolute
from publishing.api.endpoint import endpoint
from publishing.formats.finding import Document, answer
from publishing.models import Kind

CONTENT_TYPE = "text/html; charset=utf-8"
STYLE = Path(__file__).with_name("card.css").read_text()
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# The card may stand on any page; all it may use is its own style.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)
KINDS = (Kind.STATISTIC, Kind.TESTIMONY)
NOBODY_KEEPS = "noindex, noarchive"
VERDICTS = {
    "consistent": "Recomputed: the claims that rest on it hold.",
    "inconsistent": "Recomputed: not every claim that rests on it holds.",
    "not_testable": "The claims that rest on it cannot be recomputed.",
}
MISSING = {
    404: ("Nothing is published here", "Check the address."),
    410: ("This is no longer published", "It was removed or has expired."),
}


def card_address(kind: Kind, item_id: UUID) -> str:
    return absolute(f"/embed/{SEGMENTS[kind]}/{item_id}/")


def oembed_address(card: str) -> str:
    return absolute(f"/oembed/?{urlencode({'url': card})}")


@endpoint
def card(request: HttpRequest, kind: Kind, item_id: UUID) -> HttpResponse:
    def write(told: Document) -> bytes:
        return _page(f"card_{kind}.html", {**told, **_shown(told)}, kind, item_id)

    response = answer(request, kind, item_id, form="card", content_type=CONTENT_TYPE, write=write)
    if response.status_code in MISSING:
        title, why = MISSING[response.status_code]
        response.content = _page("card_missing.html", {"title": title, "why": why}, kind, item_id)
        response["Content-Type"] = CONTENT_TYPE
    else:
        discovered = oembed_address(card_address(kind, item_id))
        response["Link"] = f'<{discovered}>; rel="alternate"; type="application/json+oembed"'
    if kind == Kind.TESTIMONY:
        response["X-Robots-Tag"] = NOBODY_KEEPS
    response["Content-Security-Policy"] = POLICY
    response.xframe_options_exempt = True
    return response


def _page(template: str, told: dict[str, Any], kind: Kind, item_id: UUID) -> bytes:
    address = card_address(kind, item_id)
    frame = {
        "style": STYLE,
        "card_address": address,
        "oembed_address": oembed_address(address),
        "robots": NOBODY_KEEPS if kind == Kind.TESTIMONY else "",
    }
    return render_to_string(f"publishing/{template}", {**told, **frame}).encode()


def _shown(told: Document) -> Document:
    """Addresses come from sources, so that only those of web pages become links."""
    cited = told.get("source") or {}
    source = cited.get("url") or ""
    return {
        "cited": told.get("citation_text") or cited.get("title") or "",
        "said_of_claims": VERDICTS.get(told.get("verdict") or "", ""),
        "source_link": source if source.startswith(("https://", "http://")) else "",
        "published": told["updated_at"][:10],
    }
