"""Counts that ask for a look, each with the list that it counts, for whoever may act on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, Model, Q, QuerySet

from campaigns import second_signing
from campaigns.models import Delivery, DeliveryState, Notice, PackVersion, SyncChange
from evidence.consenting import ending_soon
from evidence.desk_addresses import list_of
from evidence.models import (
    Claim,
    Consent,
    EvidenceGap,
    Excerpt,
    RecallTask,
    ReviewState,
    Statistic,
    Verdict,
)
from publishing.models import Alarm, Consumer


@dataclass(frozen=True, slots=True)
class Number:
    """A count with the list that it counts; the words for one stand before those for more."""

    count: int
    one: str
    more: str
    url: str

    @property
    def words(self) -> str:
        return self.one if self.count == 1 else self.more


def worth_a_look(user: User) -> Iterator[Number]:
    """All that concerns this person, the zeros too, in a fixed number of queries."""
    if may(user, "view", Claim):
        yield from _claims()
        yield from _without_their_words()
    if may(user, "view", SyncChange):
        yield _news_from_parliament()
    if user.has_perm("campaigns.issue_pack"):
        yield from _packs_on_their_way()
    if may(user, "view", Consumer):
        yield _late_websites()
    if may(user, "change", Consent):
        yield from _consents()


def may(user: User, action: str, model: type[Model]) -> bool:
    return user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")


def _claims() -> Iterator[Number]:
    verdicts = Claim.objects.aggregate(
        broken=Count("pk", filter=Q(verdict=Verdict.INCONSISTENT)),
        untestable=Count("pk", filter=Q(verdict=Verdict.NOT_TESTABLE)),
    )
    yield Number(
        verdicts["broken"],
        "claim does not hold",
        "claims do not hold",
        _listed(Claim, f"verdict__exact={Verdict.INCONSISTENT}"),
    )
    yield Number(
        verdicts["untestable"],
        "claim cannot be tested",
        "claims cannot be tested",
        _listed(Claim, f"verdict__exact={Verdict.NOT_TESTABLE}"),
    )


def _without_their_words() -> Iterator[Number]:
    figures = Statistic.objects.filter(excerpt=None).exclude(review_state=ReviewState.RETIRED)
    yield _number(
        figures,
        "figure without the words that print it",
        "figures without the words that print them",
        _listed(Statistic, "anchored=no"),
    )
    yield _number(
        Excerpt.objects.orphans(),
        "cited excerpt is lost in what its source says now",
        "cited excerpts are lost in what their sources say now",
        list_of(Excerpt, "lost"),
    )
    yield _number(
        EvidenceGap.objects.filter(filled_by=None),
        "thing is said without a source",
        "things are said without a source",
        list_of(EvidenceGap),
    )


def _news_from_parliament() -> Number:
    return _number(
        SyncChange.objects.alerts(),
        "change in Parliament to what is ours",
        "changes in Parliament to what is ours",
        _listed(SyncChange, "is_ours__exact=1&seen_at__isempty=1"),
    )


def _packs_on_their_way() -> Iterator[Number]:
    yield _number(
        Delivery.objects.undecided(),
        "message of which nobody knows whether it went",
        "messages of which nobody knows whether they went",
        _listed(Delivery, f"state__exact={DeliveryState.SENDING}"),
    )
    yield _number(
        Notice.objects.to_send(),
        "notice to send to somebody who holds a copy",
        "notices to send to those who hold copies",
        _listed(Notice, "stands=to_send"),
    )
    yield _number(
        second_signing.overdue(),
        "pack went out and still lacks its second signature",
        "packs went out and still lack their second signature",
        _listed(PackVersion, "unsigned=overdue"),
    )


def _late_websites() -> Number:
    return _number(
        Alarm.objects.filter(ended_at=None),
        "website has not confirmed a removal",
        "websites have not confirmed a removal",
        list_of(Consumer, "removals"),
    )


def _consents() -> Iterator[Number]:
    yield _number(
        ending_soon(Consent.objects.all()),
        "consent ends within 90 days",
        "consents end within 90 days",
        _listed(Consent, "ends=soon"),
    )
    yield _number(
        RecallTask.objects.filter(closed_at=None),
        "copy is being called back",
        "copies are being called back",
        list_of(RecallTask),
    )


def _number[M: Model](counted: QuerySet[M], one: str, more: str, url: str) -> Number:
    return Number(counted.count(), one, more, url)


def _listed(model: type[Model], query: str) -> str:
    return f"{list_of(model)}?{query}"
