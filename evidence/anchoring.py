"""Finds the place of an excerpt's words in a snapshot, so that nobody counts characters.

An excerpt is a W3C text quote selector (the words, and those before and after) with a text position
selector. Words are found again only where they and their surroundings stand once: one look-alike
sentence too many, and a person has to look.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from evidence.models import Excerpt, Snapshot
from evidence.refusing import Refused

CONTEXT = 32  # characters kept on either side, by which the words are found again
SPACE = 100  # more characters that are looked through, since lines break anew in every copy
NOT_THERE = "The snapshot does not say these words: copy them exactly as they stand."
TWICE = "The snapshot says these words more than once: add the words just before or after."


@dataclass(frozen=True)
class Anchor:
    """A place in a text, in code points; `end` is the first one after it."""

    start: int
    end: int


@dataclass(frozen=True)
class Ambiguous:
    """The places between which the context does not decide."""

    places: tuple[Anchor, ...]


type Found = Anchor | Ambiguous | None


@dataclass(frozen=True)
class Orphan:
    """An excerpt whose place in the new snapshot a person has to find, and why."""

    excerpt: Excerpt
    reason: str


@dataclass(frozen=True)
class Report:
    """What became of a source's excerpts: `kept` are their followers on the new snapshot."""

    kept: tuple[Excerpt, ...] = ()
    orphaned: tuple[Orphan, ...] = ()


def locate(
    text: str, exact: str, prefix: str = "", suffix: str = "", position: int | None = None
) -> Found:
    """Where the words stand between this context; the space around them need not be given.

    `position` decides between several places of the text that it was counted in, and never moves
    words to where they do not stand.
    """
    places = tuple(
        place for place in _places(text, exact) if _stands_between(text, place, prefix, suffix)
    )
    at_position = tuple(place for place in places if place.start == position)
    return _one_of(at_position or places)


def relocate(excerpt: Anchor, old: str, new: str) -> Found:
    """Where a passage of the old text stands in the new one, by its words and surroundings alone.

    The position is no help, since what was added before a passage can move a look-alike there.
    Where the old text itself has the passage twice, nothing tells which of them stayed.
    """
    exact = old[excerpt.start : excerpt.end]
    surroundings = _surroundings(old, excerpt)
    before, after = (
        tuple(place for place in _places(text, exact) if _surroundings(text, place) == surroundings)
        for text in (old, new)
    )
    return Ambiguous(after) if after and len(before) > 1 else _one_of(after)


def reanchor(old: Snapshot, new: Snapshot) -> Report:
    """Give each of the source's excerpts a follower where the new snapshot says the same.

    Each is looked for by its latest words, those that the old snapshot had lost already included.
    """
    if old == new:
        return Report()
    kept: list[Excerpt] = []
    copies: list[Excerpt] = []
    orphaned: list[Orphan] = []
    for excerpts in _lines(old, new):
        latest = excerpts[0]
        if latest.snapshot_id == new.pk:
            kept.append(latest)
            continue
        found = _found(latest, old, new)
        if isinstance(found, Anchor):
            copies.append(_excerpt(new, found, line=latest.line))
        elif latest.snapshot_id == old.pk or any(one.is_cited for one in excerpts):
            orphaned.append(Orphan(latest, _why(latest, new, found)))
    Excerpt.objects.bulk_create(copies, ignore_conflicts=True)  # a colleague may have been first
    present = new.excerpts.filter(follows__in=[copy.follows_id for copy in copies])
    kept = sorted([*kept, *present], key=lambda one: one.start)
    return Report(tuple(kept), tuple(orphaned))


def place(orphan: Excerpt, to: Snapshot, exact: str, prefix: str = "", suffix: str = "") -> Excerpt:
    """The excerpt that follows the orphan from now on, at the words that a person chose."""
    start = find(exact, to.text, prefix=prefix, suffix=suffix)
    made = _excerpt(to, Anchor(start, start + len(exact)), line=orphan.line)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Refused("A colleague has placed these words meanwhile.") from None
    return made


def find(exact: str, text: str, *, prefix: str = "", suffix: str = "") -> int:
    """Where the words begin; raises Refused unless they stand there exactly once."""
    found = locate(text, exact, prefix, suffix)
    if found is None:
        raise Refused(NOT_THERE)
    if isinstance(found, Ambiguous):
        raise Refused(TWICE)
    return found.start


def around(start: int, end: int, text: str) -> tuple[str, str]:
    """The context on either side of a place."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def _places(text: str, exact: str) -> Iterator[Anchor]:
    """Every place of the words, overlapping ones too."""
    start = text.find(exact) if exact else -1
    while start >= 0:
        yield Anchor(start, start + len(exact))
        start = text.find(exact, start + 1)


def _one_of(places: tuple[Anchor, ...]) -> Found:
    if len(places) > 1:
        return Ambiguous(places)
    return places[0] if places else None


def _stands_between(text: str, place: Anchor, prefix: str, suffix: str) -> bool:
    prefix, suffix = prefix.strip(), suffix.strip()
    before = text[max(0, place.start - len(prefix) - SPACE) : place.start]
    after = text[place.end : place.end + len(suffix) + SPACE]
    return before.rstrip().endswith(prefix) and after.lstrip().startswith(suffix)


def _surroundings(text: str, place: Anchor) -> tuple[str, str]:
    """The context with every space alike; shorter only where the text begins or ends.

    A space at the border stays: after "table 1 " stands 43%, after "table 1" stands 143%.
    """
    before = text[max(0, place.start - CONTEXT - SPACE) : place.start]
    after = text[place.end : place.end + CONTEXT + SPACE]
    return re.sub(r"\s+", " ", before)[-CONTEXT:], re.sub(r"\s+", " ", after)[:CONTEXT]


def _lines(old: Snapshot, new: Snapshot) -> list[list[Any]]:
    """The source's excerpts by the words that they carry on; first the one on the new snapshot,
    else that on the old, else the latest.
    """
    near = {new.pk: 0, old.pk: 1}
    found = Excerpt.objects.filter(snapshot__source=new.source_id).with_citing()
    ordered = found.order_by(Snapshot.seen("snapshot__").desc(), "start")
    lines: dict[UUID, list[Any]] = {}
    for excerpt in sorted(ordered, key=lambda one: near.get(one.snapshot_id, 2)):
        lines.setdefault(excerpt.line, []).append(excerpt)
    return list(lines.values())


def _found(excerpt: Excerpt, old: Snapshot, new: Snapshot) -> Found:
    if excerpt.withheld:
        return None
    text = old.text if excerpt.snapshot_id == old.pk else excerpt.snapshot.text
    return relocate(Anchor(excerpt.start, excerpt.end), text, new.text)


def _excerpt(snapshot: Snapshot, anchor: Anchor, *, line: UUID) -> Excerpt:
    prefix, suffix = around(anchor.start, anchor.end, snapshot.text)
    return Excerpt(
        snapshot=snapshot,
        exact=snapshot.text[anchor.start : anchor.end],
        prefix=prefix,
        suffix=suffix,
        start=anchor.start,
        end=anchor.end,
        follows_id=line,
    )


def _why(excerpt: Excerpt, new: Snapshot, found: Found) -> str:
    if excerpt.withheld:
        return "Some of these words were withheld: choose others."
    if isinstance(found, Ambiguous):
        return "The new snapshot says these words in the same context more than once: choose one."
    if excerpt.exact in new.text:
        return "The new snapshot says these words elsewhere or among others: see what they mean."
    return "The new snapshot does not say these words any more."
