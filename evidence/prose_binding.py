"""Numbers in a record's prose: each rests on a figure that the record links, or was decided on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from evidence.prose import Figure, Found, strained, unbound


class Bearer(Protocol):
    """What a record links and a number may rest on: a statistic, or a claim."""

    def figures(self) -> list[Figure]: ...


class Worded(Protocol):
    """A record with prose: its texts by how a sentence calls each, and what it links."""

    number_decisions: Any

    def prose(self) -> Mapping[str, str]: ...
    def bound_figures(self) -> Iterable[Bearer]: ...


@dataclass(frozen=True, slots=True)
class Unbound:
    """A number in a text that nothing bears out, and nobody has decided on."""

    place: str
    found: Found
    why: str = ""  # where a figure is linked that its wording does not reach

    @property
    def text(self) -> str:
        return self.found.text

    def __str__(self) -> str:
        why = f" ({self.why.rstrip('.')})" if self.why else ""
        return f"“{self.text}” in {self.place} is bound to no figure{why}: bind it or waive it"


def unbound_numbers(record: Worded) -> list[Unbound]:
    """In the order of the texts, each number once: a decision on it holds wherever it stands."""
    texts = {place: text for place, text in record.prose().items() if text}
    if not texts:
        return []
    figures = [figure for bearer in record.bound_figures() for figure in bearer.figures()]
    known = {place: unbound(text, figures) for place, text in texts.items()}
    if not any(known.values()):
        return []
    undecided = _undecided(known, decided_numbers(record))
    return [replace(each, why=strained(each.found, figures)) for each in undecided]


def decided_numbers(record: Worded) -> set[str]:
    """Those that are waived, or bound to what is still in use."""
    decisions = record.number_decisions.select_related("statistic", "claim")
    return {same(each.number) for each in decisions if each.holds}


def same(number: str) -> str:
    """One in four at the start of a sentence is one in four."""
    return " ".join(number.casefold().split())


def _undecided(found: Mapping[str, list[Found]], seen: set[str]) -> Iterator[Unbound]:
    seen = set(seen)
    for place, numbers in found.items():
        for number in numbers:
            if same(number.text) not in seen:
                seen.add(same(number.text))
                yield Unbound(place, number)
