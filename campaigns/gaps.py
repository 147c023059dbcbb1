"""What is missing under each ask, the worst first, each gap with the act that mends it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import NamedTuple

from django.db.models import Model
from django.utils import timezone

from campaigns.carried import Carried, with_accounts
from campaigns.models import Ask, AskStatus
from campaigns.standing import standing
from evidence.desk_addresses import address
from evidence.models import OrganisationKind, Verdict
from evidence.sentences import joined

YEAR = timedelta(days=365)
SHOWN = 3  # titles of accounts that may not be used
OPEN = (AskStatus.ACTIVE, AskStatus.PARTLY_DELIVERED)


class Kind(IntEnum):
    """What can be missing, the worst first.

    First comes what is wrong as soon as it is said, for a member who repeats it is the one who is
    embarrassed: a claim that does not follow, one without a source, a number that rests on nothing.
    Then what leaves the ask without ground: no evidence, or none that can be checked. Then what
    keeps it from becoming law: no amendment. Then what an opponent will press on: one source alone,
    old figures, an objection left unanswered. Last what makes it weaker than it could be: nobody's
    own account, and evidence whose strength nobody has judged.
    """

    INCONSISTENT_CLAIM = 1
    UNSOURCED_CLAIM = 2
    UNBOUND_NUMBER = 3
    NO_EVIDENCE = 4
    ONLY_NOT_TESTABLE = 5
    NO_AMENDMENT = 6
    SINGLE_SOURCE = 7
    NOTHING_NEW = 8
    UNANSWERED_OBJECTION = 9
    NO_TESTIMONY = 10
    UNJUDGED_EVIDENCE = 11

    @property
    def colour(self) -> str:
        if self <= Kind.NO_EVIDENCE:
            return "danger"
        return "warning" if self <= Kind.UNANSWERED_OBJECTION else "info"


# What an ask that has ended still says in public. The rest of it is past mending.
LASTING = frozenset(
    {Kind.INCONSISTENT_CLAIM, Kind.UNSOURCED_CLAIM, Kind.UNBOUND_NUMBER, Kind.NO_EVIDENCE}
)


class Gap(NamedTuple):
    """One thing that is missing, what mends it, and where on the desk."""

    kind: Kind
    sentence: str
    act: str
    place: tuple[str, str, object]  # on the desk: a model's label, a page of it, and a record
    untitled: str = (
        ""  # what it says to those who may not read an account's title, where it has one
    )

    @property
    def url(self) -> str:
        """Made when it is printed: the board has more gaps than a page shows."""
        label, page, record = self.place
        return address(label, page) if record is None else address(label, page, record)


@dataclass(frozen=True, slots=True)
class AskOnBoard:
    """An ask with what carries it, and its gaps, the worst first."""

    carried: Carried
    gaps: tuple[Gap, ...]

    @property
    def ask(self) -> Ask:
        return self.carried.ask

    @property
    def worst(self) -> Kind | None:
        return self.gaps[0].kind if self.gaps else None

    @property
    def has_ended(self) -> bool:
        return self.ask.status not in OPEN


@dataclass(frozen=True, slots=True)
class Board:
    """Asks that are still made, the worst first, and apart from them those that have ended."""

    at: date
    open: tuple[AskOnBoard, ...]
    ended: tuple[AskOnBoard, ...]


def board(*, at: date | None = None) -> Board:
    """All asks but the retired, as they stand on a day; today by default."""
    at = at or timezone.localdate()
    carried = with_accounts(standing(), at=at)
    found = [AskOnBoard(each, tuple(_gaps(each, at))) for each in carried]
    found.sort(key=_badness)
    return Board(
        at,
        tuple(each for each in found if not each.has_ended),
        tuple(each for each in found if each.has_ended),
    )


def _badness(each: AskOnBoard) -> tuple[object, ...]:
    """By the worst gap, then the next, and so on; of two alike, the one with more gaps first."""
    kinds = [int(gap.kind) for gap in each.gaps]
    return (*kinds, len(Kind) + 1), each.ask.campaign.title, each.ask.position


def _gaps(carried: Carried, at: date) -> Iterator[Gap]:
    """The rules are in the order of `Kind`."""
    ended = carried.ask.status not in OPEN
    found = [*_old(carried, at)]
    for rule in RULES:
        found += rule(carried)
    for gap in sorted(found, key=lambda gap: gap.kind):
        if not ended or gap.kind in LASTING:
            yield gap


def _page_of(record: Model, page: str = "change") -> tuple[str, str, object]:
    return record._meta.label_lower, page, record.pk


def _inconsistent(carried: Carried) -> Iterator[Gap]:
    for claim in carried.inconsistent:
        yield Gap(
            Kind.INCONSISTENT_CLAIM,
            f"“{claim.wording}” does not follow from its figures. {claim.reason}".strip(),
            "Correct the claim or its figures, or accept it with a reason",
            _page_of(claim),
        )


def _unsourced(carried: Carried) -> Iterator[Gap]:
    for gap in carried.unsourced:
        yield Gap(
            Kind.UNSOURCED_CLAIM,
            f"“{gap.wording}” is said without a figure or a source.",
            "Find the figure and name it under Filled by, or say it no more",
            _page_of(gap),
        )


def _unbound(carried: Carried) -> Iterator[Gap]:
    if numbers := carried.unbound:
        rest = "number rests" if len(numbers) == 1 else "numbers rest"
        named = joined([f"“{number}”" for number in numbers])
        yield Gap(
            Kind.UNBOUND_NUMBER,
            f"{len(numbers)} {rest} on no figure: {named}.",
            "Bind each to a figure, or waive it and say why",
            _page_of(carried.ask),
        )


def _nothing(carried: Carried) -> Iterator[Gap]:
    if not carried.is_carried:
        waiting = f" {carried.waiting} linked, none of it approved." if carried.waiting else ""
        yield Gap(
            Kind.NO_EVIDENCE,
            f"No live evidence carries it.{waiting}",
            "Have what is linked approved" if waiting else "Link a figure, statement or source",
            _page_of(carried.ask),
        )


def _not_testable(carried: Carried) -> Iterator[Gap]:
    if carried.verdicts == {Verdict.NOT_TESTABLE}:
        yield Gap(
            Kind.ONLY_NOT_TESTABLE,
            "No claim on its figures can be tested.",
            "Add what the claims lack: the reason of each says what",
            ("evidence.claim", "changelist", None),
        )


def _no_amendment(carried: Carried) -> Iterator[Gap]:
    if carried.carrying_amendments or not _needs_a_law(carried):
        return
    hindered = carried.hindering_amendments
    yield Gap(
        Kind.NO_AMENDMENT,
        "The amendments linked to it water it down or oppose it: none delivers it."
        if hindered
        else "No amendment carries it.",
        "See which amendments could, and link one",
        _page_of(carried.ask, "suggestions"),
    )


def _needs_a_law(carried: Carried) -> bool:
    """A company can do what it is asked without one."""
    kinds = {target.kind for target in carried.targets}
    return kinds != {OrganisationKind.COMPANY}


def _single_source(carried: Carried) -> Iterator[Gap]:
    if not carried.origins:
        return
    keys = sorted(carried.origins)
    every = "Beside people's own accounts, all" if carried.testimonies else "All"
    sentence = f"{every} that carries it comes from one source, {keys[0]}."
    if len(keys) > 1:
        sentence = f"{every} that carries it goes back to one source: {joined(keys)} repeat it."
    yield Gap(
        Kind.SINGLE_SOURCE,
        sentence,
        "Link evidence that somebody else gathered",
        _page_of(carried.ask),
    )


def _old(carried: Carried, at: date) -> Iterator[Gap]:
    newest = carried.newest
    if not carried.is_carried or (newest and newest > at - YEAR):
        return
    if newest:
        sentence = f"Nothing is newer than a year: the newest is of {newest:%-d %B %Y}."
    else:
        sentence = "How new its evidence is, is not known: nothing in it has a date."
    yield Gap(Kind.NOTHING_NEW, sentence, "Link a newer figure", _page_of(carried.ask))


def _unanswered(carried: Carried) -> Iterator[Gap]:
    for objection, answer in carried.objections:
        if not answer.strip():
            yield Gap(
                Kind.UNANSWERED_OBJECTION,
                f"Nobody has answered: “{objection}”",
                "Write the answer",
                _page_of(carried.ask),
            )


def _no_testimony(carried: Carried) -> Iterator[Gap]:
    if carried.testimonies:
        return
    if not carried.accounts:
        yield Gap(
            Kind.NO_TESTIMONY,
            "Nobody's own account carries it.",
            "Link a cleared account whose consent covers briefing packs",
            ("evidence.testimonyversion", "changelist", None),
        )
    accounts = list(dict.fromkeys(carried.accounts))  # once, in however many roles one is linked
    if len(accounts) == 1:
        [account] = accounts
        yield Gap(
            Kind.NO_TESTIMONY,
            f"The account “{account.title}” may not be used in a briefing pack today.",
            "See why, with the safeguarding lead",
            ("evidence.testimony", "change", account.id),
            "An account that is linked may not be used in a briefing pack today.",
        )
    elif accounts:
        none = f"None of the {len(accounts)} accounts linked may be used in a briefing pack today"
        titles = [f"“{account.title}”" for account in accounts[:SHOWN]]
        more = len(accounts) - SHOWN
        yield Gap(
            Kind.NO_TESTIMONY,
            f"{none}: {joined([*titles, f'{more} more'] if more > 0 else titles)}.",
            "See why of each, with the safeguarding lead",
            _page_of(carried.ask),
            f"{none}.",
        )


def _unjudged(carried: Carried) -> Iterator[Gap]:
    if carried.unjudged:
        pieces = "piece of evidence" if carried.unjudged == 1 else "pieces of evidence"
        yield Gap(
            Kind.UNJUDGED_EVIDENCE,
            f"{carried.unjudged} {pieces} with a strength that nobody has put their name to.",
            "Read the reasons, then judge",
            _page_of(carried.ask),
        )


RULES: tuple[Callable[[Carried], Iterator[Gap]], ...] = (
    _inconsistent,
    _unsourced,
    _unbound,
    _nothing,
    _not_testable,
    _no_amendment,
    _single_source,
    _unanswered,
    _no_testimony,
    _unjudged,
)
