"""What has left the feed, and who has not said yet that he has taken it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, When
from django.utils import timezone

from publishing.models import Alarm, Change, Consumer, Counter, Operation

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Removal:
    """One item that is gone, and the consumers that have not confirmed it."""

    change: Any
    waiting: list[Consumer]
    late: list[Consumer]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one consumer stands with all that was removed since he began."""

    consumer: Consumer
    waiting: int
    late: int
    since: datetime | None  # the oldest that he has not confirmed


def gone() -> QuerySet[Any]:
    """Each item's last change, where it is gone: removed, or expired; the latest first."""
    later = Change.objects.filter(item_id=OuterRef("item_id"), seq__gt=OuterRef("seq"))
    ended = Q(op=Operation.REMOVE) | Q(expires_at__lte=timezone.now())
    at = Case(
        When(op=Operation.REMOVE, then=F("at")),
        default=F("expires_at"),
        output_field=DateTimeField(),
    )
    return Change.objects.filter(ended, ~Exists(later)).annotate(gone_at=at).order_by("-gone_at")


def unconfirmed(consumer: Consumer) -> QuerySet[Any]:
    """What is gone since he began, as far as his token does not reach.

    After a restore his token says nothing any more, so that all of it waits until he began anew.
    """
    counter = Counter.objects.first()
    since = gone().filter(gone_at__gte=consumer.created_at)
    if counter is None or consumer.applied_epoch != counter.epoch:
        return since
    expired = Q(op=Operation.UPSERT)
    if consumer.applied_expired_at is not None:
        expired &= Q(expires_at__gt=consumer.applied_expired_at)
    return since.filter(Q(seq__gt=consumer.applied_seq) | expired)


def late(consumer: Consumer) -> QuerySet[Any]:
    limit = timezone.now() - timedelta(minutes=consumer.alarm_after_minutes)
    return unconfirmed(consumer).filter(gone_at__lte=limit)


def active() -> QuerySet[Consumer]:
    return Consumer.objects.filter(retired_at=None)


def standings() -> list[Standing]:
    return [_standing(consumer) for consumer in active()]


def _standing(consumer: Consumer) -> Standing:
    waiting = unconfirmed(consumer)
    oldest = waiting.order_by("gone_at").values_list("gone_at", flat=True).first()
    return Standing(consumer, waiting.count(), late(consumer).count(), oldest)


def latest_removals() -> list[Removal]:
    changes = list(gone()[:SHOWN])
    shown = [change.seq for change in changes]
    consumers = list(active())
    waiting = [(each, _seqs(unconfirmed(each), shown)) for each in consumers]
    overdue = [(each, _seqs(late(each), shown)) for each in consumers]
    return [
        Removal(change, _who(waiting, change.seq), _who(overdue, change.seq)) for change in changes
    ]


def _seqs(changes: QuerySet[Any], among: list[int]) -> set[int]:
    return set(changes.filter(seq__in=among).values_list("seq", flat=True))


def _who(consumers: list[tuple[Consumer, set[int]]], seq: int) -> list[Consumer]:
    return [consumer for consumer, seqs in consumers if seq in seqs]


def raise_alarms() -> None:
    """One for each consumer that is late, for as long as he is; ended where he is not any more."""
    for consumer in active():
        with transaction.atomic():
            Consumer.objects.select_for_update().get(pk=consumer.pk)
            count = late(consumer).count()
            if count and not consumer.alarms.filter(ended_at=None).exists():
                Alarm.objects.create(consumer=consumer, removals=count)
            elif not count:
                end_alarm(consumer)


def end_alarm(consumer: Consumer) -> None:
    standing = consumer.alarms.filter(ended_at=None)
    if standing.exists() and not late(consumer).exists():
        standing.update(ended_at=timezone.now())
