"""Briefings as the text of an e-mail: the asks first, then what one reads between two meetings."""

import re
import textwrap
from collections.abc import Iterator

from campaigns.briefing.blocks import (
    Asks,
    Block,
    Briefing,
    Bullets,
    Contact,
    KeyFigures,
    NoteRef,
    Paragraph,
    Run,
    Runs,
)
from campaigns.briefing.footnotes import CrossReference, NoteWords, note_words
from campaigns.briefing.wording import NOTES, byline, contact_line, labels

WORDS = 150
WIDTH = 72


def render_text(briefing: Briefing) -> bytes:
    """Title, body, the notes that the body refers to, contacts. Testimony has no place here.

    An account's consent may cover a pack but not an e-mail, so that it is left to the file.
    """
    letter = _Letter(briefing)
    body = list(_within(WORDS, letter.body()))
    parts = ["\n".join(letter.head()), *body, *letter.notes("\n".join(body))]
    return ("\n\n".join([*parts, *letter.contacts(), labels(briefing)]) + "\n").encode()


class _Letter:
    def __init__(self, briefing: Briefing) -> None:
        self.briefing = briefing
        self.numbered = tuple(enumerate(briefing.numbered_notes, 1))
        self.numbers = {note.key: number for number, note in self.numbered}

    def head(self) -> Iterator[str]:
        lines = (self.briefing.title, self.briefing.header, byline(self.briefing))
        return (_wrapped(line) for line in lines if line)

    def body(self) -> Iterator[str]:
        """The blocks that an e-mail can hold, in the order of what must not be lost."""
        for kinds in (Asks, KeyFigures, (Paragraph, Bullets)):
            for block in self.briefing.blocks:
                if isinstance(block, kinds):
                    yield "\n".join(self.lines(block))

    def lines(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph(runs):
                yield _wrapped(self.words(runs))
            case Asks(title, items):
                yield _wrapped(f"{title}:")
                for number, item in enumerate(items, 1):
                    yield _wrapped(f"{number}. {self.words(item)}")
            case Bullets(items):
                for item in items:
                    yield _wrapped(f"- {self.words(item)}")
            case KeyFigures(tiles):
                for tile in tiles:
                    yield _wrapped(f"- {tile.display_value}: {tile.label}{self.mark(tile.note)}")

    def words(self, runs: Runs | NoteWords) -> str:
        return "".join(map(self.run, runs))

    def run(self, run: Run | CrossReference) -> str:
        if isinstance(run, NoteRef):
            return self.mark(run.key)
        if isinstance(run, CrossReference):
            return f"(n {run.number})"
        elsewhere = run.link and run.link not in (run.text, f"mailto:{run.text}")
        return f"{run.text} <{run.link}>" if elsewhere else run.text

    def mark(self, key: str) -> str:
        """A note's number, the same as in the PDF."""
        return f" [{self.numbers[key]}]" if key else ""

    def notes(self, body: str) -> Iterator[str]:
        used = {int(number) for number in re.findall(r"\s\[(\d+)\]", body)}
        printed = note_words(each for each in self.numbered if each[0] in used)
        told = [_wrapped(f"[{number}] {self.words(words)}") for number, words in printed.items()]
        if told:
            yield "\n".join([f"{NOTES}:", *told])

    def contacts(self) -> Iterator[str]:
        for block in self.briefing.blocks:
            if isinstance(block, Contact):
                lines = (block.organisation, self.words(contact_line(block)), block.about)
                yield "\n".join(filter(None, lines))


def _wrapped(text: str) -> str:
    """Lines of an e-mail's width, below one another where a list item runs on."""
    item = re.match(r"(?:- |\d+\. |\[\d+\] )?", text)
    hang = " " * (item.end() if item else 0)
    return textwrap.fill(
        text, WIDTH, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
    )


def _within(limit: int, paragraphs: Iterator[str]) -> Iterator[str]:
    """Whole paragraphs up to a number of words; the asks are never lost, however long."""
    held = 0
    for place, paragraph in enumerate(paragraphs):
        held += len(paragraph.split())
        if place and held > limit:
            return
        yield paragraph
