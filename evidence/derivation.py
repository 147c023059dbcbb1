"""Missing figures worked out from printed ones: a total less its other parts, step by step."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
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
    def __init__(self, figures: Sequence[Figure], areas: Areas, contested: frozenset[str]) -> None:
        counts = [figure for figure in figures if figure.is_whole and figure.additive]
        self.areas = areas
        self.labels = labels_of(figures)
        self.printed: dict[Cell, list[Figure]] = defaultdict(list)
        self.usable: dict[Cell, list[Figure]] = defaultdict(list)
        self.spans: dict[str, set[Span]] = defaultdict(set)
        for figure in counts:
            self.printed[figure.cell].append(figure)
            self.spans[figure.cell.measure].add(figure.cell.span)
            if figure.id not in contested:
                self.usable[figure.cell].append(figure)
        self.divided = {measure: _divided(spans) for measure, spans in self.spans.items()}
        self.part_of: dict[tuple[str, Span], list[tuple[Span, tuple[Span, ...]]]] = defaultdict(
            list
        )
        for measure, divided in self.divided.items():
            for whole, divisions in divided.items():
                for parts in divisions:
                    for part in parts:
                        self.part_of[measure, part].append((whole, parts))

    def targets(self) -> set[Cell]:
        """All that is printed, and the parts of it in areas and years that are printed."""
        wanted = set(self.printed)
        for cell in self.printed:
            for area in self.areas.children(cell.area):
                wanted.update(
                    cell._replace(area=area, span=span) for span in self.spans[cell.measure]
                )
            for parts in self.divided[cell.measure].get(cell.span, ()):
                wanted.update(cell._replace(span=part) for part in parts)
        return wanted

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
        for division in self._divisions(cell):
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
        terms = []
        for other in (division.total, *division.parts):
            if other == cell:
                continue
            term = None if other in path else self._known(other, barred, steps, path)
            if term is None:
                return []
            terms.append(term)
        return terms

    def _divisions(self, cell: Cell) -> Iterator[Division]:
        """What the cell is a part of: the area around it, and the longer spans."""
        around = self.areas.parents.get(cell.area)
        if around:
            parts = tuple(cell._replace(area=area) for area in self.areas.children(around))
            if len(parts) > 1:
                yield Division(cell._replace(area=around), parts)
        for whole, spans in self.part_of.get((cell.measure, cell.span), ()):
            parts = tuple(cell._replace(span=span) for span in spans)
            yield Division(cell._replace(span=whole), parts)


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
