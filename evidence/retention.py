"""What is due to be destroyed, told or looked at again: a list for a person, who decides."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import DateTimeField, Max, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from evidence.models import (
    FINAL_STATES,
    Consent,
    ConsentEvent,
    Contributor,
    ErasureRequest,
    RetentionHold,
)

HOLD_REVIEWED_AFTER = 6  # months
NEVER_AGREED_AFTER = 12  # months


class Why(StrEnum):
    RETENTION_OVER = "every consent ended, and the time that its notice told is over"
    NEVER_AGREED = "a year ago they told us of themselves, and no consent was ever recorded"
    ASKED = "an erasure was asked for and nothing holds it any more"
    TELL_OF_HOLD = "an erasure waits for a hold, and nobody recorded that the person was told"
    REVIEW_HOLD = "a hold has stopped an erasure for six months: is it still needed?"


@dataclass(frozen=True)
class Due:
    contributor: Contributor
    why: Why
    since: date

    def __str__(self) -> str:
        return f"{self.contributor.pk} {self.contributor}: {self.why} (since {self.since})"


def due(at: datetime | None = None) -> list[Due]:
    """The longest due first."""
    now = at or timezone.now()
    found = [*_asked_for(now), *_retention_over(now), *_never_agreed(now)]
    return sorted(found, key=lambda each: each.since)


def _asked_for(now: datetime) -> Iterator[Due]:
    waiting = ErasureRequest.objects.filter(done_at=None, contributor__erased_at=None)
    for request in waiting.select_related("contributor").order_by("asked_at"):
        contributor, asked = request.contributor, timezone.localdate(request.asked_at)
        if contributor.retention_hold == RetentionHold.NONE:
            yield Due(contributor, Why.ASKED, asked)
            continue
        if request.told_at is None:
            yield Due(contributor, Why.TELL_OF_HOLD, asked)
        review = months_after(request.asked_at, HOLD_REVIEWED_AFTER)
        if review <= now:
            yield Due(contributor, Why.REVIEW_HOLD, timezone.localdate(review))


def _retention_over(now: datetime) -> Iterator[Due]:
    contributors = _left_alone().filter(consents__isnull=False).distinct()
    for contributor in contributors.prefetch_related(Prefetch("consents", _with_their_end())):
        kept_until = _kept_until(list(contributor.consents.all()))
        if kept_until <= now:
            yield Due(contributor, Why.RETENTION_OVER, timezone.localdate(kept_until))


def _never_agreed(now: datetime) -> Iterator[Due]:
    """What was told or recorded of them last counts."""
    contributors = _left_alone().filter(consents__isnull=True)
    told = Greatest(Max("testimonies__collected_on"), Max("identity__recorded_at__date"))
    for contributor in contributors.annotate(told=told).filter(told__isnull=False):
        since = months_after(contributor.told, NEVER_AGREED_AFTER)
        if since <= timezone.localdate(now):
            yield Due(contributor, Why.NEVER_AGREED, since)


def _left_alone() -> QuerySet[Contributor]:
    """Those with a hold wait for its end, and those who asked already are listed for that."""
    kept = Contributor.objects.filter(erased_at=None, retention_hold=RetentionHold.NONE)
    return kept.exclude(erasure_requests__done_at=None, erasure_requests__isnull=False)


def _with_their_end() -> QuerySet[Consent]:
    moves = ConsentEvent.objects.filter(consent=OuterRef("pk"), to_state__in=FINAL_STATES)
    last = moves.order_by().values("consent").annotate(last=Max("at")).values("last")
    return Consent.objects.select_related("notice").annotate(
        ended_at=Subquery(last, output_field=DateTimeField())
    )


def _kept_until(consents: list[Consent]) -> datetime:
    """One that was asked for and never answered lapses with the time that it asked for."""
    ends: list[datetime] = []
    for consent in consents:
        end = min(filter(None, [getattr(consent, "ended_at", None), consent.validity.upper]))
        ends.append(months_after(end, consent.notice.retention_months))
    return max(ends)


def months_after[Day: date](start: Day, months: int) -> Day:
    """The same day of a later month, or its last day where that month is shorter."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))
