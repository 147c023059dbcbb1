"""One published document, or the word that it is gone."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from publishing.addresses import SEGMENTS, item_address
from publishing.api import fields, parameters
from publishing.api.endpoint import Made, by_head, cacheable, endpoint
from publishing.api.head import Head
from publishing.api.problems import Problem
from publishing.models import FeedChange, FeedItem, Kind


@endpoint
def item(request: HttpRequest, kind: Kind, item_id: UUID) -> HttpResponse:
    values = parameters.read(request.GET, {fields.NAME})
    wanted = fields.read(values, kind)
    keys = f"{SEGMENTS[kind]} {item_id}"

    def render(_head: Head) -> Made:
        """Its own ETag, which outlives the changes of others."""
        body, etag = stored(kind, item_id)
        return Made(fields.only(body, wanted), fields.etag(etag, wanted))

    page = item_address(kind, item_id) + fields.asked(wanted)
    try:
        return by_head(request, page=page, render=render, keys=keys)
    except Problem as problem:
        return cacheable(problem.response(), keys)


def stored(kind: Kind, item_id: UUID) -> tuple[bytes, str]:
    """The published bytes and their ETag; raises the Problem that says why there are none."""
    items = FeedItem.objects.using("feed").filter(pk=item_id, kind=kind)
    found = items.values_list("body", "etag").first()
    if found is None:
        raise missing(kind, item_id)
    body, etag = found
    return bytes(body), etag


def missing(kind: Kind, item_id: UUID) -> Problem:
    """What was once published is known by its changes: removed or expired, and never why."""
    known = FeedChange.objects.using("feed").filter(item_id=item_id, kind=kind)
    if known.exists():
        return Problem("gone", 410, "It was removed or has expired: remove every copy.")
    return Problem("not-found", 404, "Nothing is published at this address.")
