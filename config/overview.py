"""What waits for one person: their reviews, what came back to them, and what does not hold."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from campaigns.models import Amendment, Ask, Bill, Campaign, Pack
from config.worth_a_look import Number, may, worth_a_look
from evidence.desk_addresses import address
from evidence.desk_words import kind_of
from evidence.models import (
    Claim,
    EvidenceGap,
    Reviewed,
    ReviewState,
    Source,
    Statement,
    Statistic,
)

SHOWN = 12

# How each kind of record is called in one line.
TITLES: dict[type[Reviewed], Any] = {
    Source: F("title"),
    Statement: Concat("speaker", Value(", "), "said_in"),
    Statistic: Concat("value_printed", Value(", "), "area__name", Value(", "), "period__label"),
    Claim: F("wording"),
    EvidenceGap: F("wording"),
    Campaign: F("title"),
    Ask: F("title"),
    Bill: F("title"),
    Amendment: F("title"),
    Pack: F("title"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One record that somebody has to look at."""

    kind: str
    title: str
    url: str
    since: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Yours:
    """What this person edited last and is not done: theirs to do, or a colleague's to read."""

    sent_back: list[Waiting]
    drafts: list[Waiting]
    in_review: list[Waiting]

    @property
    def is_empty(self) -> bool:
        return not (self.sent_back or self.drafts or self.in_review)


@dataclass(frozen=True, slots=True)
class Overview:
    """None for what is not this person's to do; an empty list where nothing of it waits."""

    to_review: list[Waiting] | None
    yours: Yours | None
    numbers: list[Number]
    most: int = SHOWN  # of each list


def overview(user: User) -> Overview:
    """A fixed number of queries, however much there is."""
    return Overview(
        to_review=_to_review(user),
        yours=_yours(user),
        numbers=[number for number in worth_a_look(user) if number.count],
    )


def _to_review(user: User) -> list[Waiting] | None:
    kinds = _kinds(user, "review")
    theirs = Q(review_state=ReviewState.IN_REVIEW) & ~Q(last_edited_by=user)
    return _waiting(kinds, theirs) if kinds else None


def _yours(user: User) -> Yours | None:
    kinds = _kinds(user, "change")
    if not kinds:
        return None
    sent_back, drafts, in_review = (
        _waiting(kinds, Q(review_state=state, last_edited_by=user))
        for state in (ReviewState.SENT_BACK, ReviewState.DRAFT, ReviewState.IN_REVIEW)
    )
    return Yours(sent_back, drafts, in_review)


def _kinds(user: User, action: str) -> list[type[Reviewed]]:
    return [model for model in TITLES if may(user, action, model)]


def _waiting(kinds: list[type[Reviewed]], condition: Q) -> list[Waiting]:
    """One query over all kinds, the longest wait first."""
    first, *others = [_rows(model, condition) for model in kinds]
    rows = first.union(*others, all=True).order_by("updated_at")[:SHOWN]
    names = {model._meta.label_lower: model for model in kinds}
    return [_one(names[row["of"]], row) for row in rows]


def _rows(model: type[Reviewed], condition: Q) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = (
        model._default_manager.filter(condition)
        .order_by()
        .annotate(
            of=Value(model._meta.label_lower),
            line=Cast(TITLES[model], CharField()),
            editor=F("last_edited_by__username"),
        )
        .values("of", "pk", "line", "editor", "updated_at", "review_note")
    )
    return rows


def _one(model: type[Reviewed], row: dict[str, Any]) -> Waiting:
    return Waiting(
        kind=kind_of(model),
        title=row["line"],
        url=address(row["of"], "change", row["pk"]),
        since=row["updated_at"],
        by=row["editor"],
        note=row["review_note"],
    )
