"""Takes snapshots: from pasted text, an upload or an address; the same text is never kept twice."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone

from evidence import anchoring
from evidence.models import Snapshot, Source
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


def take(
    source: Source, *, text: str, is_summary: bool = False, at: datetime | None = None
) -> Snapshot:
    """The snapshot of this text: the one that is there, or a new one taken `at`, or else now."""
    text = cleaned(text)
    if not text:
        raise Refused("There is no text to keep: paste the words of the source.")
    if len(text) > LONGEST:
        raise Refused("This is more text than a source has: paste the part you need.")
    snapshot, _ = Snapshot.objects.get_or_create(
        source=source,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        defaults={"text": text, "is_summary": is_summary, "taken_at": at or timezone.now()},
    )
    if snapshot.is_summary != is_summary:
        whose = "our summary" if snapshot.is_summary else "the source's own words"
        raise Refused(f"The same text is already kept as {whose}: it cannot be both.")
    return snapshot


def take_from_text(source: Source, text: str, *, is_summary: bool = False) -> Taken:
    refuse_mangled(text)
    return _taken(source, text, is_summary=is_summary)


def take_from_url(source: Source, url: str, *, policy: Policy | None = None) -> Taken:
    fetched = fetch(url, policy=policy)
    read = extract(fetched.body, encoding=fetched.encoding)
    return _taken(source, read.text, note=_about_encoding(read))


def take_from_upload(source: Source, name: str, data: bytes) -> Taken:
    """The name is only compared: what the file is, its content tells."""
    read = extract(data)
    return _taken(source, read.text, note=_about_name(name, read) or _about_encoding(read))


@transaction.atomic
def _taken(source: Source, text: str, *, is_summary: bool = False, note: str = "") -> Taken:
    """Keep the text, and carry the excerpts over from what the source said last.

    Taking the last text again changes nothing; where a source goes back to an older one, its
    excerpts are carried over as to a new one.
    """
    # Two officers who take at once would each miss the other's snapshot, and its excerpts.
    Source.objects.select_for_update(no_key=True).get(pk=source.pk)
    known = set(source.snapshots.values_list("pk", flat=True))
    last = source.snapshots.order_by("-taken_at").first()
    snapshot = take(source, text=text, is_summary=is_summary)
    report = anchoring.reanchor(last, snapshot) if last else anchoring.Report()
    return Taken(snapshot, snapshot.pk not in known, report, note)


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
