"""Takes a private person's words out of a snapshot for good, and keeps what rests on others."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.contrib.auth.models import User
from django.db import connection, transaction

from evidence import anchoring
from evidence.models import Excerpt, RestrictedAccount, Snapshot, Source
from evidence.refusing import Refused

MARK = "[withheld]"


@dataclass(frozen=True)
class Span:
    """From `start` up to, without, `end`."""

    start: int
    end: int


@dataclass(frozen=True)
class Withheld:
    """A text with marks in the place of some spans, and where its other characters have gone."""

    text: str
    spans: tuple[Span, ...]

    def place(self, start: int, end: int) -> Span:
        """Where a passage is now; a mark that it cuts into belongs to it as a whole."""
        return Span(self._moved(start, last=False), self._moved(end - 1, last=True))

    def touches(self, start: int, end: int) -> bool:
        return any(span.start < end and start < span.end for span in self.spans)

    def _moved(self, position: int, *, last: bool) -> int:
        """The new place of a character, or the one after it if it is the `last` of a passage."""
        shift = 0
        for span in self.spans:
            if position < span.start:
                break
            if position < span.end:
                return span.start + shift + (len(MARK) if last else 0)
            shift += len(MARK) - (span.end - span.start)
        return position + shift + last


@transaction.atomic
def redact(
    snapshot: Snapshot,
    *,
    passages: Sequence[str],
    by: User,
    reason: str,
    restricted_account: bool = False,
) -> Snapshot:
    """The successor, which says [withheld] wherever the snapshot has one of the passages.

    The snapshot itself is left without words. Excerpts go over to the successor, so that what
    cites them stays as it was approved; one that loses words is marked.
    """
    Source.objects.select_for_update(no_key=True).get(pk=snapshot.source_id)
    snapshot = Snapshot.objects.select_for_update().select_related("source").get(pk=snapshot.pk)
    if snapshot.redacted_at:
        raise Refused("The words of this snapshot were withheld already: redact its successor.")
    _refuse_reason(reason, passages)
    withheld = withhold(snapshot.text, passages)
    successor = _successor(snapshot, withheld.text)
    _move_excerpts(snapshot, successor, withheld)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT redact_snapshot(%s, %s, %s, %s, %s)",
            [snapshot.pk, successor.pk, by.pk, reason.strip(), len(withheld.spans)],
        )
    if restricted_account:
        RestrictedAccount.objects.create(source=snapshot.source)
    return successor


def withhold(text: str, passages: Iterable[str]) -> Withheld:
    """Refused unless the text says each of the passages; spaces and new lines are alike."""
    spans: list[Span] = []
    for number, passage in enumerate(filter(None, map(str.strip, passages)), 1):
        found = [Span(*match.span()) for match in _pattern(passage).finditer(text)]
        if not found:
            raise Refused(f"The snapshot does not say passage {number}: copy whole words, exactly.")
        spans += found
    if not spans:
        raise Refused("Paste the words to be withheld.")
    merged = tuple(_merged(spans))
    edges = [0, *(edge for span in merged for edge in (span.start, span.end)), len(text)]
    kept = [text[start:end] for start, end in list(pairwise(edges))[::2]]
    return Withheld(MARK.join(kept), merged)


def also_in(snapshot: Snapshot, passages: Iterable[str]) -> list[Snapshot]:
    """Other snapshots of the source that still say one of the passages."""
    patterns = [_pattern(passage) for passage in passages if passage.strip()]
    others = snapshot.source.snapshots.live().exclude(pk=snapshot.pk).newest_first()
    return [one for one in others if any(pattern.search(one.text) for pattern in patterns)]


def _pattern(passage: str) -> re.Pattern[str]:
    """Whole words alone, so that a short name is not found inside another word."""
    words = r"\s+".join(map(re.escape, passage.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)")


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    current: Span | None = None
    for span in sorted(spans, key=lambda each: each.start):
        if current and span.start <= current.end:
            current = Span(current.start, max(current.end, span.end))
            continue
        if current:
            yield current
        current = span
    if current:
        yield current


def _refuse_reason(reason: str, passages: Iterable[str]) -> None:
    if not reason.strip():
        raise Refused("Say why the words are withheld.")
    if any(_pattern(passage).search(reason) for passage in passages if passage.strip()):
        raise Refused("The reason repeats words that are to be withheld: it is kept, so say it "
                      "without them.")  # fmt: skip


def _successor(snapshot: Snapshot, text: str) -> Snapshot:
    made = Snapshot(
        source=snapshot.source,
        text=text,
        is_summary=snapshot.is_summary,
        kind=snapshot.kind,
        original_sha256=snapshot.original_sha256,
        taken_from=snapshot.taken_from,
        taken_at=snapshot.taken_at,
        last_seen_at=snapshot.last_seen_at,
        redacts=snapshot,
    )
    made.set_hash()
    made.save(force_insert=True)
    return made


def _move_excerpts(old: Snapshot, new: Snapshot, withheld: Withheld) -> None:
    moved = list(old.excerpts.all())
    for excerpt in moved:
        touched = withheld.touches(excerpt.start, excerpt.end)
        place = withheld.place(excerpt.start, excerpt.end)
        excerpt.withheld = excerpt.withheld or touched
        excerpt.snapshot = new
        excerpt.start, excerpt.end = place.start, place.end
        excerpt.exact = new.text[place.start : place.end]
        excerpt.prefix, excerpt.suffix = anchoring.around(place.start, place.end, new.text)
    changed = ["withheld", "snapshot", "start", "end", "exact", "prefix", "suffix"]
    Excerpt.objects.bulk_update(moved, changed)
