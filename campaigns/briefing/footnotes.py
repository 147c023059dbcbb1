"""Footnotes in reading order: which number stands where, which mark prints the note, and its words.

The words depend on what is printed together: a source is cited in full in the first note that
names it, and in the later ones briefly, with the number of that first note.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from campaigns.briefing.blocks import Briefing, Citation, Note, Text


@dataclass(frozen=True, slots=True)
class CrossReference:
    """The number of the note that cites a source in full, printed as (n 3)."""

    number: int


type NoteWords = tuple[Text | CrossReference, ...]


class Mark(NamedTuple):
    """One raised number: a note's number and words, and the how manieth reference to it this is."""

    number: int
    words: NoteWords
    occurrence: int


class Marks:
    """The marks of one rendering, handed out as it comes to them from top to bottom."""

    def __init__(self, briefing: Briefing) -> None:
        notes = list(enumerate(briefing.numbered_notes, 1))
        words = note_words(notes)
        self.notes = {note.key: (number, words[number]) for number, note in notes}
        self.seen = Counter[str]()

    def next(self, key: str) -> Mark:
        self.seen[key] += 1
        return Mark(*self.notes[key], occurrence=self.seen[key])

    def given(self) -> list[Mark]:
        """For each note handed out, in order, its last mark."""
        return [Mark(*self.notes[key], occurrence=count) for key, count in self.seen.items()]


def note_words(printed: Iterable[tuple[int, Note]]) -> dict[int, NoteWords]:
    """By number, the words of the notes that one rendering prints: all of them, and no others.

    Else a note could refer to one that the reader does not have.
    """
    citing = _Citing()
    return {
        number: tuple(word for run in note.runs for word in citing.words(number, run))
        for number, note in printed
    }


class _Citing:
    """Goes through notes in the order of their numbers and knows which form is due."""

    def __init__(self) -> None:
        self.full_in: dict[str, int] = {}
        self.meant = defaultdict[tuple[int, str], set[str]](set)

    def words(self, number: int, run: Text | Citation) -> NoteWords:
        """In full also where the short form could mean two sources of the note that it names."""
        if isinstance(run, Text):
            return (run,)
        place = self.full_in.get(run.source, number)
        if self.meant[place, run.short] != {run.source}:
            self.full_in[run.source] = number
            self.meant[number, run.short].add(run.source)
            return run.full
        if place == number:
            return (Text(run.short),)
        return (Text(f"{run.short} "), CrossReference(place))
