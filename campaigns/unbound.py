"""Numbers in the prose of many asks that rest on nothing, found in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
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

    value: Fraction
    unit: str


type Written = tuple[str, str]  # a figure's value as a string, and its unit
type Span = tuple[str, float, float]  # a unit, and a range of sizes


def find_unbound(carried: Iterable[Carried], figures: Figures) -> None:
    """What `evidence.prose_binding.unbound_numbers` finds of each, without queries for each."""
    decided = _decided()
    for each in carried:
        if texts := [text for text in each.prose().values() if _spans(text)]:
            near = _within_reach(each, texts, figures)
            each.unbound = tuple(_undecided(texts, near, decided[each.ask.pk]))


@lru_cache(maxsize=8192)
def _spans(text: str) -> frozenset[Span]:
    """What its numbers may rest on. Kept, since the same words are read each time that the board is
    opened; a hair too wide, so that rounding decides nothing."""
    return frozenset(
        (unit, float(low) * (1 - HAIR), float(high) * (1 + HAIR))
        for found in numbers_in(text)
        for unit, low, high in reach(found.number)
    )


def _within_reach(carried: Carried, texts: Iterable[str], figures: Figures) -> frozenset[Written]:
    """Of those that `Ask.bound_figures` names, the ones that a number of the ask may rest on."""
    near = (
        (figures.values[place], unit)
        for unit, low, high in frozenset(chain.from_iterable(map(_spans, texts)))
        for place in figures.within(carried.places, unit, low, high)
    )
    stated = chain.from_iterable(claim.figures() for claim in carried.stated)
    return frozenset(chain(near, ((str(each.value), each.unit) for each in stated)))


def _decided() -> dict[UUID, set[str]]:
    decisions = NumberDecision.objects.filter(content_type=ContentType.objects.get_for_model(Ask))
    states = ("statistic__review_state", "claim__review_state")
    found: dict[UUID, set[str]] = defaultdict(set)
    for each in decisions.select_related("statistic", "claim").only("object_id", "number", *states):
        if each.holds:
            found[each.object_id].add(same(each.number))
    return found


def _undecided(texts: Iterable[str], figures: frozenset[Written], seen: set[str]) -> list[str]:
    """Each number once, in the order of the texts."""
    found = []
    for text in texts:
        for number in _unbound(text, figures):
            if same(number) not in seen:
                seen.add(same(number))
                found.append(number)
    return found


@lru_cache(maxsize=8192)
def _unbound(text: str, figures: frozenset[Written]) -> tuple[str, ...]:
    read = [Value(Fraction(value), unit) for value, unit in figures]
    return tuple(found.text for found in unbound(text, read))
