"""Where printed figures disagree: on a value, a period, a territory, a sum, or as a series.

Equal numbers are not equal facts: a number is set against another only where both may be the same
count, of one area under two labels or of one area within another.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations

from evidence.cells import Areas, Cell, Figure, Span, shown
from evidence.numbers.intervals import Interval, point
from evidence.numbers.quantities import PrintedNumber, Qualifier


class Kind(StrEnum):
    VALUE = "value"
    PERIOD_LABEL = "period_label"
    TERRITORY = "territory"
    PARTS = "parts"
    COMPARABILITY = "comparability"


@dataclass(frozen=True, slots=True)
class Reading:
    """What some sources print: the number, and the area and period they say it of."""

    printed: str
    area: str
    period: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A disagreement for a person to look at; `figures` are the ids that take part in it."""

    kind: Kind
    measure: str
    wording: str
    readings: tuple[Reading, ...]
    figures: frozenset[str]


type ByNumber = dict[PrintedNumber, list[Figure]]


def conflicts(figures: Sequence[Figure], areas: Areas) -> list[Conflict]:
    """Every disagreement, by kind, measure and wording."""
    cells: dict[Cell, ByNumber] = defaultdict(lambda: defaultdict(list))
    for figure in figures:
        cells[figure.cell][figure.number].append(figure)
    found = [
        *_values(cells, areas),
        *_period_labels(figures, areas),
        *_territories(cells, areas),
        *_parts(cells, areas),
        *_series(figures, areas),
    ]
    order = list(Kind)
    return sorted(found, key=lambda each: (order.index(each.kind), each.measure, each.wording))


def contested(found: Iterable[Conflict]) -> frozenset[str]:
    """The ids of figures whose value or territory is open: nothing is computed from those."""
    open_kinds = {Kind.VALUE, Kind.TERRITORY}
    return frozenset().union(*(each.figures for each in found if each.kind in open_kinds))


def _values(cells: dict[Cell, ByNumber], areas: Areas) -> Iterator[Conflict]:
    for cell, numbers in cells.items():
        if len(numbers) < 2 or all(
            one.interval().meets(other.interval()) for one, other in combinations(numbers, 2)
        ):
            continue
        readings = tuple(_reading(same, areas) for same in numbers.values())
        where = f"{areas.name(cell.area)}, {readings[0].period}"
        said = " and ".join(f"{each.printed} ({', '.join(each.sources)})" for each in readings)
        yield _conflict(Kind.VALUE, f"{where}: {said} do not agree.", readings, numbers.values())


