"""Every cell of a measure for its page: what is printed where, what disagrees, what follows."""

from collections import defaultdict
from dataclasses import dataclass

from evidence import derivation, reconciliation
from evidence.cells import Cell, Figure, shown
from evidence.derivation import Derived
from evidence.holdings import areas_held, figure_of, statistics_in_use
from evidence.models import Measure, Statistic
from evidence.reconciliation import Conflict, Kind
from evidence.series import NAMED_WITH

MARKS = {
    Kind.VALUE: "Sources differ",
    Kind.TERRITORY: "Two territories",
    Kind.PARTS: "Parts do not add up",
    Kind.PERIOD_LABEL: "Two period labels",
    Kind.COMPARABILITY: "Not comparable",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One area and period: the figures that are printed for it, and the one that is derived."""

    area: str
    period: str
    figures: tuple[Statistic, ...]
    derived: Derived | None
    marks: tuple[str, ...]

    @property
    def derived_value(self) -> str:
        return shown(self.derived.value) if self.derived else ""


@dataclass(frozen=True, slots=True)
class SeriesTable:
    rows: tuple[Row, ...]
    conflicts: tuple[Conflict, ...]


def table_of(measure: Measure) -> SeriesTable:
    """Two queries, however many figures there are; drafts are told too, retired ones are not."""
    statistics = list(statistics_in_use().filter(measure=measure).select_related(*NAMED_WITH))
    areas, figures = areas_held(), [figure_of(each) for each in statistics]
    conflicts = reconciliation.conflicts(figures, areas)
    contested = reconciliation.contested(conflicts)
    derived = {each.cell: each for each in derivation.derived(figures, areas, contested)}
    printed: dict[Cell, list[tuple[Figure, Statistic]]] = defaultdict(list)
    for figure, statistic in zip(figures, statistics, strict=True):
        printed[figure.cell].append((figure, statistic))

    def order(cell: Cell) -> tuple[int, str, object, str]:
        return len(areas.around(cell.area)), areas.name(cell.area), cell.span, cell.unit

    def row(cell: Cell) -> Row:
        held = printed.get(cell, [])
        ids = {figure.id for figure, _ in held}
        return Row(
            area=areas.name(cell.area),
            period=held[0][0].label if held else derived[cell].label,
            figures=tuple(statistic for _, statistic in held),
            derived=derived.get(cell),
            marks=tuple(
                mark
                for kind, mark in MARKS.items()
                if any(each.kind is kind and ids & each.figures for each in conflicts)
            ),
        )

    rows = tuple(row(cell) for cell in sorted({*printed, *derived}, key=order))
    return SeriesTable(rows, tuple(conflicts))
