"""What all of the feed's views share: methods, headers, conditional answers, problems."""

import functools
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from publishing import hosts
from publishing.api import encodings
from publishing.api.etags import etag_of, holds
from publishing.api.front import NAME, SHELF
from publishing.api.head import Head, read_head
from publishing.api.letting_in import Door
from publishing.api.shelf import Page, Shelf

DOOR = Door(
    methods=("GET", "HEAD"),
    headers="If-None-Match",
    refused="method",
    logger=logging.getLogger("publishing.api"),
    unreadable="The feed's database cannot be read",
)
JSON = "application/json"
# No copy is older than a minute and none is served stale, so that a withdrawal reaches them all.
FRESH = "public, max-age=60, must-revalidate"


def endpoint[**Path](
    view: Callable[Concatenate[HttpRequest, Path], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Path], HttpResponse]:
    """A view that anyone may read from anywhere, and that never answers in HTML or with a trace."""

    @csrf_exempt
    @functools.wraps(view)
    def answer(request: HttpRequest, /, *args: Path.args, **kwargs: Path.kwargs) -> HttpResponse:
        asked = functools.partial(view, request, *args, **kwargs)
        response = DOOR.answer(request, lambda: _answered(asked))
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        if request.method == "HEAD":
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    return answer


@dataclass(frozen=True, slots=True)
class Made:
    """A page's bytes; with an ETag of their own, and headers, where they have any."""

    body: bytes
    etag: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def by_head(
    request: HttpRequest,
    *,
    page: str,
    render: Callable[[Head], bytes | Made],
    keys: str,
    content_type: str = JSON,
    read: Callable[[], Head] = read_head,
) -> HttpResponse:
    """An answer that is true for as long as the feed's head stays what it is.

    `page` is its one spelling, whatever the order in which things were asked. What was rendered
    for a head is handed out again, to anyone, until the head moves on. An answer has the head's
    ETag, or the one that `render` gives with the bytes. `read` may fetch what `render` needs with
    the head; who says what he holds is likely to need nothing.
    """
    shelf: Shelf | None = request.META.get(SHELF)
    encoding = encodings.chosen(request.headers.get("Accept-Encoding", ""))
    request.META[NAME] = (page, encoding)
    found = shelf.find((page, encoding)) if shelf else None
    if found is None:
        asked_at = time.monotonic()
        head = read_head() if _held(request) else read()
        if shelf:
            shelf.learn(head, asked_at)
        state = head.etag(page)
        if shelf is None and holds(_held(request), etag_of(state, encoding)):
            return _finished(Page(b"", etag_of(state, encoding), ""), request, keys, content_type)
        told = render(head)
        made = told if isinstance(told, Made) else Made(told)
        packed, used = encodings.packed(made.body, encoding)
        found = Page(packed, etag_of(made.etag or state, used), used, made.headers)
        if shelf:
            shelf.put(head, (page, encoding), found)
    return _finished(found, request, keys, content_type)


def conditional(
    request: HttpRequest,
    *,
    etag: str,
    render: Callable[[], bytes],
    keys: str,
    content_type: str = JSON,
) -> HttpResponse:
    """The bytes, unless the reader has them already: then nothing is rendered.

    `keys` are the Surrogate-Key words by which a shared cache can drop the answer.
    """
    if holds(_held(request), etag_of(etag, "")):
        return _finished(Page(b"", etag_of(etag, ""), ""), request, keys, content_type)
    encoding = encodings.chosen(request.headers.get("Accept-Encoding", ""))
    body, used = encodings.packed(render(), encoding)
    return _finished(Page(body, etag_of(etag, used), used), request, keys, content_type)


def _finished(page: Page, request: HttpRequest, keys: str, content_type: str) -> HttpResponse:
    if holds(_held(request), page.etag):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = HttpResponse(page.body, content_type=content_type)
        if page.encoding:
            response["Content-Encoding"] = page.encoding
        for name, value in page.headers:
            response[name] = value
    response["ETag"] = page.etag
    response["Vary"] = "Accept-Encoding"
    if content_type == JSON:
        response["X-Robots-Tag"] = "noarchive"  # it may hold testimony, which can be taken back
    return cacheable(response, keys)


def _held(request: HttpRequest) -> str:
    return request.headers.get("If-None-Match", "")


def cacheable(response: HttpResponse, keys: str) -> HttpResponse:
    response["Cache-Control"] = FRESH
    response["X-Accel-Expires"] = "1"  # our own nginx asks again each second
    response["Surrogate-Key"] = keys
    return response


def _answered(view: Callable[[], HttpResponse]) -> HttpResponse:
    """Asked again where the connection had broken, or led to a host that is not to be read."""
    for _ in range(len(hosts.places()) + 1):
        try:
            return view()
        except (OperationalError, InterfaceError):
            if not hosts.leave():
                raise
    return view()
