"""What stands in one source: figures, statements, gaps and accounts that nobody may use."""

from dataclasses import dataclass

from evidence import anchoring
from evidence.fixture_files.adding import Loading, id_of, known
from evidence.fixture_files.reading import Entry
from evidence.fixture_files.vocabulary import Vocabulary
from evidence.models import (
    Comparability,
    EvidenceGap,
    Excerpt,
    Organisation,
    Qualifier,
    RestrictedAccount,
    Snapshot,
    Source,
    Statement,
    Statistic,
)
from evidence.numbers.workings import rounded
from evidence.printed import PrintedNumber, UnreadableNumber, read_number

USUAL_MEASURE = "image-offences"
PLACES = 6

type Cell = tuple[str, str, str]


@dataclass(frozen=True)
class Contents:
    """Reads the entries of one source's file."""

    loading: Loading
    vocabulary: Vocabulary
    source: Source
    snapshot: Snapshot | None

    def statistic(self, source_key: str, entry: Entry) -> tuple[Cell, Statistic]:
        measure = self.vocabulary.measure(entry, USUAL_MEASURE)
        cell = (measure.pk, self.vocabulary.area(entry).pk, entry.text("period"))
        key = "/".join((source_key, *cell))
        made = self._statistic(key, entry)
        exact = entry.text("excerpt", "")
        entry.done()
        found = known(Statistic, key)
        if found is None:
            made.excerpt = excerpt_of(self.loading, self.snapshot, entry, exact)
        return cell, self.loading.add(entry, found, made)

    def _statistic(self, key: str, entry: Entry) -> Statistic:
        number = _printed_number(entry)
        elsewhere = entry.has("printed_period")
        return Statistic(
            id=id_of(Statistic, key),
            measure=self.vocabulary.measure(entry, USUAL_MEASURE),
            area=self.vocabulary.area(entry),
            period=self.vocabulary.period(entry),
            printed_period=self.vocabulary.period(entry, "printed_period") if elsewhere else None,
            source=self.source,
            recorded_by=self._recorded_by(entry),
            value_printed=entry.text("value"),
            value=rounded(number.value, PLACES),
            unit=number.unit.value,
            qualifier=number.qualifier.value,
            forces_answered=entry.maybe_number("forces_answered"),
            forces_asked=entry.maybe_number("forces_asked"),
            comparability=entry.choice("comparability", Comparability.values, "comparable"),
            caveat=entry.text("caveat", ""),
            approved_wording=entry.text("approved_wording", ""),
            wording_to_avoid=entry.text("wording_to_avoid", ""),
            spoken=entry.text("spoken", ""),
            last_edited_by=self.loading.officer,
        )

    def _recorded_by(self, entry: Entry) -> Organisation | None:
        if not entry.has("recorded_by"):
            return None
        return self.vocabulary.organisation(entry, "recorded_by")

    def statement(self, entry: Entry) -> Statement:
        key = entry.text("key")
        made = Statement(
            id=id_of(Statement, key),
            speaker=entry.text("speaker"),
            role=entry.text("role"),
            organisation=self.vocabulary.organisation(entry, "organisation"),
            source=self.source,
            gist=entry.text("gist"),
            words=entry.text("words", ""),
            said_in=entry.text("said_in"),
            last_edited_by=self.loading.officer,
        )
        entry.done()
        found = known(Statement, key)
        if found is None:
            made.excerpt = excerpt_of(self.loading, self.snapshot, entry, made.words)
        return self.loading.add(entry, found, made)

    def gap(self, entry: Entry) -> EvidenceGap:
        key = entry.text("key")
        made = EvidenceGap(
            id=id_of(EvidenceGap, key),
            key=key,
            wording=entry.text("wording"),
            source=self.source,
            missing=entry.text("missing"),
            last_edited_by=self.loading.officer,
        )
        entry.done()
        return self.loading.add(entry, known(EvidenceGap, key, key=key), made)

    def restricted_accounts(self, source_key: str, entry: Entry) -> None:
        """As many as stand in the source: there is nothing else to tell about them."""
        for number in range(entry.maybe_number("restricted_accounts") or 0):
            key = f"{source_key}/{number}"
            made = RestrictedAccount(id=id_of(RestrictedAccount, key), source=self.source)
            self.loading.add(entry, known(RestrictedAccount, key), made)


def _printed_number(entry: Entry) -> PrintedNumber:
    """The number as it is read from its printed form, so that the two cannot disagree."""
    said = entry.choice("qualifier", Qualifier.values) if entry.has("qualifier") else None
    try:
        return read_number(entry.text("value"), said)
    except UnreadableNumber as error:
        raise entry.wrong(str(error)) from error


def excerpt_of(
    loading: Loading, snapshot: Snapshot | None, entry: Entry, exact: str
) -> Excerpt | None:
    """These words where they stand in the snapshot, once and no more."""
    if not exact:
        return None
    if snapshot is None:
        raise entry.wrong("an excerpt needs a snapshot in the same file.")
    with entry.blamed():
        start = anchoring.find(exact, snapshot.text)
    end = start + len(exact)
    prefix, suffix = anchoring.around(start, end, snapshot.text)
    made = Excerpt(
        id=id_of(Excerpt, f"{snapshot.pk}/{start}-{end}"),
        snapshot=snapshot,
        exact=exact,
        prefix=prefix,
        suffix=suffix,
        start=start,
        end=end,
    )
    found = Excerpt.objects.filter(snapshot=snapshot, start=start, end=end).first()
    return loading.add(entry, found, made)
