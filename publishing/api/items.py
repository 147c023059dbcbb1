"""One published document, or the word that it is gone."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from publishing.addresses import SEGMENTS
from publishing.api import parameters
from publishing.api.endpoint import cacheable, conditional, endpoint
from publishing.api.problems import Problem
from publishing.models import FeedChange, FeedItem, Kind


@endpoint
def item(request: HttpRequest, kind: Kind, item_id: UUID) -> HttpResponse:
    parameters.read(request.GET, ())
    keys = f"{SEGMENTS[kind]} {item_id}"
    items = FeedItem.objects.using("feed").filter(pk=item_id, kind=kind)
    found = items.values_list("body", "etag").first()
    if found is None:
        return cacheable(_missing(kind, item_id).response(), keys)
    body, etag = found
    return conditional(request, etag=etag, render=lambda: bytes(body), keys=keys)


def _missing(kind: Kind, item_id: UUID) -> Problem:
    """What was once published is known by its changes: removed or expired, and never why."""
    known = FeedChange.objects.using("feed").filter(item_id=item_id, kind=kind)
    if known.exists():
        return Problem("gone", 410, "It was removed or has expired: remove every copy.")
    return Problem("not-found", 404, "Nothing is published at this address.")
