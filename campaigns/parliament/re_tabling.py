"""Which earlier amendments a new one may be, tabled again: offered, never linked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

WORD = re.compile(r"\w+")
SHINGLE = 3  # words that have to stand together
LIKELY = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    amendment_id: UUID
    likeness: float  # 1 is word for word

    @property
    def percent(self) -> int:
        return round(100 * self.likeness)


def alike(text: str, others: Iterable[tuple[UUID, str]]) -> list[Candidate]:
    found = list(_likely(text, others))
    return sorted(found, key=lambda each: (-each.likeness, each.amendment_id))


def _likely(text: str, others: Iterable[tuple[UUID, str]]) -> Iterator[Candidate]:
    own = _shingles(text)
    for amendment_id, other in others:
        theirs = _shingles(other)
        # No need to intersect what differs in length beyond hope.
        if own and LIKELY <= len(theirs) / len(own) <= 1 / LIKELY:
            found = len(own & theirs) / len(own | theirs)
            if found >= LIKELY:
                yield Candidate(amendment_id, found)


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = WORD.findall(text.casefold())
    return set(zip(*(words[start:] for start in range(SHINGLE)), strict=False))
