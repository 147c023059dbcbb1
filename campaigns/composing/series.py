"""A measure's series over years and areas, one value a cell, with breaks and conflicts marked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from campaigns.briefing.blocks import Chart
from campaigns.briefing.charts import Point, Series, series_chart
from campaigns.briefing.wording import joined
from campaigns.composing.gathered import Gathered
from evidence.models import Area, Comparability, Measure, PeriodKind, Statistic, Unit


@dataclass(frozen=True)
class Cell:
    """What our sources print for one area and year: the reading we show, and the others."""

    shown: Statistic
    others: tuple[Statistic, ...]

    @property
    def is_comparable(self) -> bool:
        return self.shown.comparability == Comparability.COMPARABLE

    @property
    def conflicts(self) -> bool:
        return any(other.value != self.shown.value for other in self.others)


type Cells = Mapping[tuple[Area, int], Cell]


def charts(chosen: Sequence[Statistic], gathered: Gathered) -> Iterator[Chart]:
    """For each measure among the chosen figures, the years of the areas that were chosen."""
    areas: dict[Measure, dict[Area, None]] = defaultdict(dict)
    for figure in chosen:
        areas[figure.measure][figure.area] = None
    for measure, wanted in areas.items():
        cells = cells_of(measure, wanted, prefer={figure.pk for figure in chosen})
        if len({year for _, year in cells}) > 1:
            yield _chart(measure, list(wanted), cells, gathered)


def cells_of(measure: Measure, areas: Iterable[Area], *, prefer: set[object]) -> Cells:
    """Approved counts of years ending in March; a source that prints such a year is read first."""
    found = (
        Statistic.objects.approved()
        .filter(measure=measure, area__in=list(areas), unit=Unit.COUNT)
        .filter(period__kind=PeriodKind.FINANCIAL_YEAR, source__retracted_on=None)
        .filter(source__review_state="approved")
        .select_related("measure", "area", "period", "printed_period", "source__publisher")
    )
    readings: dict[tuple[Area, int], list[Statistic]] = defaultdict(list)
    for figure in sorted(found, key=lambda one: _preference(one, prefer)):
        readings[figure.area, figure.period.end.year].append(figure)
    return {place: Cell(held[0], tuple(held[1:])) for place, held in readings.items()}


def _preference(figure: Statistic, prefer: set[object]) -> tuple[bool, bool, str]:
    return figure.printed_period_id is not None, figure.pk not in prefer, figure.source.key


def _chart(measure: Measure, areas: Sequence[Area], cells: Cells, gathered: Gathered) -> Chart:
    shown = [cell.shown for _, cell in sorted(cells.items(), key=lambda item: item[0][1])]
    for figure in shown:
        gathered.admits_from(figure, figure.source)
        gathered.figures[figure.pk] = figure
        gathered.charted.add(figure.pk)
    years = sorted({year for _, year in cells})
    periods = {figure.period.end.year: str(figure.period) for figure in shown}
    where = joined(tuple(str(area) for area in areas))
    return series_chart(
        [_series(area, cells) for area in areas],
        title=f"{measure.name}, {where}, years ending 31 March",
        note=gathered.footnotes.series(measure, shown),
        description=f"A bar chart from {periods[years[0]]} to {periods[years[-1]]}.",
        caveat=" ".join([*_breaks(cells), *_conflicts(cells, gathered)]),
    )


def _series(area: Area, cells: Cells) -> Series:
    held = [(year, cell) for (place, year), cell in cells.items() if place == area]
    return Series(area.name, tuple(_point(year, cell) for year, cell in sorted(held, key=_year)))


def _year(held: tuple[int, Cell]) -> int:
    return held[0]


def _point(year: int, cell: Cell) -> Point:
    figure = cell.shown
    return Point(
        period=str(figure.period),
        year=year,
        value=float(figure.value),
        display_value=figure.display_value,
        comparable=cell.is_comparable,
    )


def _breaks(cells: Cells) -> Iterator[str]:
    """What stands hollow in the chart, and why it must not be compared."""
    hollow = [
        cell.shown for _, cell in sorted(cells.items(), key=_by_year) if not cell.is_comparable
    ]
    if not hollow:
        return
    periods = joined(tuple(dict.fromkeys(str(figure.period) for figure in hollow)))
    verb = "is" if len({figure.period_id for figure in hollow}) == 1 else "are"
    yield f"Outlined: {periods} {verb} not comparable with the other years."
    yield from dict.fromkeys(figure.caveat for figure in hollow if figure.caveat)


def _by_year(item: tuple[tuple[Area, int], Cell]) -> int:
    return item[0][1]


def _conflicts(cells: Cells, gathered: Gathered) -> Iterator[str]:
    for (area, _), cell in cells.items():
        if cell.conflicts:
            told = "; ".join(
                f"{one.display_value} ({one.source.key})" for one in (cell.shown, *cell.others)
            )
            sentence = f"Sources differ for {area}, {cell.shown.period}: {told}."
            gathered.warnings.append(sentence)
            yield sentence
