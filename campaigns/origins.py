"""Where sources take their figures from: two that repeat one release are one origin."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from evidence.models import Source


@dataclass(frozen=True)
class Origins:
    """The way upstream from every source, read once."""

    keys: Mapping[UUID, str]
    above: Mapping[UUID, set[UUID]]

    @classmethod
    def read(cls) -> "Origins":
        through = Source.derived_from.through
        above: dict[UUID, set[UUID]] = defaultdict(set)
        for source, upstream in through.objects.values_list("from_source", "to_source"):
            above[source].add(upstream)
        return cls(dict(Source.objects.values_list("pk", "key")), above)

    def of(self, source: UUID) -> set[UUID]:
        """The furthest sources upstream; the source itself where nothing is above it."""
        seen, roots, waiting = {source}, set(), [source]
        while waiting:
            current = waiting.pop()
            upstream = self.above.get(current, set())
            if not upstream:
                roots.add(current)
            waiting += upstream - seen
            seen |= upstream
        return roots

    def numbered(self) -> tuple[list[UUID], list[int]]:
        """Each source with the number of its origin; several together have one of their own."""
        numbers: dict[frozenset[UUID], int] = {}
        sources = list(self.keys)
        return sources, [
            numbers.setdefault(frozenset(self.of(each)), len(numbers)) for each in sources
        ]

    def only_one_of(self, sources: Iterable[UUID]) -> frozenset[str]:
        """The keys of the sources, where all go back to one and the same origin; else none."""
        sources = set(sources)
        roots = {frozenset(self.of(each)) for each in sources}
        if len(set().union(*roots)) != 1:
            return frozenset()
        return frozenset(self.keys[each] for each in sources)
