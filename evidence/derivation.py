"""Missing figures worked out from printed ones: a total less its other parts, step by step."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import islice

from evidence.cells import Areas, Cell, Figure, Span, labels_of, shown

# More steps than these nobody follows, and more divisions of one span nobody prints.
STEPS = 3
DIVISIONS = 20
DAY = timedelta(days=1)


class Status(StrEnum):
    DERIVED = "derived"
    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Derived:
    """A figure as it follows from sources other than those that print it.

    `used` are the cells of the printed figures and of the steps between; `printed_in` are the
    sources that print the figure, and `printed` what they say.
    """

    cell: Cell
    label: str
    value: Fraction
    status: Status
    working: str
    sources: tuple[str, ...]
    used: frozenset[Cell]
    printed_in: tuple[str, ...]
    printed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A known number: printed in `figures`, or worked out by `steps` from those that are."""

    cell: Cell
    value: Fraction
    figures: tuple[Figure, ...]
    steps: tuple[str, ...] = ()
    used: frozenset[Cell] = frozenset()


@dataclass(frozen=True, slots=True)
class Division:
    """A total and all of its parts."""

    total: Cell
    parts: tuple[Cell, ...]


def derived(
    figures: Sequence[Figure], areas: Areas, contested: frozenset[str] = frozenset()
) -> list[Derived]:
    """Each figure that follows from the others, printed or not; contested ones give nothing."""
    table = _Table(figures, areas, contested)
    found = (table.derive(cell) for cell in table.targets())
    return sorted((each for each in found if each), key=lambda each: each.cell)


class _Table:
    """All that is printed and may be calculated with, and which cells make up which others."""

    def __init__(self, figures: Sequence[Figure], areas: Areas, contested: frozenset[str]) -> None:
        self.labels = labels_of(figures)
        self.printed: dict[Cell, list[Figure]] = defaultdict(list)
        self.usable: dict[Cell, list[Figure]] = defaultdict(list)
        for figure in figures:
            if figure.is_whole and figure.additive:
                self.printed[figure.cell].append(figure)
                if figure.id not in contested:
                    self.usable[figure.cell].append(figure)
        self.divisions: dict[Cell, list[Division]] = defaultdict(list)
        divisions = list(_divisions(self.printed, areas))
        for division in divisions:
            for part in division.parts:
                self.divisions[part].append(division)
        self.within = _within_steps(set(self.usable), divisions)

    def targets(self) -> Iterable[Cell]:
        """Whatever is a part of something, printed or not."""
        return self.divisions

    def derive(self, cell: Cell) -> Derived | None:
        printed = self.printed.get(cell, [])
        barred = frozenset(figure.source for figure in printed)
        for steps in range(1, STEPS + 1):
            term = self._work_out(cell, barred, steps, frozenset())
            if term:
                return self._told(term, printed)
        return None

    def _told(self, term: Term, printed: list[Figure]) -> Derived:
        agree = all(figure.value == term.value for figure in printed)
        status = Status.CONFIRMED if agree else Status.CONTRADICTED
        return Derived(
            cell=term.cell,
            label=self.labels[term.cell.span],
            value=term.value,
            status=status if printed else Status.DERIVED,
            working="; ".join(term.steps),
            sources=tuple(sorted({figure.source for figure in term.figures})),
            used=term.used,
            printed_in=tuple(sorted({figure.source for figure in printed})),
            printed=tuple(sorted({figure.number.text for figure in printed})),
        )

    def _known(
        self, cell: Cell, barred: frozenset[str], steps: int, path: frozenset[Cell]
    ) -> Term | None:
        figures = [each for each in self.usable.get(cell, ()) if each.source not in barred]
        if figures:
            # One is enough to cite: a comparable one rather than one that needs its note.
            chosen = min(figures, key=lambda each: (not each.comparable, each.source))
            return Term(cell, chosen.value, (chosen,), used=frozenset({cell}))
        return self._work_out(cell, barred, steps, path) if steps else None

    def _work_out(
        self, cell: Cell, barred: frozenset[str], steps: int, path: frozenset[Cell]
    ) -> Term | None:
        for division in self.divisions.get(cell, ()):
            terms = self._all_but(cell, division, barred, steps - 1, path | {cell})
            term = _less(cell, terms) if terms else None
            if term:
                return term
        return None

    def _all_but(
        self,
        cell: Cell,
        division: Division,
        barred: frozenset[str],
        steps: int,
        path: frozenset[Cell],
    ) -> list[Term]:
        """The total and the other parts, or nothing if one of them is not known."""
        others = [each for each in (division.total, *division.parts) if each != cell]
        if not self.within[steps].issuperset(others) or not path.isdisjoint(others):
            return []
        terms = []
        for other in others:
            term = self._known(other, barred, steps, path)
            if term is None:
                return []
            terms.append(term)
        return terms


