"""Holds a returned file beside the pack: each difference, and whether its wording may be taken."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from campaigns.briefing import Briefing
from campaigns.briefing.blocks import TestimonyBox
from campaigns.models import Pack, PackSection
from campaigns.returned.aligning import Pair, Piece, aligned, marked
from campaigns.returned.places import Field, Place, Places, places_in
from campaigns.returned.printed import (
    NAMES,
    NEVER_TAKEN,
    Kind,
    Printed,
    printed_body,
    printed_notes,
)
from campaigns.returned.reading import Comment, Line, Returned
from evidence.prose import numbers_in
from evidence.refusing import Refused

LEAST_ALIKE = 0.2  # share of the pack's lines that a file has to hold to be taken for one of it
LONGEST_HEADING: int = PackSection._meta.get_field("heading").max_length or 0
SENTENCE = re.compile(r"(?<=[.!?])\s+")
TELLING = 20  # letters from which a sentence is known again as an account's
DIGITS = re.compile(r"\d(?:[\d,.]*\d)?")
# Styles of the file, as its paragraphs keep them whatever is written in them.
STYLED = {
    "heading": Kind.HEADING,
    "testimony": Kind.TESTIMONY,
    "permission": Kind.TESTIMONY,
    "amendment": Kind.AMENDMENT,
    "statement": Kind.AMENDMENT,
    "keyfigure": Kind.FIGURE,
    "table": Kind.FIGURE,
    "imagecaption": Kind.FIGURE,
    "quotation": Kind.STATEMENT,
    "blocktext": Kind.STATEMENT,
    "note": Kind.CITATION,
    "footnote": Kind.CITATION,
}
CHANGED_SINCE = "The pack says something else here by now: compare by hand."
MARKED = "It has bold, italics or a link, which a file would lose: change it by hand."
NOWHERE = "It stands in no section of the pack: write it in by hand."
A_FIGURE = "It changes a figure ({}): a figure is corrected at its source, never by a file."
NEW_FIGURE = "It brings a figure ({}): choose the figure for the pack, then write the sentence."
ACCOUNT = NEVER_TAKEN[Kind.TESTIMONY]
UNSHOWN = "An account stands here that the pack does not print, so its words are not shown."
TOO_LONG = f"A heading holds at most {LONGEST_HEADING} characters: shorten it by hand."


@dataclass(frozen=True, slots=True)
class Change:
    """A line that differs, came or went, or that somebody remarked on."""

    kind: Kind
    before: str = ""
    after: str = ""
    place: Place | None = None
    why_not: str = ""
    tracked: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    is_added: bool = False

    @property
    def what(self) -> str:
        """What differs, in which section, and how."""
        where = f" in “{self.place.named}”" if self.place and self.kind == Kind.PARAGRAPH else ""
        how = "same words" if not self.differs else "changed"
        if self.differs and not (self.before and self.after):
            how = "taken out" if self.before else "added"
        return f"{NAMES[self.kind]}{where}: {how}"

    @property
    def differs(self) -> bool:
        return self.before != self.after

    @property
    def may_be_taken(self) -> bool:
        return self.differs and self.place is not None and not self.why_not

    @property
    def sides(self) -> tuple[list[Piece], list[Piece]]:
        return marked(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Comparison:
    changes: tuple[Change, ...]
    same: int
    loose: tuple[Comment, ...]

    @property
    def takeable(self) -> list[Change]:
        return [change for change in self.changes if change.may_be_taken]


def compare(
    pack: Pack, briefing: Briefing, returned: Returned, *, unprinted: Iterable[str] = ()
) -> Comparison:
    """Every line of both; raises Refused where the file has hardly a line of the pack.

    `unprinted` are accounts that the pack does not print: their words are not shown here either.
    """
    printed = printed_body(briefing)
    kinds = (
        [each.kind if each.kind in STYLED.values() else "" for each in printed],
        [kind if (kind := _kind_of(each)) in STYLED.values() else "" for each in returned.lines],
    )
    texts = [each.text for each in printed], [each.text for each in returned.lines]
    pairs = list(aligned(*texts, kinds=kinds))
    _refuse_a_stranger(printed, pairs)
    body = _Body(
        printed,
        returned.lines,
        places_in(pack, printed),
        accounts=_account_sentences(briefing),
        unshown=frozenset(each for text in unprinted for each in _sentences(text)),
    )
    notes = _notes(printed_notes(briefing), returned.notes)
    everything = [*body.changes(pairs), *notes]
    told = [each for each in everything if each.differs or each.tracked or each.comments]
    return Comparison(tuple(told), len(everything) - len(told), returned.loose)


def _refuse_a_stranger(printed: Sequence[Printed], pairs: Iterable[Pair]) -> None:
    met = sum(i is not None and j is not None for i, j in pairs)
    if met < LEAST_ALIKE * len(printed):
        raise Refused(
            "Hardly a line of this file stands in the pack: choose the Word file that this pack "
            "was given out as."
        )


@dataclass(frozen=True, slots=True)
class _Body:
    printed: Sequence[Printed]
    lines: Sequence[Line]
    places: Places
    accounts: frozenset[str]
    unshown: frozenset[str]

    def changes(self, pairs: Iterable[Pair]) -> Iterator[Change]:
        above: Place | None = None
        for old, new in pairs:
            line = self.lines[new] if new is not None else Line("")
            if old is None:
                yield self.added(line, above)
            else:
                above = self.places.after[old]
                yield self.changed(self.printed[old], line, self.places.own[old])

    def changed(self, printed: Printed, line: Line, place: Place | None) -> Change:
        if self._is_unshown(line):
            return Change(printed.kind, printed.text, UNSHOWN, why_not=ACCOUNT)
        why_not = printed.why_never or self._holds_an_account(line.text)
        if not why_not and place is None:
            why_not = CHANGED_SINCE
        if not why_not and place and place.is_marked:
            why_not = MARKED
        if not why_not:
            why_not = _altered_figures(printed.text, line.text) or _too_long(place, line.text)
        if not why_not and place and place.field == Field.HEADING and not line.text:
            why_not = "A section keeps its heading: take the section out by hand."
        return _change(printed.kind, printed.text, line, place, why_not)

    def added(self, line: Line, place: Place | None) -> Change:
        kind = _kind_of(line)
        if kind == Kind.TESTIMONY or self._is_unshown(line):
            return Change(kind, after=UNSHOWN, why_not=ACCOUNT, is_added=True)
        why_not = NEVER_TAKEN.get(kind, "") or self._holds_an_account(line.text)
        if not why_not and (place is None or kind == Kind.HEADING):
            why_not = NOWHERE
        if not why_not and (found := numbers_in(line.text)):
            why_not = NEW_FIGURE.format(", ".join(each.text for each in found))
        return _change(kind, "", line, place, why_not, is_added=True)

    def _is_unshown(self, line: Line) -> bool:
        words = " ".join((line.text, *(each.text for each in line.tracked)))
        return not self.unshown.isdisjoint(_sentences(words))

    def _holds_an_account(self, text: str) -> str:
        return ACCOUNT if self.accounts & set(_sentences(text)) else ""


def _change(
    kind: Kind, before: str, line: Line, place: Place | None, why_not: str, **told: bool
) -> Change:
    return Change(
        kind,
        before=before,
        after=line.text,
        place=place,
        why_not=why_not if before != line.text else "",
        tracked=tuple(map(str, line.tracked)),
        comments=line.comments,
        **told,
    )


def _notes(printed: Sequence[Printed], notes: Sequence[Line]) -> Iterator[Change]:
    texts = [each.text for each in printed], [each.text for each in notes]
    for old, new in aligned(*texts):
        line = notes[new] if new is not None else Line("")
        before = printed[old].text if old is not None else ""
        yield _change(Kind.CITATION, before, line, None, NEVER_TAKEN[Kind.CITATION])


def _kind_of(line: Line) -> Kind:
    style = line.style.casefold().replace(" ", "")
    styled = (kind for opening, kind in STYLED.items() if style.startswith(opening))
    return next(styled, Kind.PARAGRAPH)


def _account_sentences(briefing: Briefing) -> frozenset[str]:
    boxes = [block for block in briefing.blocks if isinstance(block, TestimonyBox)]
    return frozenset(each for box in boxes for text in box.paragraphs for each in _sentences(text))


def _sentences(text: str) -> Iterator[str]:
    for sentence in SENTENCE.split(" ".join(text.split())):
        if len(sentence) >= TELLING:
            yield sentence.casefold().rstrip(".!?")


def _altered_figures(before: str, after: str) -> str:
    old, new = _figures(before), _figures(after)
    if not after or old == new:
        return ""
    told = ", ".join([*(f"without {each}" for each in old - new), *(new - old)])
    return A_FIGURE.format(told)


def _figures(text: str) -> Counter[str]:
    """Every number in figures, of years too, and those in words that say how many."""
    words = (found.text.casefold() for found in numbers_in(text) if not DIGITS.search(found.text))
    return Counter([*DIGITS.findall(text), *words])


def _too_long(place: Place | None, text: str) -> str:
    is_heading = place is not None and place.field == Field.HEADING
    return TOO_LONG if is_heading and len(text) > LONGEST_HEADING else ""
