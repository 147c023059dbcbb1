"""The figures and areas in the database as plain rows, without the sources that are left out."""

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from evidence.cells import Areas, Cell, Figure, Span
from evidence.models import Area, Comparability, ReviewState, Statistic
from evidence.numbers.quantities import PrintedNumber, Qualifier, Unit, UnreadableNumber
from evidence.printed import read_number


def areas_held() -> Areas:
    rows = list(Area.objects.values_list("gss_code", "name", "parent_id"))
    return Areas(
        names={code: name for code, name, _ in rows},
        parents={code: parent for code, _, parent in rows},
    )


def statistics_in_use() -> QuerySet[Statistic]:
    """Drafts too, but nothing that is retired or whose source is; in one order."""
    return (
        Statistic.objects.exclude(review_state=ReviewState.RETIRED)
        .exclude(source__review_state=ReviewState.RETIRED)
        .order_by("source__key", "id")
    )


def figures_held(without: Collection[str] = ()) -> list[Figure]:
    """Every figure in use, in one query."""
    statistics = (
        statistics_in_use()
        .exclude(source__key__in=without)
        .select_related("measure", "period", "printed_period", "source")
    )
    return [figure_of(statistic) for statistic in statistics.iterator(chunk_size=5000)]


def figure_of(statistic: Statistic) -> Figure:
    period, printed = statistic.period, statistic.printed_period
    return Figure(
        cell=Cell(
            statistic.measure_id,
            statistic.unit,
            statistic.area_id,
            Span(period.start, period.end),
        ),
        source=statistic.source.key,
        number=_number(statistic),
        label=period.label,
        printed=(printed.label, Span(printed.start, printed.end)) if printed else None,
        additive=statistic.measure.additive,
        comparable=statistic.comparability == Comparability.COMPARABLE,
        caveat=statistic.caveat,
        id=str(statistic.pk),
    )


def _number(statistic: Statistic) -> PrintedNumber:
    """The number as printed; where its words cannot be read, the one that a person entered."""
    printed, qualifier, unit = statistic.value_printed, statistic.qualifier, statistic.unit
    # "Exactly" is what stands there when nobody chose a word: the printed one then speaks.
    said = None if qualifier == Qualifier.EXACT else qualifier
    try:
        return read_number(printed, said, unit)
    except UnreadableNumber:
        value = Fraction(Decimal(statistic.value))
        return PrintedNumber(printed, value, Unit(unit), Qualifier(qualifier))
