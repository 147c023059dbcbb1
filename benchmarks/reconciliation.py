"""How long the conflicts of 100,000 statistics, and what follows from them, take to find."""

import random
import time
from datetime import date
from fractions import Fraction

from evidence.cells import Areas, Cell, Figure, Span
from evidence.derivation import derived
from evidence.numbers.quantities import PrintedNumber
from evidence.reconciliation import conflicts, contested

STATISTICS = 100_000
SECONDS = 30
COUNTRIES, FORCES, YEARS, SOURCES = 4, 11, 20, 40

type Measurement = tuple[str, float, str, float]


def run() -> list[Measurement]:
    """Name, value, unit and target of each measurement."""
    areas = made_up_areas()
    figures = made_up_figures(areas, random.Random(20260401))
    started = time.perf_counter()
    found = conflicts(figures, areas)
    worked_out = derived(figures, areas, contested(found))
    ended = time.perf_counter()
    assert len(figures) == STATISTICS
    assert found
    assert worked_out
    return [(f"reconcile {STATISTICS:,} statistics", ended - started, "s", SECONDS)]


def made_up_areas() -> Areas:
    parents: dict[str, str | None] = {"uk": None}
    for country in range(COUNTRIES):
        parents[f"c{country}"] = "uk"
        parents |= {f"c{country}f{force:02}": f"c{country}" for force in range(FORCES)}
    return Areas({code: code for code in parents}, parents)


def made_up_figures(areas: Areas, chance: random.Random) -> list[Figure]:
    """Measure after measure: every area and year, most of them in several sources, some altered."""
    figures: list[Figure] = []
    spans = [
        (Span(date(year, 4, 1), date(year + years, 3, 31)), f"{year}/{(year + years) % 100:02}")
        for year in range(2000, 2000 + YEARS)
        for years in (1, 2)
    ]
    while True:
        measure = f"m{len(figures)}"
        counts = {area: chance.randint(101, 999) for area in areas.names}
        for area in areas.names:
            for span, label in spans:
                true = (counts[area] + span.start.year) * (1 + (span.days > 366))
                for source in chance.sample(range(SOURCES), k=chance.choice([0, 1, 1, 2])):
                    if len(figures) == STATISTICS:
                        return figures
                    value = true + (chance.random() < 0.001)
                    number = PrintedNumber(f"{value:,}", Fraction(value))
                    cell = Cell(measure, "count", area, span)
                    identity = str(len(figures))
                    figures.append(Figure(cell, f"s{source}", number, label, id=identity))


if __name__ == "__main__":
    for name, value, unit, target in run():
        print(f"{name}: {value:.1f} {unit} ({target})")
