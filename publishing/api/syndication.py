"""JSON Feed 1.1 and Atom, for feed readers. Testimony is in neither: they cannot take it back."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed

from publishing.addresses import absolute
from publishing.api.endpoint import by_head, endpoint
from publishing.documents import PROSE
from publishing.encoding import decode, encode
from publishing.models import FeedItem, Kind

NEWEST = 50
TITLE = "Attest: evidence for policy"
NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@endpoint
def json_feed(request: HttpRequest) -> HttpResponse:
    return _feed(request, "/feed.json", "application/feed+json", _as_json)


@endpoint
def atom_feed(request: HttpRequest) -> HttpResponse:
    return _feed(request, "/feed.atom", "application/atom+xml; charset=utf-8", _as_atom)


def _feed(
    request: HttpRequest,
    path: str,
    content_type: str,
    write: Callable[[str, list[dict[str, Any]]], bytes],
) -> HttpResponse:
    """Whatever parameters come along are ignored: campaigns' tags are common on such addresses."""
    return by_head(
        request,
        page=path,
        render=lambda _head: write(absolute(path), _entries()),
        keys="feed",
        content_type=content_type,
    )


def _entries() -> list[dict[str, Any]]:
    items = FeedItem.objects.using("feed").exclude(kind=Kind.TESTIMONY).order_by("-seq")
    return [
        {"updated": updated_at, **decode(body)}
        for body, updated_at in items.values_list("body", "updated_at")[:NEWEST]
    ]


def _content(document: dict[str, Any]) -> str:
    prose = [document[name] for name in PROSE if document.get(name)]
    lead = [document["display_value"]] if "display_value" in document else []
    return "\n\n".join([*lead, *prose]) or str(document["title"])


def _as_json(address: str, entries: list[dict[str, Any]]) -> bytes:
    items = [
        {
            "id": each["url"],
            "url": each["url"],
            "title": each["title"],
            "content_text": _content(each),
            "date_modified": each["updated_at"],
            "tags": [each["kind"]],
        }
        for each in entries
    ]
    return encode(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": TITLE,
            "home_page_url": absolute("/"),
            "feed_url": address,
            "language": "en-GB",
            "items": items,
        }
    )


class _Atom(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """An empty feed would otherwise bear the time of asking."""
        return super().latest_post_date() if self.items else datetime(1970, 1, 1, tzinfo=UTC)


def _as_atom(address: str, entries: list[dict[str, Any]]) -> bytes:
    feed = _Atom(TITLE, absolute("/"), "", language="en-gb", feed_url=address, author_name="Attest")
    for each in entries:
        feed.add_item(
            title=NOT_IN_XML.sub("", each["title"]),
            link=each["url"],
            description=NOT_IN_XML.sub("", _content(each)),
            unique_id=f"urn:uuid:{each['id']}",
            updateddate=each["updated"],
            categories=[each["kind"]],
        )
    return feed.writeString("utf-8").encode()