def _divisions(printed: Iterable[Cell], areas: Areas) -> Iterator[Division]:
    """How each printed measure is made up: areas of the areas within, spans of shorter ones."""
    spans: dict[tuple[str, str], set[Span]] = defaultdict(set)
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for measure, unit, area, span in printed:
        spans[measure, unit].add(span)
        places[measure, unit].update((area, *areas.around(area), *areas.children(area)))
    for (measure, unit), measured in spans.items():
        divided = _divided(measured)
        for area in sorted(places[measure, unit]):
            within = areas.children(area) if len(areas.children(area)) > 1 else ()
            for span in measured if within else ():
                parts = tuple(Cell(measure, unit, part, span) for part in within)
                yield Division(Cell(measure, unit, area, span), parts)
            for whole, tilings in divided.items():
                for tiling in tilings:
                    parts = tuple(Cell(measure, unit, area, part) for part in tiling)
                    yield Division(Cell(measure, unit, area, whole), parts)


def _within_steps(printed: set[Cell], divisions: Sequence[Division]) -> list[set[Cell]]:
    """What could at best be known after so many steps: it spares the search most of its ways."""
    found = [printed]
    for _ in range(STEPS):
        known = found[-1]
        lone = (
            division.parts[there.index(False)]
            for division in divisions
            if division.total in known
            and (there := [part in known for part in division.parts]).count(False) == 1
        )
        found.append(known.union(lone))
    return found


def _less(cell: Cell, terms: list[Term]) -> Term | None:
    """The first term less the others, unless these cannot be computed with one another."""
    total, *others = terms
    figures = tuple(figure for term in terms for figure in term.figures)
    value = total.value - sum((term.value for term in others), Fraction(0))
    if value < 0 or not _comparable(figures):
        return None
    working = " - ".join(shown(term.value) for term in terms)
    return Term(
        cell=cell,
        value=value,
        figures=figures,
        steps=(*(step for term in terms for step in term.steps), f"{working} = {shown(value)}"),
        used=frozenset().union({cell}, *(term.used for term in terms)),
    )


def _comparable(figures: tuple[Figure, ...]) -> bool:
    """Figures that need a note are computed with those beside them in the same source only."""
    return all(each.comparable for each in figures) or len({each.source for each in figures}) == 1


def _divided(spans: set[Span]) -> dict[Span, tuple[tuple[Span, ...], ...]]:
    """For each span the ways in which others, one after another, make it up without a gap."""
    found = {whole: tuple(islice(_divisions_of(whole, spans), DIVISIONS)) for whole in spans}
    return {whole: divisions for whole, divisions in found.items() if divisions}


def _divisions_of(whole: Span, spans: set[Span]) -> Iterator[tuple[Span, ...]]:
    # Backwards first: what cannot reach the end is left out, so that no walk runs into nothing.
    useful: dict[date, list[Span]] = defaultdict(list)
    for span in sorted(spans, key=lambda each: each.end, reverse=True):
        inside = span != whole and whole.start <= span.start and span.end <= whole.end
        if inside and (span.end == whole.end or span.end + DAY in useful):
            useful[span.start].append(span)

    def onwards(start: date) -> Iterator[tuple[Span, ...]]:
        for span in useful.get(start, ()):
            if span.end == whole.end:
                yield (span,)
            else:
                yield from ((span, *rest) for rest in onwards(span.end + DAY))

    return onwards(whole.start)
