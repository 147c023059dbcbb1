"""Which documents show something of which record, and are rendered anew with it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from evidence.models import Claim, ReviewState, Source, Statement, Statistic
from publishing.documents import follows


@follows(Source)
def statistics_of(source: Source) -> Iterable[Statistic]:
    return _approved_statistics(Q(source=source))


@follows(Statistic)
def statistics_beside(statistic: Statistic) -> Iterable[Statistic]:
    """Those whose chart shows it."""
    return _charted_with([statistic])


@follows(Source)
def statistics_beside_those_of(source: Source) -> Iterable[Statistic]:
    return _charted_with(source.statistics.all())


@follows(Source)
def sources_after(source: Source) -> Iterable[Source]:
    """Those whose chain leads to it."""
    found: set[Any] = set()
    nearest: set[Any] = {source.pk}
    while nearest:
        below = Source.objects.filter(derived_from__in=nearest).values_list("pk", flat=True)
        nearest = set(below) - found - {source.pk}
        found |= nearest
    return Source.objects.approved().filter(pk__in=found)


@follows(Source)
def statistics_claimed_in(source: Source) -> Iterable[Statistic]:
    return _approved_statistics(Q(claim_inputs__claim__source=source))


@follows(Statistic)
def statistics_claimed_with(statistic: Statistic) -> Iterable[Statistic]:
    """Those that share a claim with it: the claim is told once all its figures are."""
    return _approved_statistics(Q(claim_inputs__claim__inputs__statistic=statistic))


@follows(Statement)
def source_that_prints(statement: Statement) -> Iterable[Source]:
    return Source.objects.approved().filter(pk=statement.source_id)


@follows(Claim)
def statistics_under(claim: Claim) -> Iterable[Statistic]:
    return _approved_statistics(Q(claim_inputs__claim=claim))


def _charted_with(statistics: Iterable[Statistic]) -> Iterable[Statistic]:
    """Two queries for all the areas and measures that they are of."""
    series = Q(pk__in=[])
    for measure, area, unit in {(each.measure_id, each.area_id, each.unit) for each in statistics}:
        series |= Q(measure=measure, area=area, unit=unit)
    return _approved_statistics(series)


def _approved_statistics(chosen: Q) -> Iterable[Statistic]:
    """Not those whose source is being edited: its words are not approved yet."""
    approved = Statistic.objects.approved().filter(source__review_state=ReviewState.APPROVED)
    return approved.filter(chosen).distinct()
