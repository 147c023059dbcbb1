"""Figures as plain rows: what each counts, where and when, and how areas lie within one another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from evidence.numbers.quantities import PrintedNumber
from evidence.numbers.workings import ROUND_FROM


class Span(NamedTuple):
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def is_reading_of(self, other: "Span") -> bool:
        """Whether both may stand for one year under two labels: they overlap and are as long."""
        if self.start > other.end or other.start > self.end:
            return False
        return 10 * abs(self.days - other.days) <= max(self.days, other.days)


class Cell(NamedTuple):
    """One place in the table of figures."""

    measure: str
    unit: str
    area: str
    span: Span


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure: `label` names the span we read, `printed` the label if that differs."""

    cell: Cell
    source: str
    number: PrintedNumber
    label: str
    printed: tuple[str, Span] | None = None
    additive: bool = True
    comparable: bool = True
    caveat: str = ""
    id: str = ""

    @property
    def value(self) -> Fraction:
        return self.number.value

    @property
    def is_whole(self) -> bool:
        """Printed to its last digit, so that it can be calculated with.

        Below a thousand, closing zeros are taken for digits, as when claims are checked.
        """
        number = self.number
        return number.is_whole_count or (number.may_be_rounded and number.value < ROUND_FROM)


@dataclass(frozen=True)
class Areas:
    """The areas' names by code, and the area that each lies in."""

    names: Mapping[str, str]
    parents: Mapping[str, str | None] = field(default_factory=dict)

    @cached_property
    def _children(self) -> Mapping[str, tuple[str, ...]]:
        children: dict[str, list[str]] = defaultdict(list)
        for area, parent in sorted(self.parents.items()):
            if parent:
                children[parent].append(area)
        return {parent: tuple(areas) for parent, areas in children.items()}

    def name(self, area: str) -> str:
        return self.names.get(area, area)

    def children(self, area: str) -> tuple[str, ...]:
        """The parts that make up the whole, in the order of their codes."""
        return self._children.get(area, ())

    def around(self, area: str) -> tuple[str, ...]:
        """The areas that this one lies in, nearest first."""
        found: list[str] = []
        parent = self.parents.get(area)
        while parent and parent not in found:
            found.append(parent)
            parent = self.parents.get(parent)
        return tuple(found)


def shown(value: Fraction) -> str:
    return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,}"


def labels_of(figures: Iterable[Figure]) -> dict[Span, str]:
    """A label for each span; where several are printed, the first of them in the alphabet."""
    labels: dict[Span, str] = {}
    for figure in figures:
        span = figure.cell.span
        labels[span] = min(labels.get(span, figure.label), figure.label)
    return labels
