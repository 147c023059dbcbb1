"""What asks link, read in one statement: nothing else on the gap board costs as much."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from campaigns.models import EvidenceLink
from campaigns.unchanged import WhileUnchanged
from evidence.models import Claim, ClaimInput, Period, Source, Statement, Statistic

# What a pack would print today is live: approved, like the source that it stands on, and never
# retracted. Of a figure the end of its period tells how new it is, of the rest the publication.
# It is one statement, since a figure goes by its place among all, in the order of sizes, and a live
# source by its number: they hold within it alone. Statements and sources are few, and joined apart:
# one join that suits every kind takes twice as long.
LINKED = """
WITH origin AS MATERIALIZED (
    SELECT id, key, published_on AS day, row_number() OVER ()::int - 1 AS source
    FROM evidence_source WHERE review_state = 'approved' AND retracted_on IS NULL
), figure AS MATERIALIZED (
    SELECT figure.id, unit, value, source, CASE WHEN source IS NOT NULL THEN period.end END AS day,
        row_number() OVER (ORDER BY abs(value))::int - 1 AS place
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
    GROUP BY claim_id
UNION ALL
SELECT 'values', NULL, false, 0, 0, 0, 0, NULL,
    NULL, array_agg(source ORDER BY place), array_agg(value ORDER BY place)::text[] FROM figure
UNION ALL
SELECT 'units', NULL, false, 0, 0, 0, 0, NULL,
    NULL, NULL, array_agg(unit ORDER BY place) FROM figure
UNION ALL
SELECT 'keys', NULL, false, 0, 0, 0, 0, NULL,
    NULL, NULL, array_agg(key ORDER BY source) FROM origin
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


class Figures(NamedTuple):
    """All figures by their places: in the order of sizes, a fall counting like a rise."""

    values: list[str]
    units: list[str]
    sources: list[int | None]  # none of those that are not live
    sizes: list[float]

    def within(self, places: list[int], unit: str, low: float, high: float) -> Iterator[int]:
        """Of places in their order those whose figures have the unit and such a size."""
        start = bisect_left(places, bisect_left(self.sizes, low))
        end = bisect_left(places, bisect_right(self.sizes, high))
        return (place for place in places[start:end] if self.units[place] == unit)


@dataclass(frozen=True, slots=True)
class Linked:
    """The evidence of all asks, in rows by ask, kind and side, and what their numbers stand for."""

    rows: list[Row]
    figures: Figures
    keys: list[str]  # of the live sources
    claims: dict[UUID, set[int]]  # in use, with the places of the figures that they rest on
    live_claims: set[UUID]  # those that rest on live figures alone

    @classmethod
    def read(cls) -> "Linked":
        told: dict[str, list[Row]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(LINKED)
            for row in map(Row._make, cursor.fetchall()):
                told[row.what].append(row)
        [values], [units], [keys] = told["values"], told["units"], told["keys"]
        printed = values.words or []
        sizes = [abs(float(value)) for value in printed]
        figures = Figures(printed, units.words or [], values.sources or [], sizes)
        claims = {row.id: set(row.places or ()) for row in told["claim"]}
        live_claims = {row.id for row in told["claim"] if row.live == row.pieces}
        rows = [*told["figure"], *told["statement"], *told["source"]]
        return cls(rows, figures, keys.words or [], claims, live_claims)

    def sources(self, row: Row) -> Iterator[str]:
        """The keys of those that the live evidence in it comes from, as often as it does."""
        of_figures = (self.figures.sources[place] for place in row.places or ())
        return (self.keys[each] for each in row.sources or of_figures if each is not None)


linked = WhileUnchanged(
    Linked.read, (EvidenceLink, Statistic, Period, Source, Statement, Claim, ClaimInput)
)
