"""Finds the place of an excerpt's words in a snapshot, so that nobody counts characters.

An excerpt is a W3C text quote selector (the words, and those before and after) with a text position
selector. Words are found again only where they and their surroundings stand once: one look-alike
sentence too many, and a person has to look.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
    """What became of an old snapshot's excerpts: `kept` are their copies on the new one."""

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
    """Copy the old snapshot's excerpts to where the new one says the same; the old ones stay."""
    if old == new:
        return Report()
    anchors: list[Anchor] = []
    orphaned: list[Orphan] = []
    for excerpt in old.excerpts.all():
        found = relocate(Anchor(excerpt.start, excerpt.end), old.text, new.text)
        if isinstance(found, Anchor):
            anchors.append(found)
        else:
            orphaned.append(Orphan(excerpt, _why(excerpt, new, found)))
    copies = [_excerpt(new, anchor) for anchor in anchors]
    Excerpt.objects.bulk_create(copies, ignore_conflicts=True)  # a colleague may have been first
    places = set(anchors)
    present = new.excerpts.filter(start__in=[anchor.start for anchor in anchors])
    kept = tuple(one for one in present if Anchor(one.start, one.end) in places)
    return Report(kept, tuple(orphaned))


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


def _excerpt(snapshot: Snapshot, anchor: Anchor) -> Excerpt:
    prefix, suffix = around(anchor.start, anchor.end, snapshot.text)
    return Excerpt(
        snapshot=snapshot,
        exact=snapshot.text[anchor.start : anchor.end],
        prefix=prefix,
        suffix=suffix,
        start=anchor.start,
        end=anchor.end,
    )


def _why(excerpt: Excerpt, new: Snapshot, found: Found) -> str:
    if isinstance(found, Ambiguous):
        return "The new snapshot says these words in the same context more than once: choose one."
    if excerpt.exact in new.text:
        return "The new snapshot says these words elsewhere or among others: see what they mean."
    return "The new snapshot does not say these words any more."
