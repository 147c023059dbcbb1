"""Which earlier amendments a new one may be, tabled again: offered, never linked."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

WORD = re.compile(r"\w+")
SHINGLE = 3  # words that have to stand together
LIKELY = 0.5

type Shingles = set[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Candidate:
    amendment_id: UUID
    likeness: float  # 1 is word for word

    @property
    def percent(self) -> int:
        return round(100 * self.likeness)


class Earlier:
    """Ours, each taken apart once: a bill's amendments in their thousands are held against them."""

    def __init__(self, ours: Collection[tuple[UUID, str, int]]) -> None:
        """Of each its id, its text and its stage's position."""
        self._ours = [(pk, _shingles(text), position) for pk, text, position in ours]

    @property
    def first(self) -> int | None:
        """The position of the stage where the earliest of them stands; None without any."""
        return min((position for _, _, position in self._ours), default=None)

    def alike(self, text: str, *, before: int) -> list[Candidate]:
        """The likest first, of those at a stage before that position."""
        found = list(self._likely(_shingles(text), before))
        return sorted(found, key=lambda each: (-each.likeness, each.amendment_id))

    def _likely(self, own: Shingles, before: int) -> Iterator[Candidate]:
        for amendment_id, theirs, position in self._ours if own else ():
            # No need to intersect what differs in length beyond hope.
            if position < before and LIKELY <= len(theirs) / len(own) <= 1 / LIKELY:
                found = len(own & theirs) / len(own | theirs)
                if found >= LIKELY:
                    yield Candidate(amendment_id, found)


def _shingles(text: str) -> Shingles:
    words = WORD.findall(text.casefold())
    return set(zip(*(words[start:] for start in range(SHINGLE)), strict=False))
