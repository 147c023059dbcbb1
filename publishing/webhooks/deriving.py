"""Deliveries out of the change log: whoever wrote a change, be it raw SQL, it is found here.

An endpoint has read the log up to `seq`, and heard of what ran out up to `expired_at`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from publishing.models import Change, Counter, Delivery, Endpoint, Operation
from publishing.webhooks.models import DeliveryState, EndpointState

BATCH = 500  # changes a turn


def begin(endpoint: Endpoint) -> None:
    """From now on: what was published before is read from the changes, and not told one by one."""
    endpoint.seq, endpoint.expired_at = _head(), _now()


def derive(endpoint_id: Any) -> bool:
    """Write what is new for one endpoint; True where there is more to be read at once."""
    with transaction.atomic():
        endpoints = Endpoint.objects.select_for_update(skip_locked=True)
        endpoint = endpoints.filter(pk=endpoint_id, state=EndpointState.ON).first()
        if endpoint is None:
            return False
        head, now = _head(), _now()
        changes = Change.objects.filter(seq__gt=endpoint.seq, seq__lte=head).order_by("seq")
        batch = list(changes[:BATCH])
        expired = list(_expired(endpoint, now))
        _write(endpoint, [*batch, *expired], now)
        more = len(batch) == BATCH
        endpoint.seq = batch[-1].seq if more else max(endpoint.seq, head)
        endpoint.expired_at = now
        endpoint.save(update_fields=["seq", "expired_at"])
    return more


def _expired(endpoint: Endpoint, now: datetime) -> QuerySet[Change]:
    """What it was told of and what has run out since; later changes tell of themselves."""
    later = Change.objects.filter(item_id=OuterRef("item_id"), seq__gt=OuterRef("seq"))
    found = Change.objects.filter(
        ~Exists(later), op=Operation.UPSERT, seq__lte=endpoint.seq, expires_at__lte=now
    )
    if endpoint.expired_at is not None:
        found = found.filter(expires_at__gt=endpoint.expired_at)
    return found


def _write(endpoint: Endpoint, changes: Iterable[Change], now: datetime) -> None:
    deliveries = [_delivery(endpoint, change, now) for change in changes]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    items = {delivery.item_id for delivery in deliveries}
    waiting = Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING)
    # What has run out is told as removed with the number under which it was published.
    has_run_out = Q(seq=OuterRef("seq"), op=Operation.REMOVE) & ~Q(op=OuterRef("op"))
    later = Delivery.objects.filter(
        Q(seq__gt=OuterRef("seq")) | has_run_out, endpoint=endpoint, item_id=OuterRef("item_id")
    )
    # Told late, an older word would undo a newer one in a copy that believes whoever spoke last;
    # each item stands with its latest change alone, as in the changes.
    superseded = waiting.filter(Exists(later), item_id__in=items)
    superseded.update(state=DeliveryState.SUPERSEDED)


def _delivery(endpoint: Endpoint, change: Change, now: datetime) -> Delivery:
    """What has run out by now is told as removed, as the changes tell it."""
    expired_at = change.expires_at if change.op == Operation.UPSERT else None
    is_gone = expired_at is not None and expired_at <= now
    return Delivery(
        endpoint=endpoint,
        seq=change.seq,
        op=Operation.REMOVE if is_gone else change.op,
        kind=change.kind,
        item_id=change.item_id,
        at=expired_at if is_gone and expired_at else change.at,
        next_try_at=timezone.now(),
    )


def _head() -> int:
    """What is committed up to it is complete: the counter is each writer's last lock."""
    return Counter.objects.values_list("seq", flat=True).first() or 0


def _now() -> datetime:
    """The database's, by which things expire."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
