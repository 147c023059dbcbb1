"""One file for each source: its facts, where its figures come from, and our summary of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from evidence.fixture_files.adding import Loading, id_of, known
from evidence.fixture_files.contents import USUAL_MEASURE, Contents
from evidence.fixture_files.reading import Entry, FixtureError, read
from evidence.fixture_files.vocabulary import Vocabulary
from evidence.models import EvidenceGap, Snapshot, Source, SourceKind, Statement, Statistic


@dataclass
class Evidence:
    """What the source files hold, for the files that refer to it."""

    sources: dict[str, Source] = field(default_factory=dict)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    statistics: dict[tuple[str, str, str, str], Statistic] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    gaps: dict[str, EvidenceGap] = field(default_factory=dict)

    def named_sources(self, loading: Loading, entry: Entry, name: str) -> list[Source]:
        """Those of the listed sources that are there; the others are told, not refused: leaving a
        source out is deleting its file.
        """
        keys = entry.texts(name)
        loading.left_out += [
            f"{entry.place}: {key} in {name!r} is left out."
            for key in keys
            if key not in self.sources
        ]
        return [self.sources[key] for key in keys if key in self.sources]

    def statistic(self, entry: Entry, vocabulary: Vocabulary, source: str) -> Statistic | None:
        """The source's figure for the entry's measure, area and period; None without the source."""
        measure = vocabulary.measure(entry, USUAL_MEASURE)
        cell = (source, measure.pk, vocabulary.area(entry).pk, entry.text("period"))
        if source in self.sources and cell not in self.statistics:
            raise entry.wrong(f"{source} has no such figure.")
        return self.statistics.get(cell)


def source_files(loading: Loading) -> Mapping[str, Entry]:
    """The sources' entries by key, without those that are to be left out."""
    entries = [read(path) for path in sorted((loading.folder / "sources").glob("*.yaml"))]
    by_key = {entry.text("key"): entry for entry in entries}
    unknown = sorted(set(loading.without) - set(by_key))
    if unknown:
        raise FixtureError(f"sources: there is no source {unknown[0]!r} to leave out.")
    return {key: entry for key, entry in by_key.items() if key not in loading.without}


def load_sources(loading: Loading, vocabulary: Vocabulary, files: Mapping[str, Entry]) -> Evidence:
    evidence = Evidence()
    for key, entry in files.items():
        evidence.sources[key] = _source(loading, vocabulary, entry)
    added = {record.pk for record, _ in loading.drafts}
    for key, entry in files.items():
        source = evidence.sources[key]
        if entry.has("snapshot"):
            evidence.snapshots[key] = _snapshot(loading, source, key, entry.entry("snapshot"))
        upstream = evidence.named_sources(loading, entry, "derived_from")
        if source.pk in added:
            source.derived_from.set(upstream)
        contents = Contents(loading, vocabulary, source, evidence.snapshots.get(key))
        _take_in(contents, key, entry, evidence)
    return evidence


def _source(loading: Loading, vocabulary: Vocabulary, entry: Entry) -> Source:
    key = entry.text("key")
    made = Source(
        id=id_of(Source, key),
        key=key,
        kind=entry.choice("kind", SourceKind.values),
        title=entry.text("title"),
        title_is_ours=entry.flag("title_is_ours"),
        authors=entry.text("authors", ""),
        publisher=vocabulary.organisation(entry, "publisher"),
        url=entry.text("url", ""),
        published_on=entry.maybe_day("published_on"),
        published_label=entry.text("published_label", ""),
        accessed_on=entry.maybe_day("accessed_on"),
        licence=entry.text("licence", ""),
        reliability_note=entry.text("reliability_note", ""),
        held=entry.flag("held", default=True),
        summary=entry.text("summary", ""),
        last_edited_by=loading.officer,
    )
    return loading.add(entry, known(Source, key, key=key), made)


def _take_in(contents: Contents, key: str, entry: Entry, evidence: Evidence) -> None:
    for item in entry.entries("statistics"):
        cell, statistic = contents.statistic(key, item)
        evidence.statistics[(key, *cell)] = statistic
    for item in entry.entries("statements"):
        evidence.statements[item.text("key")] = contents.statement(item)
    for item in entry.entries("gaps"):
        evidence.gaps[item.text("key")] = contents.gap(item)
    contents.restricted_accounts(key, entry)
    entry.entries("claims")  # read once all figures are there
    entry.done()


def _snapshot(loading: Loading, source: Source, key: str, entry: Entry) -> Snapshot:
    day = entry.day("written_on")
    made = Snapshot(
        id=id_of(Snapshot, key),
        source=source,
        text=entry.text("text"),
        is_summary=True,
        taken_at=datetime.combine(day, time(12), UTC),
    )
    made.set_hash()
    entry.done()
    return loading.add(entry, known(Snapshot, key), made)
