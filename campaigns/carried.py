"""What carries each ask, for all asks at once, in a fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

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
from campaigns.resting import resting_claims
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
# What a pack would print today is live: approved, like the source that it stands on, and never
# retracted. Of a figure the end of its period tells how new it is, of the rest the publication.
# The root is that of live evidence alone: what waits has none, and is only counted.
# Each kind is joined and counted by itself: one join that suits all of them takes twice as long.
EVIDENCE = """
WITH origin AS MATERIALIZED (
    SELECT source.id, told.root, source.published_on AS day
    FROM unnest(%s::uuid[], %s::int[]) AS told (id, root)
    JOIN evidence_source AS source ON source.id = told.id
    WHERE source.review_state = 'approved' AND source.retracted_on IS NULL
), figure AS MATERIALIZED (
    SELECT figure.id, origin.root, CASE WHEN origin.root IS NOT NULL THEN period.end END AS day
    FROM evidence_statistic AS figure
    JOIN evidence_period AS period ON period.id = figure.period_id
    LEFT JOIN origin ON origin.id = figure.source_id AND figure.review_state = 'approved'
), said AS MATERIALIZED (
    SELECT said.id, origin.root, origin.day
    FROM evidence_statement AS said
    LEFT JOIN origin ON origin.id = said.source_id AND said.review_state = 'approved'
), link AS NOT MATERIALIZED (
    SELECT * FROM campaigns_evidencelink WHERE role <> 'counter_evidence'
), told AS (
    SELECT ask_id, 'figure' AS kind, count(*) AS links, count(root) AS live,
        max(day) AS newest, min(root) AS lowest, max(root) AS highest
        FROM link JOIN figure ON figure.id = statistic_id GROUP BY ask_id
    UNION ALL
    SELECT ask_id, 'statement', count(*), count(root), max(day), min(root), max(root)
        FROM link JOIN said ON said.id = statement_id
        WHERE statement_id IS NOT NULL GROUP BY ask_id
    UNION ALL
    SELECT ask_id, 'source', count(*), count(root), max(day), min(root), max(root)
        FROM link LEFT JOIN origin ON origin.id = source_id
        WHERE source_id IS NOT NULL GROUP BY ask_id
)
SELECT ask_id,
    coalesce(sum(live) FILTER (WHERE kind = 'figure'), 0)::int,
    coalesce(sum(live) FILTER (WHERE kind = 'statement'), 0)::int,
    coalesce(sum(live) FILTER (WHERE kind = 'source'), 0)::int,
    sum(links - live)::int, max(newest), min(lowest), max(highest)
