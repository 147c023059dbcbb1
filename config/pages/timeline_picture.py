"""Where everything stands in the picture of a bill's timeline: numbers for its template."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

LABELS = 320  # the column of stages' names, in CSS pixels; above each line on a phone
MARGIN = 14
LINE = 20  # from one line of text to the next
HEAD = 34
NARROW = 600
GAP = 12  # between a mark and its words
LETTER = 6.6  # how wide one is, about
MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """An amendment or a pack, and its day where that is known; else what is said instead."""

    name: str
    day: date | None
    undated: str = "day not known"


@dataclass(frozen=True, slots=True)
class Row:
    """One stage as it is drawn."""

    name: str
    house: str
    sittings: tuple[date, ...] = ()
    amendments: tuple[Mark, ...] = ()
    packs: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """Words at a place, with what they are of: `x` is of the mark, `text_x` of the words."""

    kind: str
    words: str
    x: float
    y: float
    text_x: float
    anchor: str = "start"

    @property
    def points(self) -> str:
        """Of the diamond or triangle beside the words."""
        x, y = self.x, self.y
        if self.kind == "pack":
            return f"{x},{y - 6} {x + 6},{y + 5} {x - 6},{y + 5}"
        return f"{x},{y - 6} {x + 6},{y} {x},{y + 6} {x - 6},{y}"


@dataclass(slots=True)
class Band:
    """One stage in the picture."""

    name: str
    house: str
    top: float
    label_x: float
    label_y: float
    y: float
    days: list[float] = field(default_factory=list)
    unknown_x: float = 0
    placed: list[Placed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole picture, as its template prints it."""

    id: str
    title: str
    description: str
    width: int
    height: float
    left: float
    right: float
    ticks: list[tuple[float, str]]
    bands: list[Band]


def draw(title: str, rows: Sequence[Row], *, across: int) -> Drawing:
    """Sittings on a line of days; what has no day, or one far outside it, stands in words."""
    narrow = across < NARROW
    left, right = (MARGIN if narrow else LABELS), across - MARGIN
    days = Days(_known(rows), left + 8, right - 8)
    bands, top = [], float(HEAD)
    for row in rows:
        band = _band(row, days, top, narrow=narrow)
        bands.append(band)
        top = _bottom(band)
    return Drawing(
        id=f"timeline-{across}",
        title=title,
        description=describe(rows),
        width=across,
        height=top + 6,
        left=left,
        right=right,
        ticks=days.ticks(most=4 if narrow else MOST_TICKS),
        bands=bands,
    )


def describe(rows: Sequence[Row]) -> str:
    """The picture for the ear; the table below it says the rest."""
    known = sorted(_known(rows))
    sat = sum(bool(row.sittings) for row in rows)
    amendments, packs = (sum(len(marks) for marks in kind) for kind in _marks(rows))
    span = f"from {_day(known[0])} to {_day(known[-1])}" if known else "with no day known"
    return (
        f"{len(rows)} stages {span}; the days of {len(rows) - sat} are not known. "
        f"{_counted(amendments, 'amendment')} for our asks, {_counted(packs, 'pack')} issued. "
        "The table below says the same in words."
    )


class Days:
    """Days on a line from left to right."""

    def __init__(self, known: set[date], left: float, right: float) -> None:
        today = date.today()
        self.first, self.last = min(known, default=today), max(known, default=today)
        self.left, self.right = left, right

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last

    def x(self, day: date) -> float:
        span = (self.last - self.first).days or 1
        share = (day - self.first).days / span
        return round(self.left + share * (self.right - self.left), 1)

    def ticks(self, *, most: int) -> list[tuple[float, str]]:
        """First days of months, as many months apart as keeps them readable."""
        months = list(_months(self.first, self.last))
        for apart in (1, 2, 3, 6, 12, 24, 60):
            chosen = [each for each in months if (each.year * 12 + each.month - 1) % apart == 0]
            if len(chosen) <= most:
                break
        return [(self.x(each), f"{each:%b %Y}") for each in chosen]


def _months(first: date, last: date) -> Iterator[date]:
    day = first.replace(day=1)
    while day <= last:
        if day >= first:
            yield day
        day = (day + timedelta(days=32)).replace(day=1)


def _known(rows: Sequence[Row]) -> set[date]:
    """The days that make the line's length: sittings, and amendments, but no packs.

    A pack may be issued long after, and would press the bill's own days together.
    """
    days = {day for row in rows for day in row.sittings}
    return days | {mark.day for row in rows for mark in row.amendments if mark.day}


def _marks(rows: Sequence[Row]) -> tuple[list[tuple[Mark, ...]], list[tuple[Mark, ...]]]:
    return [row.amendments for row in rows], [row.packs for row in rows]


def _band(row: Row, days: Days, top: float, *, narrow: bool) -> Band:
    y = top + (LINE * 1.7 if narrow else LINE * 0.9)
    band = Band(
        name=row.name,
        house=row.house,
        top=top,
        label_x=MARGIN,
        label_y=(top + LINE * 0.8) if narrow else y,
        y=y,
        days=[days.x(day) for day in row.sittings],
        unknown_x=days.left,
    )
    for kind, marks in (("amendment", row.amendments), ("pack", row.packs)):
        for (day, _), same in groupby(sorted(marks, key=_sorted), key=_same_place):
            line = y + LINE * (len(band.placed) + 1)
            band.placed.append(_place(kind, list(same), day, days, line))
    return band


def _sorted(mark: Mark) -> tuple[bool, date, str, str]:
    return mark.day is None, mark.day or date.min, mark.undated, mark.name


def _same_place(mark: Mark) -> tuple[date | None, str]:
    return mark.day, mark.undated


def _place(kind: str, marks: list[Mark], day: date | None, days: Days, y: float) -> Placed:
    words = ", ".join(mark.name for mark in marks)
    if day is None:
        return _beside(kind, words, marks[0].undated, days, y)
    if not days.has(day):
        side = "later" if day > days.last else "earlier"
        return _beside(kind, words, f"{side}, on {_day(day)}", days, y)
    x = days.x(day)
    if x + GAP + LETTER * len(words) <= days.right + 8:
        return Placed(kind, words, x, y, x + GAP)
    return Placed(kind, _cut(words, x - GAP - days.left), x, y, x - GAP, anchor="end")


def _beside(kind: str, words: str, told: str, days: Days, y: float) -> Placed:
    """At the beginning of the line, since it has no place on it."""
    room = days.right - days.left - GAP - LETTER * (len(told) + 2)
    return Placed(kind, f"{_cut(words, room)}: {told}", days.left, y, days.left + GAP)


def _cut(words: str, room: float) -> str:
    """To what there is room for; the table has all of it."""
    most = max(int(room / LETTER), 8)
    return words if len(words) <= most else f"{words[: most - 1].rstrip(' ,')}…"


def _bottom(band: Band) -> float:
    return band.y + LINE * (len(band.placed) + 0.75)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
