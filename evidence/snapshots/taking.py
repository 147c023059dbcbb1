"""Takes snapshots: from pasted text, an upload or an address; the same text is never kept twice."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone

from evidence import anchoring
from evidence.models import Redaction, Snapshot, Source
from evidence.refusing import Refused
from evidence.snapshots.decoding import refuse_mangled
from evidence.snapshots.extracting import Extracted, extract
from evidence.snapshots.fetching import Policy, fetch
from evidence.snapshots.kinds import Kind
from evidence.snapshots.words import cleaned


@dataclass(frozen=True)
class Taken:
    """A snapshot, and what became of the excerpts of the one before it.

    Where `is_new` is false, the source says what an earlier snapshot already holds.
    """

    snapshot: Snapshot
    is_new: bool
    excerpts: anchoring.Report
    note: str = ""  # what the officer should look at


NAMED = {
    ".pdf": Kind.PDF,
    ".docx": Kind.DOCX,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".txt": Kind.TEXT,
}
LONGEST = 5_000_000  # characters
WITHHELD = (
    "Words of this very text were withheld: it is not kept again. Paste it without those words."
)


@dataclass(frozen=True)
class Origin:
    """What a text was read from: nothing where it was pasted."""

    kind: str = ""
    sha256: str = ""  # of the file or page as it came
    url: str = ""  # that answered, after any redirects


PASTED = Origin()


def take(
    source: Source,
    *,
    text: str,
    is_summary: bool = False,
    origin: Origin = PASTED,
    at: datetime | None = None,
) -> Snapshot:
    """The snapshot of this text: the one that is there, or a new one taken `at`, or else now."""
    text = cleaned(text)
    if not text:
        raise Refused("There is no text to keep: paste the words of the source.")
    if len(text) > LONGEST:
        raise Refused("This is more text than a source has: paste the part you need.")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    if Redaction.objects.filter(snapshot__source=source, withheld_sha256=sha256).exists():
        raise Refused(WITHHELD)
    at = at or timezone.now()
    snapshot = source.snapshots.live().filter(sha256=sha256).newest_first().first()
    if snapshot is None:
        return source.snapshots.create(
            text=text,
            is_summary=is_summary,
            sha256=sha256,
            kind=origin.kind,
            original_sha256=origin.sha256,
            taken_from=origin.url,
            taken_at=at,
        )
    if snapshot.is_summary != is_summary:
        whose = "our summary" if snapshot.is_summary else "the source's own words"
        raise Refused(f"The same text is already kept as {whose}: it cannot be both.")
    snapshot.last_seen_at = at
    snapshot.save(update_fields=["last_seen_at"])
    return snapshot


def take_from_text(source: Source, text: str, *, is_summary: bool = False) -> Taken:
    refuse_mangled(text)
    return _taken(source, text, is_summary=is_summary)


def take_from_url(source: Source, url: str, *, policy: Policy | None = None) -> Taken:
    fetched = fetch(url, policy=policy)
    read = extract(fetched.body, encoding=fetched.encoding)
    origin = Origin(read.kind, _hash(fetched.body), fetched.final_url)
    return _taken(source, read.text, origin=origin, notes=[_about_encoding(read)])


def take_from_upload(source: Source, name: str, data: bytes) -> Taken:
    """The name is only compared: what the file is, its content tells."""
    read = extract(data)
    notes = [_about_name(name, read) or _about_encoding(read)]
    return _taken(source, read.text, origin=Origin(read.kind, _hash(data)), notes=notes)


@transaction.atomic
def _taken(
    source: Source,
    text: str,
    *,
    is_summary: bool = False,
    origin: Origin = PASTED,
    notes: Sequence[str] = (),
) -> Taken:
    """Keep the text, and carry the excerpts over from what the source said last.

    Taking the last text again changes nothing; where a source goes back to an older one, its
    excerpts are carried over as to a new one.
    """
    # Two officers who take at once would each miss the other's snapshot, and its excerpts.
    Source.objects.select_for_update(no_key=True).get(pk=source.pk)
    known = set(source.snapshots.values_list("pk", flat=True))
    last = source.snapshots.live().newest_first().first()
    snapshot = take(source, text=text, is_summary=is_summary, origin=origin)
    is_new = snapshot.pk not in known
    report = anchoring.reanchor(last, snapshot) if last else anchoring.Report()
    said = [*notes, _about_redactions(source) if is_new else ""]
    return Taken(snapshot, is_new, report, " ".join(filter(None, said)))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _about_redactions(source: Source) -> str:
    """A page that changed elsewhere brings back what was withheld of its last copy."""
    withheld = Redaction.objects.filter(snapshot__source=source).exists()
    return (
        "Words of this source were withheld before: look whether they are back." if withheld else ""
    )


def _about_encoding(read: Extracted) -> str:
    if not read.guessed:
        return ""
    return (
        f"Nothing says in which encoding it is; it was read as {read.encoding}: check its £ signs."
    )


def _about_name(name: str, read: Extracted) -> str:
    expected = NAMED.get(PurePath(name).suffix.lower(), read.kind)
    if expected == read.kind:
        return ""
    return f"By its name it is {expected.label}, but it is {read.kind.label}."
