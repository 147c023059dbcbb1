"""Where a source, a statistic or a testimony is used, and who holds what rests on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from campaigns.models import Ask, Copy, Pack, PackVersion
from evidence.models import Claim, Source, Statistic, Testimony, TestimonyUse
from evidence.models.uses import OUTLET
from publishing.models import PublishedItem

type Evidence = Source | Statistic | Testimony

# How an address names what something may rest on.
KINDS: dict[str, type[Source | Statistic | Testimony]] = {
    "source": Source,
    "statistic": Statistic,
    "testimony": Testimony,
}


@dataclass(frozen=True)
class Impact:
    """Everything that rests on a piece of evidence; empty where nothing does."""

    statistics: tuple[Statistic, ...]
    claims: tuple[Claim, ...]
    asks: tuple[Ask, ...]
    packs: tuple[Pack, ...]
    copies: tuple[Copy, ...]
    items: tuple[PublishedItem, ...]
    by_hand: tuple[TestimonyUse, ...] = ()

    @property
    def sentence(self) -> str:
        """How much it is, in one line before a button."""
        counts = {
            "figure": len(self.statistics),
            "claim": len(self.claims),
            "ask": len(self.asks),
            "pack": len(self.packs),
            "issued copy": len(self.copies),
            "use by hand": len(self.by_hand),
            "item on the website": len(self.items),
        }
        parts = [_counted(count, name) for name, count in counts.items() if count]
        return f"Rests on it: {', '.join(parts)}." if parts else "Nothing rests on it."


def impact_of(record: Evidence) -> Impact:
    """What would be touched if the record were corrected, superseded, retired or withdrawn."""
    if isinstance(record, Testimony):
        return _impact_of_testimony(record)
    if isinstance(record, Statistic):
        return _impact_of_figures([record], source=None)
    figures = record.statistics.select_related("area", "period", "source")
    return _impact_of_figures(list(figures), source=record)


def _impact_of_figures(statistics: list[Statistic], *, source: Source | None) -> Impact:
    ids = [statistic.pk for statistic in statistics]
    said, asked = Q(inputs__statistic__in=ids), Q(evidence__statistic__in=ids)
    if source:
        said |= Q(source=source) | Q(also_printed_in=source)
        asked |= Q(evidence__source=source) | Q(sources=source)
    claims = Claim.objects.filter(said).distinct()
    claim_ids = [claim.pk for claim in claims]
    asks = Ask.objects.filter(asked).distinct()
    packs = Pack.objects.filter(
        Q(sections__items__statistic__in=ids) | Q(sections__items__claim__in=claim_ids)
    ).distinct()
    named = [*ids, *claim_ids, *([source.pk] if source else [])]
    return Impact(
        statistics=tuple(statistics) if source else (),
        claims=tuple(claims),
        asks=tuple(asks),
        packs=tuple(packs),
        copies=tuple(_copies_naming(named)),
        items=tuple(_on_website(named)),
    )


def _impact_of_testimony(testimony: Testimony) -> Impact:
    versions = list(testimony.versions.values_list("pk", flat=True))
    live = testimony.uses.filter(recalled_at=None)
    return Impact(
        statistics=(),
        claims=(),
        asks=tuple(Ask.objects.filter(evidence__testimony_version__in=versions).distinct()),
        packs=tuple(
            Pack.objects.filter(sections__items__testimony_version__in=versions).distinct()
        ),
        copies=tuple(_with_holder(Copy.objects.filter(uses__in=live).distinct())),
        items=tuple(_on_website([testimony.public_id])),
        by_hand=tuple(live.filter(publication__startswith=OUTLET).select_related("scope")),
    )


def _on_website(ids: Iterable[UUID]) -> QuerySet[PublishedItem]:
    """What has expired is there no more, though its row stays for a while."""
    items = PublishedItem.objects.filter(pk__in=ids).exclude(expires_at__lte=Now())
    return items.defer("body", "search")


def _copies_naming(ids: Iterable[UUID]) -> QuerySet[Copy]:
    """Copies of the issued versions whose manifest names one of the records."""
    named = Q(pk__in=[])
    for each in ids:
        named |= Q(manifest__items__contains=[{"id": str(each)}])
    versions = PackVersion.objects.filter(named).values("pk")
    return _with_holder(Copy.objects.filter(version__in=versions))


def _with_holder(copies: QuerySet[Copy]) -> QuerySet[Copy]:
    return copies.select_related("member", "version__pack").defer(
        "version__content", "version__manifest"
    )


def _counted(count: int, name: str) -> str:
    if count == 1:
        return f"1 {name}"
    plural = {"issued copy": "issued copies", "item on the website": "items on the website"}
    return f"{count} {plural.get(name, f'{name}s')}"
