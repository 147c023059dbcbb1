"""What changed since a reader last asked, told so that his copy equals the published table."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse

from publishing import hosts
from publishing.api import parameters
from publishing.api.endpoint import by_head, endpoint
from publishing.api.head import Head
from publishing.api.problems import Problem
from publishing.api.tokens import Seen, read_token
from publishing.encoding import as_stored, encode
from publishing.models import FeedChange, FeedItem, Operation

KEYS = "changes"


@endpoint
def changes(request: HttpRequest) -> HttpResponse:
    values = parameters.read(request.GET, {"since", "limit"})
    limit = parameters.limit_of(values)
    seen = read_token(values["since"]) if "since" in values else None
    hosts.prepare()  # the transaction opens the connection, for which the host is chosen before
    # One transaction has one now(), so that what the page shows as live was so at the head as well.
    with transaction.atomic(using="feed"):
        return by_head(
            request,
            page=f"changes {parameters.canonical(values)}",
            render=lambda head: _page(_starting_point(seen, head), head, limit),
            keys=KEYS,
        )


def _starting_point(seen: Seen | None, head: Head) -> Seen:
    """Who comes for the first time holds nothing that could have expired or been removed."""
    if seen is None or seen.epoch is None:
        return Seen(head.epoch, 0, head.expired_at, began_at=head.seq)
    furthest = max(seen.seq, seen.began_at)
    # A replica may not have what its primary told; a primary without it has lost it.
    is_lost = furthest > head.seq and not head.is_replica
    if seen.epoch != head.epoch or is_lost:
        raise Problem(
            "resync", 410, "The feed was restored: ask without `since` and replace your copy."
        )
    if furthest < head.pruned_seq:
        raise Problem(
            "resync",
            410,
            "Removals are told for 400 days, and this token is older: "
            "ask without `since` and replace your copy.",
        )
    return seen


def _page(seen: Seen, head: Head, limit: int) -> bytes:
    rows = list(_latest().filter(seq__gt=seen.seq, seq__lte=head.seq)[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    # A replica may be behind what the reader has seen; he is never sent back.
    reached = Seen(
        epoch=head.epoch,
        seq=rows[-1].seq if more else max(seen.seq, head.seq),
        expired_at=max(filter(None, (seen.expired_at, head.expired_at)), default=None),
        began_at=seen.began_at,
    )
    told = [_told(change) for change in rows]
    told += [_told(change) for change in _expired(seen, reached)]
    return encode({"changes": told, "next": reached.token(), "more": more})


def _latest() -> QuerySet[Any]:
    """Each item's last change, with its document while it is live; earlier ones are superseded."""
    feed = FeedChange.objects.using("feed")
    later = feed.filter(item_id=OuterRef("item_id"), seq__gt=OuterRef("seq"))
    live = FeedItem.objects.using("feed").filter(pk=OuterRef("item_id"), seq=OuterRef("seq"))
    return feed.filter(~Exists(later)).annotate(body=Subquery(live.values("body"))).order_by("seq")


def _expired(seen: Seen, reached: Seen) -> Iterable[Any]:
    """What the reader holds and what has run out since; what this page tells of is not among it."""
    if reached.expired_at is None or reached.expired_at == seen.expired_at:
        return []
    expired = _latest().filter(
        op=Operation.UPSERT, seq__lte=seen.seq, expires_at__lte=reached.expired_at
    )
    if seen.expired_at is not None:
        expired = expired.filter(expires_at__gt=seen.expired_at)
    return expired.order_by("expires_at", "seq")


def _told(change: Any) -> dict[str, Any]:
    told = {"seq": change.seq, "op": change.op, "kind": change.kind, "id": change.item_id}
    if change.op == Operation.REMOVE:
        return {**told, "at": change.at}
    if change.body is None:
        # The latest word on it is that it was published, and yet it is not live: it has expired.
        return {**told, "op": Operation.REMOVE, "at": change.expires_at}
    return {**told, "at": change.at, "document": as_stored(change.body)}
