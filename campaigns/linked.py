"""What asks link, read in one pass over the links: nothing else on the gap board costs as much."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection

# What a pack would print today is live: approved, like the source that it stands on, and never
# retracted. Of a figure the end of its period tells how new it is, of the rest the publication.
# It is one statement, since a figure goes by its place among all, in the order of units and sizes,
# and a live source by its number: they hold within it alone. Statements and sources are few, and
# joined apart: one join that suits every kind takes twice as long.
LINKED = """
WITH origin AS MATERIALIZED (
    SELECT id, key, published_on AS day, row_number() OVER ()::int - 1 AS source
    FROM evidence_source WHERE review_state = 'approved' AND retracted_on IS NULL
), figure AS MATERIALIZED (
    SELECT figure.id, unit, value, source, CASE WHEN source IS NOT NULL THEN period.end END AS day,
        row_number() OVER (ORDER BY unit, abs(value))::int - 1 AS place
    FROM evidence_statistic AS figure
    JOIN evidence_period AS period ON period.id = figure.period_id
    LEFT JOIN origin ON origin.id = figure.source_id AND figure.review_state = 'approved'
), said AS MATERIALIZED (
    SELECT said.id, source, day
    FROM evidence_statement AS said
    LEFT JOIN origin ON origin.id = said.source_id AND said.review_state = 'approved'
), link AS NOT MATERIALIZED (
    SELECT *, role = 'counter_evidence' AS opposes FROM campaigns_evidencelink
)
SELECT 'figure' AS what, ask_id AS id, opposes, count(*) AS links, count(judged_by_id) AS judged,
    count(place) AS pieces, count(source) AS live, max(day) AS newest,
    array_agg(place) FILTER (WHERE place IS NOT NULL) AS places, NULL::int[] AS sources,
    NULL::text[] AS words
    FROM link LEFT JOIN figure ON figure.id = statistic_id GROUP BY ask_id, opposes
UNION ALL
SELECT 'statement', ask_id, opposes, 0, 0, count(*), count(source), max(day),
    NULL, array_agg(source), NULL
    FROM link JOIN said ON said.id = statement_id
    WHERE statement_id IS NOT NULL GROUP BY ask_id, opposes
UNION ALL
SELECT 'source', ask_id, opposes, 0, 0, count(*), count(source), max(day),
    NULL, array_agg(source), NULL
    FROM link LEFT JOIN origin ON origin.id = source_id
    WHERE source_id IS NOT NULL GROUP BY ask_id, opposes
UNION ALL
SELECT 'claim', claim_id, false, 0, 0, count(*), count(source), NULL, array_agg(place), NULL, NULL
    FROM evidence_claiminput JOIN figure ON figure.id = statistic_id
    JOIN evidence_claim AS claim ON claim.id = claim_id AND claim.review_state <> 'retired'
    GROUP BY claim_id HAVING count(source) = count(*)
UNION ALL
SELECT 'unit', NULL, false, 0, 0, min(place), 0, NULL,
    NULL, array_agg(source ORDER BY place), unit || array_agg(value::text ORDER BY place)
    FROM figure GROUP BY unit
UNION ALL
SELECT 'keys', NULL, false, 0, 0, 0, 0, NULL, NULL, NULL, array_agg(key ORDER BY source) FROM origin
"""


class Row(NamedTuple):
    """What `LINKED` tells of one group of evidence, most often of one kind under one ask."""

    what: str
    id: UUID
    opposes: bool
    links: int
    judged: int
    pieces: int
    live: int
    newest: date | None
    places: list[int] | None
    sources: list[int | None] | None
    words: list[str] | None


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures by their places: in the order of units, and within each of sizes."""

    values: list[str] = field(default_factory=list)
    sources: list[int | None] = field(default_factory=list)  # None of those that are not live
    units: dict[str, tuple[int, list[float]]] = field(default_factory=dict)  # the first, and sizes

    def add(self, unit: str, values: list[str], sources: list[int | None]) -> None:
        self.units[unit] = len(self.values), [abs(float(value)) for value in values]
        self.values.extend(values)
        self.sources.extend(sources)

    def within(self, places: list[int], unit: str, low: float, high: float) -> list[int]:
        """Of places in their order those whose figures have the unit and such a size."""
        first, sizes = self.units.get(unit, (0, []))
        start = bisect_left(places, first + bisect_left(sizes, low))
        return places[start : bisect_left(places, first + bisect_right(sizes, high))]


@dataclass(frozen=True, slots=True)
class Linked:
    """The evidence of all asks, in rows by ask, kind and side, and what their numbers stand for."""

    rows: list[Row]
    figures: Figures
    keys: list[str]  # of the live sources
    claims: dict[UUID, set[int]]  # that rest on live figures alone, by their places

    @classmethod
    def read(cls) -> "Linked":
        told: dict[str, list[Row]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(LINKED)
            for row in map(Row._make, cursor.fetchall()):
                told[row.what].append(row)
        figures = Figures()
        for row in sorted(told["unit"], key=lambda row: row.pieces):
            [unit, *values] = row.words or [""]
            figures.add(unit, values, row.sources or [])
        [keys] = told["keys"]
        claims = {row.id: set(row.places or ()) for row in told["claim"]}
        rows = [*told["figure"], *told["statement"], *told["source"]]
        return cls(rows, figures, keys.words or [], claims)

    def sources(self, row: Row) -> Iterator[str]:
        """The keys of those that the live evidence in it comes from, as often as it does."""
        of_figures = (self.figures.sources[place] for place in row.places or ())
        return (self.keys[each] for each in row.sources or of_figures if each is not None)
