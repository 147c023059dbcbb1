"""Claims of the sources and computations of our own, each bound to the figures it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass

from evidence.fixture_files.adding import Loading, id_of, known
from evidence.fixture_files.contents import excerpt_of
from evidence.fixture_files.reading import Entry, read_list
from evidence.fixture_files.sources import Evidence
from evidence.fixture_files.vocabulary import Vocabulary
from evidence.models import Claim, ClaimInput, ClaimType, InputRole, Qualifier, Statistic

OURS = ""  # where other claims have the key of their source

type Inputs = list[tuple[str, Statistic]]


def load_claims(
    loading: Loading, vocabulary: Vocabulary, evidence: Evidence, files: Mapping[str, Entry]
) -> dict[str, Claim]:
    claims = Claims(loading, vocabulary, evidence)
    entries = [(key, entry) for key, file in files.items() for entry in file.entries("claims")]
    entries += [(OURS, entry) for entry in read_list(loading.folder / "own_claims.yaml")]
    found = {entry.text("key"): claims.claim(source, entry) for source, entry in entries}
    return {key: claim for key, claim in found.items() if claim}


@dataclass(frozen=True)
class Claims:
    """Reads claims; their figures are looked up among the evidence that is loaded."""

    loading: Loading
    vocabulary: Vocabulary
    evidence: Evidence

    def claim(self, source: str, entry: Entry) -> Claim | None:
        """None for a computation of our own whose figures are left out: there is nothing to it."""
        made = self._made(source, entry)
        inputs = self._inputs(source, entry)
        repeated = self.evidence.named_sources(self.loading, entry, "also_printed_in")
        exact = entry.text("excerpt", "")
        entry.done()
        if source == OURS and not inputs:
            return None
        found = known(Claim, made.key, key=made.key)
        if found is None:
            snapshot = self.evidence.snapshots.get(source)
            made.excerpt = excerpt_of(self.loading, snapshot, entry, exact)

        def lines(claim: Claim) -> None:
            claim.also_printed_in.set(repeated)
            ClaimInput.objects.bulk_create(
                ClaimInput(claim=claim, role=role, statistic=statistic, position=position)
                for position, (role, statistic) in enumerate(inputs)
            )

        return self.loading.add(entry, found, made, lines)

    def _made(self, source: str, entry: Entry) -> Claim:
        key = entry.text("key")
        return Claim(
            id=id_of(Claim, key),
            key=key,
            type=entry.choice("type", ClaimType.values),
            wording=entry.text("wording"),
            source=self.evidence.sources.get(source),
            stated=entry.text("stated", ""),
            qualifier=entry.choice("qualifier", Qualifier.values, Qualifier.EXACT),
            area=self.vocabulary.area(entry) if entry.has("area") else None,
            period=self.vocabulary.period(entry) if entry.has("period") else None,
            days=entry.maybe_number("days"),
            base=entry.maybe_number("base"),
            weighted=entry.flag("weighted"),
            last_edited_by=self.loading.officer,
        )

    def _inputs(self, source: str, entry: Entry) -> Inputs:
        """The figures that the claim names; all of them or none.

        A claim that lost one of its inputs with a source would be tested against the wrong ones,
        so it gets none and comes out as not testable.
        """
        found: Inputs = []
        missing = False
        for item in entry.entries("inputs"):
            role = item.choice("role", InputRole.values)
            printed_in = item.text("source", source or None)
            statistic = self.evidence.statistic(item, self.vocabulary, printed_in)
            item.done()
            if statistic is None:
                left_out = f"{item.place}: the figure of {printed_in} is left out."
                self.loading.left_out.append(left_out)
                missing = True
            else:
                found.append((role, statistic))
        return [] if missing else found