FROM told GROUP BY ask_id
"""
LIVE = (  # the same, of a link
    Q(source__review_state=ReviewState.APPROVED, source__retracted_on=None)
    | Q(
        statistic__review_state=ReviewState.APPROVED,
        statistic__source__review_state=ReviewState.APPROVED,
        statistic__source__retracted_on=None,
    )
    | Q(
        statement__review_state=ReviewState.APPROVED,
        statement__source__review_state=ReviewState.APPROVED,
        statement__source__retracted_on=None,
    )
)
ACCOUNT = (
    "ask_id",
    "testimony_version_id",
    "testimony_version__testimony_id",
    "testimony_version__testimony__title",
)
SOURCES = ("source_id", "statistic__source_id", "statement__source_id")


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
    objections: list[Objection] = field(default_factory=list)
    questions: list[MinisterQuestion] = field(default_factory=list)
    figures: int = 0
    statements: int = 0
    sources: int = 0
    waiting: int = 0
    unjudged: int = 0
    against: int = 0
    counter_evidence: list[EvidenceLink] = field(default_factory=list)  # once they are named
    newest: date | None = None
    origins: frozenset[str] = frozenset()  # where all comes from one; empty where from more
    accounts: list[Account] = field(default_factory=list)
    unsourced: list[EvidenceGap] = field(default_factory=list)
    claims: dict[UUID, str] = field(default_factory=dict)  # the verdict of each
    inconsistent: list[Claim] = field(default_factory=list)
    amendments: Counter[str] = field(default_factory=Counter)

    def prose(self) -> dict[str, str]:
        return self.ask.prose_with(self.objections, self.questions)

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
        return set(self.claims.values())

    @property
    def is_carried(self) -> bool:
        return bool(self.figures + self.statements + self.sources + self.testimonies)

    @property
    def more_against(self) -> int:
        return self.against - len(self.counter_evidence)


def carried_by(asks: Iterable[Ask], *, at: date) -> list[Carried]:
    """Of each ask in the given order, how it stands on a day.

    What belongs to asks that are not among them is read and let go: to name two hundred asks in
    each query takes longer.
    """
    found = {ask.pk: Carried(ask) for ask in asks}
    _read_words(found)
    _count_evidence(found)
    _count_links(found)
    _find_accounts(found, at)
    _find_unsourced(found)
    _find_claims(found)
    _count_amendments(found)
    return list(found.values())


def name_counter_evidence(carried: Iterable[Carried]) -> None:
    """The first pieces of each. For those that are shown: it is the costliest to read."""
    found = {each.ask.pk: each for each in carried}
    place = Window(RowNumber(), partition_by=F("ask_id"), order_by=F("pk").asc())
    against = EvidenceLink.objects.filter(AGAINST, ask__in=list(found)).order_by()
    links = against.annotate(place=place).filter(place__lte=SHOWN)
    for link in links.select_related(*NAMES).order_by("ask_id", "pk"):
        found[link.ask_id].counter_evidence.append(link)


def _read_words(found: Mapping[UUID, Carried]) -> None:
    """Not by `prefetch_related`, which makes a queryset for each ask and each relation."""
    for objection in Objection.objects.order_by("ask_id", "position"):
        if carried := found.get(objection.ask_id):
            carried.objections.append(objection)
    for question in MinisterQuestion.objects.order_by("ask_id", "position"):
        if carried := found.get(question.ask_id):
            carried.questions.append(question)
    targets = Ask.targets.through.objects.order_by("organisation__name")
    for ask, *target in targets.values_list("ask", "organisation__name", "organisation__kind"):
        if carried := found.get(ask):
            carried.targets.append(Target(*target))


def _count_evidence(found: Mapping[UUID, Carried]) -> None:
    origins = Origins.read()
    alone: set[UUID] = set()
    with connection.cursor() as cursor:
        cursor.execute(EVIDENCE, origins.numbered())
        for ask, *counts, newest, lowest, highest in cursor.fetchall():
            if carried := found.get(ask):
                carried.figures, carried.statements, carried.sources, carried.waiting = counts
                carried.newest = newest
                if lowest is not None and lowest == highest:
                    alone.add(ask)
    _name_origins(found, alone, origins)


def _name_origins(found: Mapping[UUID, Carried], alone: Collection[UUID], origins: Origins) -> None:
    """Of the asks that rest on one publication, however many repeat it."""
    by_ask: dict[UUID, set[UUID]] = defaultdict(set)
    links = EvidenceLink.objects.filter(LIVE, ask__in=alone).exclude(AGAINST).order_by()
    for ask, *sources in links.values_list("ask_id", *SOURCES).distinct():
        by_ask[ask].update(filter(None, sources))
    for ask, named in by_ask.items():
        found[ask].origins = origins.only_one_of(named)


def _count_links(found: Mapping[UUID, Carried]) -> None:
    counted = EvidenceLink.objects.order_by().values_list("ask_id")
    unjudged, against = Count("pk", filter=Q(judged_by=None)), Count("pk", filter=AGAINST)
    for ask, *counts in counted.annotate(unjudged=unjudged, opposed=against):
        if carried := found.get(ask):
            carried.unjudged, carried.against = counts


def _find_accounts(found: Mapping[UUID, Carried], at: date) -> None:
    links = EvidenceLink.objects.exclude(AGAINST).filter(testimony_version__isnull=False)
    rows = [row for row in links.order_by("ask_id", "pk").values_list(*ACCOUNT) if row[0] in found]
    usable = _usable({version for _, version, _, _ in rows}, at)
    for ask, version, testimony, title in rows:
        found[ask].accounts.append(Account(testimony, title, version in usable))


def _usable(versions: Collection[UUID], at: date) -> set[UUID]:
    use = Use(Purpose.POLICY_BRIEFING, Audience.PARLIAMENT_MEMBERS, Channel.BRIEFING_PACK, at)
    permitted: QuerySet[TestimonyVersion] = may_be_used(use).filter(pk__in=versions)
    return set(permitted.values_list("pk", flat=True))


def _find_unsourced(found: Mapping[UUID, Carried]) -> None:
    open_gaps = Q(gap__filled_by=None) & ~Q(gap__review_state=ReviewState.RETIRED)
    links = EvidenceLink.objects.filter(open_gaps, gap__isnull=False).select_related("gap")
    for link in links.order_by("ask_id", "pk"):
        if link.gap and (carried := found.get(link.ask_id)):
            carried.unsourced.append(link.gap)


def _find_claims(found: Mapping[UUID, Carried]) -> None:
    """Those that rest on its figures alone, and of these the inconsistent that nobody accepted."""
    inconsistent: dict[UUID, list[UUID]] = defaultdict(list)
    for ask, claim, verdict in resting_claims():
        if ask in found:
            found[ask].claims[claim] = verdict
            if verdict == Verdict.INCONSISTENT:
                inconsistent[claim].append(ask)
    claims = Claim.objects.filter(pk__in=inconsistent)
    accepted = standing_acceptances(claims)
    for broken in claims:
        for ask in inconsistent[broken.pk] if broken.key not in accepted else ():
            found[ask].inconsistent.append(broken)


def _count_amendments(found: Mapping[UUID, Carried]) -> None:
    """Of those that Parliament still lists, and that nobody here has retired."""
    gone = Q(review_state=ReviewState.RETIRED) | Q(as_published__vanished_at__isnull=False)
    links = AskAmendment.objects.exclude(amendment__in=Amendment.objects.filter(gone))
    counted = links.order_by().values_list("ask_id", "relation").annotate(Count("pk"))
    for ask, relation, number in counted:
        if carried := found.get(ask):
            carried.amendments[relation] = number
