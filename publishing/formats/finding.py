"""One published document, answered in another form than the API's own JSON."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from publishing.addresses import SEGMENTS
from publishing.api.endpoint import Made, by_head, cacheable
from publishing.api.head import Head
from publishing.api.items import stored
from publishing.api.problems import Problem
from publishing.encoding import decode
from publishing.models import Kind

type Document = dict[str, Any]

# Part of every ETag here: raise it whenever the same document is to be written in other bytes.
FORMAT = 1


def answer(
    request: HttpRequest,
    kind: Kind,
    item_id: UUID,
    *,
    form: str,
    content_type: str,
    write: Callable[[Document], bytes],
) -> HttpResponse:
    """What `write` makes of it, with an ETag of its own; gone as soon as the document is."""

    def render(_head: Head) -> Made:
        body, etag = stored(kind, item_id)
        return Made(write(decode(body)), f"{etag}.{form}{FORMAT}")

    keys = f"{SEGMENTS[kind]} {item_id}"
    page = f"{form} {kind} {item_id}"
    try:
        return by_head(request, page=page, render=render, keys=keys, content_type=content_type)
    except Problem as problem:
        return cacheable(problem.response(), keys)
