"""Which claims rest on an ask's figures alone: they are what can be tested of these."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from uuid import UUID


class Resting:
    """Claims by one of their figures, so that an ask without it is not compared with them."""

    def __init__(self, claims: Mapping[UUID, set[int]]) -> None:
        self.by_first: dict[int, list[tuple[UUID, set[int]]]] = defaultdict(list)
        for claim, figures in claims.items():
            self.by_first[min(figures)].append((claim, figures))
        self.firsts = set(self.by_first)

    def on(self, figures: set[int]) -> Iterator[UUID]:
        for first in self.firsts & figures:
            for claim, needed in self.by_first[first]:
                if needed <= figures:
                    yield claim
