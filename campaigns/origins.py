"""Where sources take their figures from: two that repeat one release are one origin."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evidence.models import Source


@dataclass(frozen=True)
class Origins:
    """The way upstream from every source, read once. Sources go by their keys."""

    above: Mapping[str, set[str]]

    @classmethod
    def read(cls) -> "Origins":
        through = Source.derived_from.through
        above: dict[str, set[str]] = defaultdict(set)
        for source, upstream in through.objects.values_list("from_source__key", "to_source__key"):
            above[source].add(upstream)
        return cls(above)

    def of(self, source: str) -> set[str]:
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

    def only_one_of(self, sources: Iterable[str]) -> frozenset[str]:
        """The sources, where all go back to one and the same origin; else none.

        Of hundreds hardly more than two are looked at: the second has another origin as a rule.
        """
        named: set[str] = set()
        roots: set[str] = set()
        for source in sources:
            if source not in named:
                named.add(source)
                roots |= self.of(source)
            if len(roots) > 1:
                return frozenset()
        return frozenset(named)