def _period_labels(figures: Sequence[Figure], areas: Areas) -> Iterator[Conflict]:
    """The same value of the same area under two labels whose spans overlap."""
    same_value: dict[tuple[str, str, str, Fraction], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.is_whole:
            measure, unit, area, _ = figure.cell
            same_value[measure, unit, area, figure.value].append(figure)
    for group in same_value.values():
        yield from _labels_in(group, areas)


def _labels_in(group: list[Figure], areas: Areas) -> Iterator[Conflict]:
    labels: dict[tuple[str, Span], list[Figure]] = defaultdict(list)
    for figure in group:
        read = (figure.label, figure.cell.span)
        labels[figure.printed or read].append(figure)
        labels.setdefault(read, [])  # our reading, though no source may print it
    for (label, span), (other, other_span) in combinations(sorted(labels, key=_by_time), 2):
        if label == other or not span.is_reading_of(other_span):
            continue
        name = areas.name(group[0].cell.area)
        readings = tuple(
            Reading(group[0].number.text, name, each[0], _sources(labels[each]))
            for each in ((label, span), (other, other_span))
        )
        preferred = " or ".join(sorted({figure.label for figure in group} & {label, other}))
        wording = (
            f"{name}: {group[0].number.text} is printed for {label} and for {other}; "
            f"read as {preferred}."
        )
        yield _conflict(Kind.PERIOD_LABEL, wording, readings, [group])


def _by_time(reading: tuple[str, Span]) -> tuple[Span, str]:
    return reading[1], reading[0]


def _territories(cells: dict[Cell, ByNumber], areas: Areas) -> Iterator[Conflict]:
    """What may be one number, said by different sources of an area and of one around it."""
    for cell, numbers in cells.items():
        for wider in areas.around(cell.area):
            others = cells.get(cell._replace(area=wider))
            if not others:
                continue
            for number, inner in numbers.items():
                for other, outer in others.items():
                    if may_be_one(number, other) and _told_apart_by_nobody(inner, outer):
                        yield _territory(inner, outer, areas)


def _territory(inner: list[Figure], outer: list[Figure], areas: Areas) -> Conflict:
    readings = (_reading(inner, areas), _reading(outer, areas))
    said = " and ".join(
        f"{each.printed} is said of {each.area} ({', '.join(each.sources)})" for each in readings
    )
    wording = f"{readings[0].period}: {said}; which territory is meant is open."
    return _conflict(Kind.TERRITORY, wording, readings, [inner, outer])


def may_be_one(number: PrintedNumber, other: PrintedNumber) -> bool:
    """Whether both may print the same count, one of them more loosely: over 30,000 and 30,925."""
    return number.unit is other.unit and _close(number).meets(_close(other))


def _close(number: PrintedNumber) -> Interval:
    """A qualifier reaches as far as the last printed digit: nobody calls 100,000 over 30,000."""
    match number.qualifier:
        case Qualifier.OVER | Qualifier.AT_LEAST:
            return Interval(number.value, number.value + number.step, open_high=True)
        case Qualifier.UNDER | Qualifier.AT_MOST | Qualifier.NEARLY:
            return Interval(number.value - number.step, number.value, open_low=True)
        case _ if number.step == 1:
            return point(number.value)
        case _:
            return Interval(number.value - number.step / 2, number.value + number.step / 2)


def _told_apart_by_nobody(inner: list[Figure], outer: list[Figure]) -> bool:
    """A source that prints both figures knows them for two."""
    return not {each.source for each in inner} & {each.source for each in outer}


def _parts(cells: dict[Cell, ByNumber], areas: Areas) -> Iterator[Conflict]:
    """Totals that one source prints with all their parts, which do not add up to them."""
    whole = {
        (figure.cell, figure.source): figure
        for numbers in cells.values()
        for same in numbers.values()
        for figure in same
        if figure.is_whole and figure.additive
    }
    for (cell, source), total in whole.items():
        parts = [
            whole.get((cell._replace(area=area), source)) for area in areas.children(cell.area)
        ]
        known = [part for part in parts if part]
        added = sum((part.value for part in known), Fraction(0))
        if not known or len(known) < len(parts) or added == total.value:
            continue
        sums = " + ".join(shown(part.value) for part in known)
        wording = (
            f"{areas.name(cell.area)}, {total.label}: {sums} = {shown(added)}, "
            f"but {source} prints {total.number.text}."
        )
        readings = tuple(_reading([each], areas) for each in (total, *known))
        yield _conflict(Kind.PARTS, wording, readings, [[total, *known]])


def _series(figures: Sequence[Figure], areas: Areas) -> Iterator[Conflict]:
    """Figures that stand in one series with others and may not be compared with them unnoted."""
    plain = {figure.cell[:3] for figure in figures if figure.comparable}
    flagged: dict[tuple[str, str, Span], list[Figure]] = defaultdict(list)
    for figure in figures:
        if not figure.comparable and figure.cell[:3] in plain:
            flagged[figure.cell.measure, figure.source, figure.cell.span].append(figure)
    for (_, source, _), group in flagged.items():
        names = ", ".join(sorted({areas.name(figure.cell.area) for figure in group}))
        wording = (
            f"{names}, {group[0].label} ({source}): not comparable with the other years without "
            f"its note. {group[0].caveat}".strip()
        )
        readings = tuple(_reading([figure], areas) for figure in group)
        yield _conflict(Kind.COMPARABILITY, wording, readings, [group])


def _reading(same: list[Figure], areas: Areas) -> Reading:
    first = same[0]
    return Reading(first.number.text, areas.name(first.cell.area), first.label, _sources(same))


def _sources(figures: Iterable[Figure]) -> tuple[str, ...]:
    return tuple(sorted({figure.source for figure in figures}))


def _conflict(
    kind: Kind, wording: str, readings: tuple[Reading, ...], groups: Iterable[list[Figure]]
) -> Conflict:
    figures = [figure for group in groups for figure in group]
    ids = frozenset(figure.id for figure in figures)
    return Conflict(kind, figures[0].cell.measure, wording, readings, ids)
