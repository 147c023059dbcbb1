"""Which earlier amendments a new one may be, tabled again: offered, never linked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from campaigns.models import Amendment, AmendmentAsPublished

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


def likeness(one: str, other: str) -> float:
    """How much of two wordings is the same three words in a row; both have to hold some."""
    first, second = _shingles(one), _shingles(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def candidates(amendment: Amendment, *, most: int = 5) -> list[Candidate]:
    """Of the same bill and an earlier stage, the likest first. Reads the wordings one by one."""
    text = amendment.stands().text
    earlier = AmendmentAsPublished.objects.filter(
        stage__bill_id=amendment.stage.bill_id, stage__position__lt=amendment.stage.position
    ).exclude(text="")
    return alike(text, earlier.values_list("amendment_id", "text").iterator())[:most]


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
