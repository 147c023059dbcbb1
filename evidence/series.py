"""A measure's years in its areas: one reading a cell, with breaks and disagreements marked."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from evidence.charting import CONTESTED, WIDTH, Point, Series, series_spec
from evidence.models import (
    Area,
    AreaLevel,
    Comparability,
    Measure,
    PeriodKind,
    ReviewState,
    Source,
    Statistic,
    Unit,
)
from evidence.sentences import joined

NAMED_WITH = ("measure", "area", "period", "printed_period", "source__publisher")
LEVELS = list(AreaLevel.values)


@dataclass(frozen=True, slots=True)
class Held:
    """What our sources print for one area and year: the reading we show, and the others."""

    shown: Statistic
    others: tuple[Statistic, ...] = ()

    @property
    def all(self) -> tuple[Statistic, ...]:
        return self.shown, *self.others

    @property
    def is_comparable(self) -> bool:
        return self.shown.comparability == Comparability.COMPARABLE

    @property
    def conflicts(self) -> bool:
        return any(other.value != self.shown.value for other in self.others)


@dataclass(frozen=True)
class MeasureSeries:
    """The cells by area, in the areas' order, and by the year that each ends in."""

    measure: Measure
    areas: tuple[Area, ...]
    cells: Mapping[tuple[Area, int], Held]

    @cached_property
    def in_order(self) -> list[Held]:
        """By year, then area."""
        return [self.cells[place] for place in sorted(self.cells, key=self._by_year)]

    @property
    def shown(self) -> list[Statistic]:
        return [held.shown for held in self.in_order]

    @property
    def years(self) -> list[int]:
        return sorted({year for _, year in self.cells})

    @property
    def title(self) -> str:
        where = joined([str(area) for area in self.areas])
        return f"{self.measure.name}, {where}, years ending 31 March"

    @property
    def description(self) -> str:
        first, last = self.shown[0], self.shown[-1]
        return f"A bar chart from {first.period} to {last.period}."

    @property
    def breaks(self) -> list[str]:
        """What stands hollow in the chart, and why it must not be compared."""
        hollow = [held.shown for held in self.in_order if not held.is_comparable]
        if not hollow:
            return []
        periods = list(dict.fromkeys(str(figure.period) for figure in hollow))
        verb = "is" if len(periods) == 1 else "are"
        outlined = f"Outlined: {joined(periods)} {verb} not comparable with the other years."
        return [outlined, *dict.fromkeys(figure.caveat for figure in hollow if figure.caveat)]

    @property
    def conflicts(self) -> list[str]:
        return [
            f"Sources differ for {area}, {held.shown.period}: "
            + "; ".join(f"{each.display_value} ({_named(each.source)})" for each in held.all)
            + "."
            for (area, _), held in self.cells.items()
            if held.conflicts
        ]

    @property
    def caveat(self) -> str:
        return " ".join([*self.breaks, *(f"{CONTESTED} {each}" for each in self.conflicts)])

    @property
    def drawn(self) -> list[Series]:
        return [Series(area.name, tuple(self._points(area))) for area in self.areas]

    def by_level(self) -> list["MeasureSeries"]:
        """A series for each level of area, so that the nation's bars do not dwarf a force's."""
        levels = {level: [each for each in self.areas if each.level == level] for level in LEVELS}
        return [self._of(tuple(areas)) for areas in levels.values() if areas]

    def spec(self, *, across: int = WIDTH) -> dict[str, Any]:
        """The picture, for a page that has no table beside it: its description says each value."""
        told = (
            f"{held.shown.area}, {held.shown.period}: {held.shown.display_value}."
            for held in self.in_order
        )
        return series_spec(
            self.drawn,
            title=self.title,
            description=" ".join([self.description, *told]),
            caveat=self.caveat,
            across=across,
        )

    def _of(self, areas: tuple[Area, ...]) -> "MeasureSeries":
        cells = {place: held for place, held in self.cells.items() if place[0] in areas}
        return MeasureSeries(self.measure, areas, cells)

    def _points(self, area: Area) -> Iterator[Point]:
        for year in self.years:
            if held := self.cells.get((area, year)):
                yield _point(year, held)

    def _by_year(self, place: tuple[Area, int]) -> tuple[int, int]:
        area, year = place
        return year, self.areas.index(area)


def series_of(
    measure: Measure,
    areas: Iterable[Area] | None = None,
    *,
    unit: str = Unit.COUNT,
    prefer: Collection[UUID] = (),
) -> MeasureSeries:
    """The approved figures of years ending in March, of all areas unless some are named.

    In one query.
    """
    found = (
        Statistic.objects.approved()
        .filter(measure=measure, unit=unit, period__kind=PeriodKind.FINANCIAL_YEAR)
        .filter(source__review_state=ReviewState.APPROVED, source__retracted_on=None)
        .select_related(*NAMED_WITH)
    )
    wanted = None if areas is None else list(areas)
    if wanted is not None:
        found = found.filter(area__in=wanted)
    readings: dict[tuple[Area, int], list[Statistic]] = defaultdict(list)
    for figure in found:
        readings[figure.area, figure.period.end.year].append(figure)
    held = {place: _held(figures, prefer) for place, figures in readings.items()}
    return MeasureSeries(measure, tuple(wanted or _widest_first(held)), held)


def _named(source: Source) -> str:
    """As a reader knows it: who published it, and when."""
    return ", ".join(filter(None, (source.publisher.name, source.date_label)))


def _held(figures: list[Statistic], prefer: Collection[UUID]) -> Held:
    """First the value that was chosen, then the year's own label, then what most sources print."""
    chosen = {figure.value for figure in figures if figure.pk in prefer}
    prints = Counter(figure.value for figure in figures)
    first, *rest = sorted(
        figures,
        key=lambda figure: (
            bool(chosen) and figure.value not in chosen,
            figure.printed_period_id is not None,
            figure.pk not in prefer,
            -prints[figure.value],
            figure.source.key,
        ),
    )
    return Held(first, tuple(rest))


def _widest_first(held: Iterable[tuple[Area, int]]) -> list[Area]:
    return sorted(
        {area for area, _ in held}, key=lambda area: (LEVELS.index(area.level), area.name)
    )


def _point(year: int, held: Held) -> Point:
    figure = held.shown
    return Point(
        period=str(figure.period),
        year=year,
        value=float(figure.value),
        display_value=figure.display_value,
        comparable=held.is_comparable,
        contested=held.conflicts,
    )
