"""oEmbed: what a page has to hold so that it shows one of our cards. It says nothing of the words.

Whoever asks keeps the answer for long, hence a frame and no text: what is withdrawn goes from it.
"""

import re
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from publishing.addresses import API, SEGMENTS, absolute
from publishing.api.endpoint import endpoint
from publishing.api.problems import Problem, bad_parameter
from publishing.encoding import encode
from publishing.formats.embeds import KINDS, NOBODY_KEEPS, card_address
from publishing.formats.finding import Document, answer
from publishing.models import Kind

CONTENT_TYPE = "application/json"
LONGEST = 2_000
WIDTH, HEIGHT = 600, 320
TALLER = 480  # for words rather than a figure
_SEGMENTS = {SEGMENTS[kind]: kind for kind in KINDS}
_PLACE = re.compile(rf"(?:{API}|/embed/)({'|'.join(_SEGMENTS)})/([0-9a-f-]{{36}})/?")


@endpoint
def oembed(request: HttpRequest) -> HttpResponse:
    """Unknown parameters are ignored, as senders of oEmbed add their own."""
    if request.GET.get("format", "json") != "json":
        raise Problem("format", 501, "oEmbed is answered as JSON alone.")
    kind, item_id = _asked_for(request.GET.get("url", ""))
    width, height = _size(request, kind)
    response = answer(
        request,
        kind,
        item_id,
        form=f"oembed {width} {height}",
        content_type=CONTENT_TYPE,
        write=lambda told: encode(_frame(told, kind, item_id, width, height)),
    )
    if kind == Kind.TESTIMONY:
        response["X-Robots-Tag"] = NOBODY_KEEPS
    return response


def _asked_for(url: str) -> tuple[Kind, UUID]:
    """The document that an address of ours shows, be it the card's or the API's."""
    if not url or len(url) > LONGEST:
        raise bad_parameter("url", "Give the address of a published figure or account.")
    ours = urlsplit(settings.SITE_URL)
    try:
        asked = urlsplit(url)
        found = _PLACE.fullmatch(asked.path) if asked.netloc == ours.netloc else None
        if found and asked.scheme in {"http", "https"}:
            return _SEGMENTS[found[1]], UUID(found[2])
    except ValueError:
        pass
    raise Problem("not-found", 404, "This is no address of a card.")


def _size(request: HttpRequest, kind: Kind) -> tuple[int, int]:
    height = TALLER if kind == Kind.TESTIMONY else HEIGHT
    return _at_most(request, "maxwidth", WIDTH), _at_most(request, "maxheight", height)


def _at_most(request: HttpRequest, name: str, ours: int) -> int:
    text = request.GET.get(name, "")
    if not text:
        return ours
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text, re.ASCII):
        raise bad_parameter(name, "A number of pixels.")
    return min(int(text), ours)


def _frame(told: Document, kind: Kind, item_id: UUID, width: int, height: int) -> dict[str, Any]:
    title = "Testimony" if kind == Kind.TESTIMONY else told["title"]
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": "Attest",
        "provider_url": absolute("/"),
        "cache_age": 60,
        "width": width,
        "height": height,
        "html": format_html(
            '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" '
            'sandbox="allow-popups allow-popups-to-escape-sandbox" '
            'style="border:0;max-width:100%"></iframe>',
            card_address(kind, item_id),
            title,
            width,
            height,
        ),
    }
