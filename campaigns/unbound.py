"""Numbers in the prose of many asks that rest on nothing, found in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from django.contrib.contenttypes.models import ContentType

from campaigns.carried import Carried
from campaigns.linked import Figures
from campaigns.models import Ask
from evidence.models import NumberDecision
from evidence.prose import numbers_in, reach, unbound
from evidence.prose_binding import same

HAIR = 1e-9


class Value(NamedTuple):
    """As much of a figure as a number can rest on."""

    value: Decimal | Fraction
    unit: str


type Span = tuple[str, float, float]  # a unit, and a range of sizes


def unbound_by_ask(asks: Iterable[Carried], figures: Figures) -> dict[UUID, tuple[str, ...]]:
    """What `evidence.prose_binding.unbound_numbers` finds of each, without queries for each."""
    worded = {each.ask.pk: (each, _with_numbers(each)) for each in asks}
    worded = {ask: (each, texts) for ask, (each, texts) in worded.items() if texts}
    if not worded:
        return {}
    decided = _decided()
    found = {
        ask: tuple(_undecided(texts, _within_reach(each, texts, figures), decided[ask]))
        for ask, (each, texts) in worded.items()
    }
    return {ask: numbers for ask, numbers in found.items() if numbers}


def _with_numbers(carried: Carried) -> list[str]:
    return [text for text in carried.prose().values() if _spans(text)]


@lru_cache(maxsize=8192)
def _spans(text: str) -> frozenset[Span]:
    """What its numbers may rest on. Kept, since the same words are read each time that the board is
    opened; a hair too wide, so that rounding decides nothing."""
    return frozenset(
        (unit, float(low) * (1 - HAIR), float(high) * (1 + HAIR))
        for found in numbers_in(text)
        for unit, low, high in reach(found.number)
    )


def _within_reach(carried: Carried, texts: Iterable[str], figures: Figures) -> frozenset[Value]:
    """Of those that `Ask.bound_figures` names, the ones that a number of the ask may rest on."""
    near = (
        _value(figures.values[place], unit)
        for unit, low, high in frozenset(chain.from_iterable(map(_spans, texts)))
        for place in figures.within(carried.places, unit, low, high)
    )
    stated = chain.from_iterable(claim.figures() for claim in carried.claims)
    return frozenset(chain(near, (Value(Fraction(each.value), each.unit) for each in stated)))


@lru_cache(maxsize=8192)
def _value(written: str, unit: str) -> Value:
    return Value(Decimal(written), unit)


def _decided() -> dict[UUID, set[str]]:
    decisions = NumberDecision.objects.filter(content_type=ContentType.objects.get_for_model(Ask))
    found: dict[UUID, set[str]] = defaultdict(set)
    for each in decisions.select_related("statistic", "claim"):
        if each.holds:
            found[each.object_id].add(same(each.number))
    return found


def _undecided(texts: Iterable[str], figures: frozenset[Value], seen: set[str]) -> list[str]:
    """Each number once, in the order of the texts."""
    found = []
    for text in texts:
        for number in _unbound(text, figures):
            if same(number) not in seen:
                seen.add(same(number))
                found.append(number)
    return found


@lru_cache(maxsize=8192)
def _unbound(text: str, figures: frozenset[Value]) -> tuple[str, ...]:
    return tuple(found.text for found in unbound(text, figures))
