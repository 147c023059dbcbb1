"""What carries each ask, for all asks at once, in a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from campaigns.linked import Linked
from campaigns.models import (
    Amendment,
    Ask,
    AskAmendment,
    EvidenceLink,
    EvidenceRole,
    MinisterQuestion,
    Objection,
    Relation,
)
from campaigns.origins import Origins
from campaigns.resting import Resting
from evidence.accepting import standing_acceptances
from evidence.models import (
    Audience,
    Channel,
    Claim,
    EvidenceGap,
    Purpose,
    ReviewState,
    TestimonyVersion,
    Verdict,
)
from evidence.permission import Use, may_be_used

SHOWN = 3  # pieces of counter-evidence of one ask
AGAINST = Q(role=EvidenceRole.COUNTER_EVIDENCE)
NAMES = {
    "statistic__area",
    "statistic__period",
    "statistic__source",
    "statement",
    "source",
    "gap",
}
ACCOUNT = (
    "ask_id",
    "testimony_version_id",
    "testimony_version__testimony_id",
    "testimony_version__testimony__title",
)


class Account(NamedTuple):
    """A testimony linked to an ask, by its title alone, and whether it may be used today."""

    id: UUID
    title: str
    may_be_used: bool


class Target(NamedTuple):
    """Somebody who can do what is asked."""

    name: str
    kind: str


@dataclass(slots=True)
class Carried:
    """What one ask rests on. Counts are of what is live; `waiting` is linked, and is not."""

    ask: Ask
    targets: list[Target] = field(default_factory=list)
    objections: list[tuple[str, str]] = field(default_factory=list)  # each with its answer
    questions: list[str] = field(default_factory=list)
    live: Counter[str] = field(default_factory=Counter)  # pieces of evidence, by their kind
    waiting: int = 0
    unjudged: int = 0
    against: int = 0
    counter_evidence: list[EvidenceLink] = field(default_factory=list)  # once they are named
    newest: date | None = None
    origins: frozenset[str] = frozenset()  # where all comes from one; empty where from more
    places: list[int] = field(default_factory=list)  # of all its figures among all, in order
    accounts: list[Account] = field(default_factory=list)
    unsourced: list[EvidenceGap] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)  # on live figures that carry it, and no other
    stated: list[Claim] = field(default_factory=list)  # on figures that it links, and no other
    inconsistent: list[Claim] = field(default_factory=list)
    amendments: Counter[str] = field(default_factory=Counter)
    unbound: tuple[str, ...] = ()  # numbers in its words that rest on nothing

    def prose(self) -> dict[str, str]:
        return self.ask.prose_with(self.objections, self.questions)

    @property
    def figures(self) -> int:
        return self.live["figure"]

    @property
    def statements(self) -> int:
        return self.live["statement"]

    @property
    def sources(self) -> int:
        return self.live["source"]

    @property
    def testimonies(self) -> int:
        return sum(account.may_be_used for account in self.accounts)

    @property
    def carrying_amendments(self) -> int:
        return self.amendments[Relation.DELIVERS] + self.amendments[Relation.PARTLY_DELIVERS]

    @property
    def hindering_amendments(self) -> int:
        return self.amendments[Relation.WATERS_DOWN] + self.amendments[Relation.OPPOSES]

    @property
    def verdicts(self) -> set[str]:
        """Of the claims that rest on its figures alone; empty for one that is not checked yet."""
        return {claim.verdict for claim in self.claims}

    @property
    def is_carried(self) -> bool:
        return bool(self.live.total() + self.testimonies)

    @property
    def more_against(self) -> int:
        return self.against - len(self.counter_evidence)


def carried_by(asks: Iterable[Ask], linked: Linked) -> list[Carried]:
    """Of each ask in the given order, how it stands on any day: without the accounts.

    What belongs to asks that are not among them is read and let go: to name two hundred asks in
    each query takes longer.
    """
    found = {ask.pk: Carried(ask) for ask in asks}
    _read_words(found)
    _count_evidence(found, linked)
    _name_origins(found, linked)
    _find_unsourced(found)
    _find_claims(found, linked)
    _count_amendments(found)
    return list(found.values())


def with_accounts(carried: Iterable[Carried], *, at: date) -> list[Carried]:
    """Copies, with the accounts that are linked as they may be used on a day."""
    links = EvidenceLink.objects.exclude(AGAINST).filter(testimony_version__isnull=False)
    rows = list(links.order_by("ask_id", "pk").values_list(*ACCOUNT))
    usable = _usable({version for _, version, _, _ in rows}, at)
    accounts: dict[UUID, list[Account]] = defaultdict(list)
    for ask, version, testimony, title in rows:
        accounts[ask].append(Account(testimony, title, version in usable))
    return [replace(each, accounts=accounts[each.ask.pk], counter_evidence=[]) for each in carried]


def _usable(versions: Collection[UUID], at: date) -> set[UUID]:
    use = Use(Purpose.POLICY_BRIEFING, Audience.PARLIAMENT_MEMBERS, Channel.BRIEFING_PACK, at)
    permitted: QuerySet[TestimonyVersion] = may_be_used(use).filter(pk__in=versions)
    return set(permitted.values_list("pk", flat=True))


def name_counter_evidence(carried: Iterable[Carried]) -> None:
    """The first pieces of each. For those that are shown: it is the costliest to read."""
    found = {each.ask.pk: each for each in carried}
    place = Window(RowNumber(), partition_by=F("ask_id"), order_by=F("pk").asc())
    against = EvidenceLink.objects.filter(AGAINST, ask__in=list(found)).order_by()
    first = against.annotate(place=place).filter(place__lte=SHOWN).values_list("pk", flat=True)
    links = EvidenceLink.objects.filter(pk__in=list(first)).select_related(*NAMES)
    for link in links.order_by("ask_id", "pk"):
        found[link.ask_id].counter_evidence.append(link)


def _read_words(found: Mapping[UUID, Carried]) -> None:
    """Not by `prefetch_related`, which makes a queryset for each ask and each relation."""
    objections = Objection.objects.order_by("ask_id", "position")
    for ask, objection, answer in objections.values_list("ask", "objection", "answer"):
        if carried := found.get(ask):
            carried.objections.append((objection, answer))
    questions = MinisterQuestion.objects.order_by("ask_id", "position")
    for ask, question in questions.values_list("ask", "text"):
        if carried := found.get(ask):
            carried.questions.append(question)
    targets = Ask.targets.through.objects.order_by("organisation__name")
    for ask, *target in targets.values_list("ask", "organisation__name", "organisation__kind"):
        if carried := found.get(ask):
            carried.targets.append(Target(*target))


def _count_evidence(found: Mapping[UUID, Carried], linked: Linked) -> None:
    for row in linked.rows:
        if carried := found.get(row.id):
            carried.unjudged += row.links - row.judged
            carried.places += row.places or ()
            if row.opposes:
                carried.against += row.links
                continue
            carried.live[row.what] += row.live
            carried.waiting += row.pieces - row.live
            carried.newest = max(filter(None, (carried.newest, row.newest)), default=None)
    for carried in found.values():
        carried.places.sort()


def _name_origins(found: Mapping[UUID, Carried], linked: Linked) -> None:
    """Of the asks that rest on one publication, however many repeat it."""
    origins = Origins.read()
    sources: dict[UUID, list[Iterator[str]]] = defaultdict(list)
    for row in linked.rows:
        if not row.opposes:
            sources[row.id].append(linked.sources(row))
    for ask, carried in found.items():
        carried.origins = origins.only_one_of(chain.from_iterable(sources[ask]))


def _find_unsourced(found: Mapping[UUID, Carried]) -> None:
    open_gaps = Q(gap__filled_by=None) & ~Q(gap__review_state=ReviewState.RETIRED)
    links = EvidenceLink.objects.filter(open_gaps, gap__isnull=False).select_related("gap")
    for link in links.order_by("ask_id", "pk"):
        if link.gap and (carried := found.get(link.ask_id)):
            carried.unsourced.append(link.gap)


def _find_claims(found: Mapping[UUID, Carried], linked: Linked) -> None:
    """Those that rest on its figures alone, and of these the inconsistent that nobody accepted."""
    claims = Resting(linked.claims)
    above: dict[UUID, list[Carried]] = defaultdict(list)
    for carried in found.values():
        for claim in claims.on(set(carried.places)):
            above[claim].append(carried)
    carrying = {row.id: set(row.places) for row in linked.rows if row.places and not row.opposes}
    resting = Claim.objects.filter(pk__in=above)
    broken = [each.pk for each in resting if each.verdict == Verdict.INCONSISTENT]
    accepted = standing_acceptances(Claim.objects.filter(pk__in=broken))
    for each in resting:
        for carried in above[each.pk]:
            carried.stated.append(each)
            carries = linked.claims[each.pk] <= carrying.get(carried.ask.pk, set())
            if carries and each.pk in linked.live_claims:
                carried.claims.append(each)
                if each.verdict == Verdict.INCONSISTENT and each.key not in accepted:
                    carried.inconsistent.append(each)


def _count_amendments(found: Mapping[UUID, Carried]) -> None:
    """Of those that Parliament still lists, and that nobody here has retired."""
    gone = Q(review_state=ReviewState.RETIRED) | Q(as_published__vanished_at__isnull=False)
    links = AskAmendment.objects.exclude(amendment__in=Amendment.objects.filter(gone))
    counted = links.order_by().values_list("ask_id", "relation").annotate(Count("pk"))
    for ask, relation, number in counted:
        if carried := found.get(ask):
            carried.amendments[relation] = number
