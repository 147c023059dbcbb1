"""Footnote marks in reading order: which number stands where, and which mark prints the note."""

from collections import Counter
from typing import NamedTuple

from campaigns.briefing.blocks import Briefing, Note


class Mark(NamedTuple):
    """One raised number: a note's number, and the how manieth reference to it this is."""

    number: int
    note: Note
    occurrence: int


class Marks:
    """The marks of one rendering, handed out as it comes to them from top to bottom."""

    def __init__(self, briefing: Briefing) -> None:
        self.numbers = {note.key: (n, note) for n, note in enumerate(briefing.numbered_notes, 1)}
        self.seen = Counter[str]()

    def next(self, key: str) -> Mark:
        self.seen[key] += 1
        number, note = self.numbers[key]
        return Mark(number, note, self.seen[key])

    def given(self) -> list[Mark]:
        """For each note handed out, in order, its last mark."""
        return [Mark(*self.numbers[key], occurrence=count) for key, count in self.seen.items()]
