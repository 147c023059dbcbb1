"""Numbers in the prose of many asks that rest on nothing, found in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from campaigns.carried import Carried
from campaigns.models import Ask
from evidence.models import Claim, NumberDecision
from evidence.prose import numbers_in, reach, unbound
from evidence.prose_binding import same

HAIR = 1e-9


class Value(NamedTuple):
    """As much of a figure as a number can rest on."""

    value: Decimal | Fraction
    unit: str


type Span = tuple[str, str]  # a unit, and a range of sizes as the database writes it
type Worded = Mapping[UUID, tuple[Carried, list[str]]]

# OFFSET keeps the planner to this order: figures to links, once, and only then to what is near.
NEAR = """
WITH linked AS (
    SELECT ask_id, value, unit
    FROM campaigns_evidencelink JOIN evidence_statistic AS figure ON figure.id = statistic_id
    OFFSET 0
)
SELECT ask_id, unit, array_agg(value)
FROM linked JOIN unnest(%s::uuid[], %s::text[], %s::nummultirange[])
    AS near (ask_id, unit, sizes) USING (ask_id, unit)
WHERE abs(value) <@ sizes GROUP BY ask_id, unit
"""


def unbound_by_ask(asks: Iterable[Carried]) -> dict[UUID, tuple[str, ...]]:
    """What `evidence.prose_binding.unbound_numbers` finds of each, without queries for each."""
    worded = {each.ask.pk: (each, _with_numbers(each)) for each in asks}
    worded = {ask: (each, texts) for ask, (each, texts) in worded.items() if texts}
    if not worded:
        return {}
    figures, decided = _figures(worded), _decided()
    found = {
        ask: tuple(_undecided(texts, figures[ask], decided[ask]))
        for ask, (_, texts) in worded.items()
    }
    return {ask: numbers for ask, numbers in found.items() if numbers}


def _with_numbers(carried: Carried) -> list[str]:
    return [text for text in carried.prose().values() if _spans(text)]


@lru_cache(maxsize=8192)
def _spans(text: str) -> frozenset[Span]:
    """What its numbers may rest on. Kept, since the same words are read each time that the board is
    opened; a hair too wide, so that rounding decides nothing."""
    return frozenset(
        (unit, f"[{float(low) * (1 - HAIR)},{float(high) * (1 + HAIR)}]")
        for found in numbers_in(text)
        for unit, low, high in reach(found.number)
    )


def _figures(worded: Worded) -> dict[UUID, list[Value]]:
    """Of those that `Ask.bound_figures` names, the ones that a number of the ask may rest on."""
    near: dict[UUID, list[Value]] = defaultdict(list)
    sizes: dict[tuple[UUID, str], set[str]] = defaultdict(set)
    for ask, (_, texts) in worded.items():
        for unit, size in chain.from_iterable(map(_spans, texts)):
            sizes[ask, unit].add(size)
    asks, units = zip(*sizes, strict=True)
    reached = [f"{{{','.join(each)}}}" for each in sizes.values()]
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [list(asks), list(units), reached])
        for ask, unit, values in cursor.fetchall():
            near[ask] += [Value(value, unit) for value in values]
    claims = Claim.objects.in_bulk({claim for each, _ in worded.values() for claim in each.claims})
    for ask, (each, _) in worded.items():
        held = [figure for claim in each.claims for figure in claims[claim].figures()]
        near[ask] += [Value(Fraction(figure.value), figure.unit) for figure in held]
    return near


def _decided() -> dict[UUID, set[str]]:
    decisions = NumberDecision.objects.filter(content_type=ContentType.objects.get_for_model(Ask))
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
