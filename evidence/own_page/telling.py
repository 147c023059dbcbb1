"""What a person is told of their consents and of each use: as it stands now, and honestly."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone

from evidence.consenting import has_ended, paused_by
from evidence.models import (
    IRREVOCABLE,
    Channel,
    Consent,
    ConsentScope,
    ConsentState,
    Decision,
    IdentityForm,
    Outcome,
    PausedBy,
    Testimony,
    TestimonyUse,
)
from evidence.models.uses import TestimonyUseQuerySet
from evidence.own_page.words import HOW_KNOWN, WHERE, in_plain_words

IN_FORCE = [ConsentState.GIVEN, ConsentState.SUSPENDED]
# The way up to the pack's title is by name: this floor may not import the one above.
PACK = "copy_use__copy__version__pack__title"
ANSWERS = {
    Outcome.DESTROYED: "They told us that it is destroyed.",
    Outcome.SUPERSEDED: "They have a newer one instead, without it.",
    Outcome.NO_REPLY: "They did not answer.",
    Outcome.UNREACHABLE: "We could not reach them.",
    Outcome.IRREVOCABLE: "It cannot come back.",
}


@dataclass(frozen=True)
class Permission:
    """One thing that a consent permits."""

    key: str
    told: str
    level: int
    can_come_back: bool

    @property
    def how_known(self) -> str:
        return HOW_KNOWN[self.level]

    @property
    def less(self) -> list[tuple[int, str]]:
        """Ways to be recognised less, the nearest first. Only counted is no words at all."""
        lower = range(self.level - 1, IdentityForm.AGGREGATE_ONLY, -1)
        return [(level, HOW_KNOWN[level]) for level in lower]


@dataclass(frozen=True)
class Agreement:
    """A consent that was given and has not ended for good."""

    consent: Consent
    accounts: list[Testimony]
    permissions: list[Permission]

    @property
    def is_paused(self) -> bool:
        return self.consent.state == ConsentState.SUSPENDED

    @cached_property
    def is_ours_to_resume(self) -> bool:
        """We have paused it too, so that it does not go on at a click."""
        return PausedBy.DESK in paused_by(self.consent)

    @property
    def can_resume(self) -> bool:
        return self.is_paused and not self.is_ours_to_resume

    @property
    def is_over(self) -> bool:
        return has_ended(self.consent)

    @property
    def until(self) -> datetime:
        end: datetime = self.consent.validity.upper
        return end


@dataclass(frozen=True)
class Place:
    """Where words are: one page of the website, or the copies of one paper."""

    what: str
    on_website: bool
    used_on: date
    until: datetime
    copies: int


@dataclass(frozen=True)
class ComingBack:
    """Copies that we call back, and how far that is."""

    what: str
    used_on: date
    copies: int
    told: str


def agreements(consents: QuerySet[Consent]) -> list[Agreement]:
    return [
        Agreement(each, accounts_of(each), permissions_of(each))
        for each in consents.filter(state__in=IN_FORCE).order_by("event_time", "pk")
    ]


def accounts_of(consent: Consent) -> list[Testimony]:
    listed = consent.listed.filter(withdrawn_at=None).select_related("testimony")
    return [each.testimony for each in listed.order_by("testimony__title", "pk")]


def permissions_of(consent: Consent) -> list[Permission]:
    """What still stands: a denial takes it away, and the lowest form counts."""
    scopes = sorted(consent.scopes.all(), key=lambda scope: scope.key)
    grouped = [(key, list(same)) for key, same in groupby(scopes, key=lambda scope: scope.key)]
    return [
        _permission(key, same)
        for key, same in grouped
        if all(scope.decision == Decision.PERMIT for scope in same)
    ]


def _permission(key: str, scopes: list[ConsentScope]) -> Permission:
    purpose, audience, channel = key.split(":")
    level = min(scope.max_identity for scope in scopes)
    told = in_plain_words(purpose, audience, channel)
    return Permission(key, told, level, channel not in IRREVOCABLE)


def uses_of(consents: QuerySet[Consent]) -> TestimonyUseQuerySet:
    return TestimonyUse.objects.filter(consent__in=consents)


def in_use(uses: TestimonyUseQuerySet) -> list[Place]:
    """Where the words are now, of these uses."""
    now = uses.in_force()
    titles = dict(now.values_list("pk", PACK))
    told = list(now.select_related("consent", "scope"))
    consents = {use.consent_id: use.consent for use in told}
    ends = {key: _end_of(consent) for key, consent in consents.items()}
    rows = (_place(use, titles.get(use.pk), ends[use.consent_id]) for use in told)
    grouped = groupby(sorted(rows, key=_of_place), key=_of_place)
    return [_together(list(same)) for _, same in grouped]


def _end_of(consent: Consent) -> datetime:
    """Of the one that stands in its place, where it was renewed."""
    while consent.state == ConsentState.REPLACED:
        consent = consent.renewals.exclude(state=ConsentState.REFUSED).get()
    end: datetime = consent.validity.upper
    return end


def _place(use: TestimonyUse, pack: str | None, until: datetime) -> Place:
    return Place(_what(use, pack), use.feed_item is not None, use.used_on, until, copies=1)


def _what(use: TestimonyUse, pack: str | None) -> str:
    if pack:
        return f"A briefing called “{pack}”"
    where = WHERE[use.scope.channel]
    return f"{where}: {use.outlet}" if use.outlet else where


def _of_place(place: Place) -> tuple[bool, str, date, datetime]:
    return (not place.on_website, place.what, place.used_on, place.until)


def _together(places: list[Place]) -> Place:
    first = places[0]
    return Place(first.what, first.on_website, first.used_on, first.until, len(places))


def coming_back(consents: QuerySet[Consent]) -> list[ComingBack]:
    """Copies that were called back, those that we still have to ask for first."""
    uses = TestimonyUse.objects.filter(consent__in=consents, recall_task__isnull=False)
    titles = dict(uses.values_list("pk", PACK))
    told = uses.select_related("scope", "recall_task")
    rows = sorted((use.used_on, _what(use, titles.get(use.pk)), _how_far(use)) for use in told)
    return [_counted(row, same) for row, same in groupby(rows)]


def _counted(row: tuple[date, str, str], same: Iterable[tuple[date, str, str]]) -> ComingBack:
    used_on, what, told = row
    return ComingBack(what, used_on, sum(1 for _ in same), told)


def _how_far(use: TestimonyUse) -> str:
    task = use.recall_task
    if task.closed_at or use.outcome in ANSWERS:
        return ANSWERS.get(Outcome(use.outcome), "") if use.outcome in ANSWERS else "This is done."
    if task.asked_at:
        return f"We asked for it back on {_day(task.asked_at)}, and wait for an answer."
    return f"We will ask for it back by {_day(task.due_at)}."


def _day(moment: datetime) -> str:
    day = timezone.localtime(moment)
    return f"{day.day} {day:%B %Y}"


def cannot_come_back(uses: TestimonyUseQuerySet, places: list[Place]) -> list[str]:
    """What a withdrawal does not undo, for what is out there now or has been, of these uses."""
    return list(_cannot(uses, places))


def _cannot(uses: TestimonyUseQuerySet, places: list[Place]) -> Iterator[str]:
    if any(place.on_website for place in places):
        yield "Somebody may have saved or shared a picture of the web page. We cannot reach that."
    if any(not place.on_website for place in places):
        yield (
            "People who had a paper copy or a file have read it. We ask them to destroy it. "
            "We cannot make them, and they may have told others."
        )
        if _may_be_spoken(uses):
            yield (
                "If somebody has read it out in Parliament, it is in Parliament’s public record. "
                "That cannot be taken back."
            )
    today = timezone.localdate()
    lasting = uses.filter(scope__channel__in=IRREVOCABLE)
    done = lasting.filter(used_on__lte=today).values_list("scope__channel", flat=True)
    for channel in sorted(set(done)):
        yield f"{WHERE[channel]}: this was done already, and cannot be taken back."
    planned = lasting.filter(used_on__gt=today).values_list("scope__channel", "used_on")
    for channel, day in sorted(set(planned)):
        yield (
            f"{WHERE[channel]}: this is planned for {day.day} {day:%B %Y}. We ask them not to use "
            "it. It may be too late."
        )


def _may_be_spoken(uses: TestimonyUseQuerySet) -> bool:
    return ConsentScope.objects.filter(
        consent__in=uses.order_by().values("consent"),
        channel=Channel.SPEECH,
        decision=Decision.PERMIT,
    ).exists()
