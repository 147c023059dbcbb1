"""Numbers in the prose of many asks that rest on nothing, found in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from campaigns.carried import Carried
from campaigns.models import Ask
from evidence.models import Claim, NumberDecision
from evidence.prose import numbers_in, reach, unbound
from evidence.prose_binding import same

HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Value:
    """As much of a figure as a number can rest on."""

    value: Decimal | Fraction
    unit: str


type Span = tuple[str, float, float]  # a unit, and the least and greatest size
type Worded = Mapping[UUID, tuple[Carried, list[str]]]

# First what no ask could use goes, by one look-up for each figure; links are read for the rest.
NEAR = """
WITH near AS MATERIALIZED (
    SELECT ask_id, unit, range_agg(numrange(low::numeric, high::numeric, '[]')) AS sizes
    FROM unnest(%s::uuid[], %s::text[], %s::float8[], %s::float8[])
        AS told (ask_id, unit, low, high)
    GROUP BY ask_id, unit
), every AS MATERIALIZED (
    SELECT unit, range_agg(sizes) AS sizes FROM near GROUP BY unit
), figure AS MATERIALIZED (
    SELECT figure.id, figure.value, figure.unit, abs(figure.value) AS size
    FROM evidence_statistic AS figure JOIN every USING (unit)
    WHERE abs(figure.value) <@ every.sizes
), linked AS MATERIALIZED (
    SELECT DISTINCT link.ask_id, figure.value, figure.unit, figure.size
    FROM figure JOIN campaigns_evidencelink AS link ON link.statistic_id = figure.id
)
SELECT ask_id, linked.value, unit FROM linked JOIN near USING (ask_id, unit)
WHERE linked.size <@ near.sizes
"""


def unbound_by_ask(asks: Iterable[Carried]) -> dict[UUID, tuple[str, ...]]:
    """What `evidence.prose_binding.unbound_numbers` finds of each, without queries for each.

    The asks need their objections and questions loaded.
    """
    worded = {each.ask.pk: (each, _with_numbers(each.ask)) for each in asks}
    worded = {ask: (each, texts) for ask, (each, texts) in worded.items() if texts}
    if not worded:
        return {}
    figures, decided = _figures(worded), _decided(list(worded))
    found = {
        ask: tuple(_undecided(texts, figures[ask], decided[ask]))
        for ask, (_, texts) in worded.items()
    }
    return {ask: numbers for ask, numbers in found.items() if numbers}


def _with_numbers(ask: Ask) -> list[str]:
    return [text for text in ask.prose().values() if _spans(text)]


@lru_cache(maxsize=8192)
def _spans(text: str) -> frozenset[Span]:
    """What its numbers may rest on. Kept, since the same words are read each time that the board is
    opened; a hair too wide, so that rounding decides nothing."""
    return frozenset(
        (unit, float(low) * (1 - HAIR), float(high) * (1 + HAIR))
        for found in numbers_in(text)
        for unit, low, high in reach(found.number)
    )


def _figures(worded: Worded) -> dict[UUID, list[Value]]:
    """Of those that `Ask.bound_figures` names, the ones that a number of the ask may rest on."""
    near: dict[UUID, list[Value]] = defaultdict(list)
    spans = {
        (ask, *span)
        for ask, (_, texts) in worded.items()
        for text in texts
        for span in _spans(text)
    }
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [list(column) for column in zip(*spans, strict=True)])
        for ask, value, unit in cursor.fetchall():
            near[ask].append(Value(value, unit))
    claims = Claim.objects.in_bulk({claim for each, _ in worded.values() for claim in each.claims})
    for ask, (each, _) in worded.items():
        held = [figure for claim in each.claims for figure in claims[claim].figures()]
        near[ask] += [Value(Fraction(figure.value), figure.unit) for figure in held]
    return near


def _decided(asks: Collection[UUID]) -> dict[UUID, set[str]]:
    decisions = NumberDecision.objects.filter(
        content_type=ContentType.objects.get_for_model(Ask), object_id__in=asks
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for each in decisions.select_related("statistic", "claim"):
        if each.holds:
            found[each.object_id].add(same(each.number))
    return found


def _undecided(texts: Iterable[str], figures: Iterable[Value], seen: set[str]) -> list[str]:
    """Each number once, in the order of the texts."""
    found, known = [], frozenset(figures)
    for text in texts:
        for number in _unbound(text, known):
            if same(number) not in seen:
                seen.add(same(number))
                found.append(number)
    return found


@lru_cache(maxsize=8192)
def _unbound(text: str, figures: frozenset[Value]) -> tuple[str, ...]:
    return tuple(found.text for found in unbound(text, figures))
