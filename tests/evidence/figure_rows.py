"""Figures as plain rows for tests: one measure, a small tree of areas, years ending 31 March."""

from datetime import date

from evidence.cells import Areas, Cell, Figure, Span
from evidence.printed import read_number

AREAS = Areas(
    names={
        "uk": "UK",
        "ew": "England and Wales",
        "w": "Wales",
        "n": "North",
        "g": "Gwent",
        "s": "South",
    },
    parents={"uk": None, "ew": "uk", "w": "ew", "n": "w", "g": "w", "s": "w"},
)


def year(start: int, years: int = 1) -> Span:
    return Span(date(start, 4, 1), date(start + years, 3, 31))


def figure(
    area: str,
    start: int,
    number: str,
    source: str,
    *,
    years: int = 1,
    measure: str = "m",
    **others: object,
) -> Figure:
    label = f"{start}/{(start + years) % 100:02}"
    return Figure(
        **{
            "cell": Cell(measure, "count", area, year(start, years)),
            "source": source,
            "number": read_number(number),
            "label": label,
            "id": f"{source} {measure} {area} {label} {number}",
            **others,
        }
    )
