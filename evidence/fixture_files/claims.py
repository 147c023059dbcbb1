"""Claims of the sources and computations of our own, each bound to the figures it rests on."""

from collections.abc import Mapping

from evidence.fixture_files.adding import Loading, id_of, known
from evidence.fixture_files.contents import excerpt_of
from evidence.fixture_files.reading import Entry, read_list
from evidence.fixture_files.sources import Evidence
from evidence.fixture_files.vocabulary import Vocabulary
from evidence.models import Claim, ClaimInput, ClaimType, InputRole, Qualifier, Source, Statistic

Inputs = list[tuple[str, Statistic]]


def load_claims(
    loading: Loading, vocabulary: Vocabulary, evidence: Evidence, files: Mapping[str, Entry]
) -> dict[str, Claim]:
    claims = [
        _claim(loading, vocabulary, evidence, evidence.sources[key], entry)
        for key, file in files.items()
        for entry in file.entries("claims")
    ]
    for entry in read_list(loading.folder / "own_claims.yaml"):
        claims.append(_claim(loading, vocabulary, evidence, None, entry))
    return dict(claims)


def _claim(
    loading: Loading,
    vocabulary: Vocabulary,
    evidence: Evidence,
    source: Source | None,
    entry: Entry,
) -> tuple[str, Claim]:
    key = entry.text("key")
    made = Claim(
        id=id_of(Claim, key),
        key=key,
        type=entry.choice("type", ClaimType.values),
        wording=entry.text("wording"),
        source=source,
        stated=entry.text("stated", ""),
        qualifier=entry.choice("qualifier", Qualifier.values, "exact"),
        area=vocabulary.area(entry) if entry.has("area") else None,
        period=vocabulary.period(entry) if entry.has("period") else None,
        days=entry.maybe_number("days"),
        base=entry.maybe_number("base"),
        weighted=entry.flag("weighted"),
        last_edited_by=loading.officer,
    )
    inputs = _inputs(loading, vocabulary, evidence, source, entry)
    repeated = evidence.named_sources(loading, entry, "also_printed_in")
    found = known(Claim, key, key=key)
    if found is None and source:
        made.excerpt = excerpt_of(loading, evidence.snapshots.get(source.key), entry)
    entry.text("excerpt", "")
    entry.done()

    def lines(claim: Claim) -> None:
        claim.also_printed_in.set(repeated)
        ClaimInput.objects.bulk_create(
            ClaimInput(claim=claim, role=role, statistic=statistic, position=position)
            for position, (role, statistic) in enumerate(inputs)
        )

    return key, loading.add(entry, found, lambda: made, lines)


def _inputs(
    loading: Loading,
    vocabulary: Vocabulary,
    evidence: Evidence,
    source: Source | None,
    entry: Entry,
) -> Inputs:
    """The figures that the claim names; all of them or none.

    A claim that lost one of its inputs with a source would be tested against the wrong ones, so it
    gets none and comes out as not testable.
    """
    found: Inputs = []
    missing = False
    for item in entry.entries("inputs"):
        role = item.choice("role", InputRole.values)
        printed_in = item.text("source", source.key if source else None)
        statistic = evidence.statistic(item, vocabulary, printed_in)
        item.done()
        if statistic is None:
            loading.left_out.append(f"{item.place}: the figure of {printed_in} is left out.")
            missing = True
        else:
            found.append((role, statistic))
    return [] if missing else found
