"""Briefings as the text of an e-mail: the asks first, then what one reads between two meetings."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.briefing.blocks import (
    AmendmentBlock,
    Asks,
    Block,
    Briefing,
    Bullets,
    Contact,
    KeyFigures,
    NoteRef,
    Numbered,
    Paragraph,
    Run,
    Runs,
)
from campaigns.briefing.footnotes import CrossReference, NoteWords, note_words
from campaigns.briefing.wording import NOTES, byline, contact_line, labels

WORDS = 150
BEGINNING = 45  # words of an amendment, so that the figures find room as well
DANGLING = re.compile(r"(?: \(\w{1,4}\))*[,;—]?$")  # a subsection's number without its words
WIDTH = 72
# What must not be lost comes first. An edition keeps the order that it was issued in.
ORDER: dict[int, tuple[type | tuple[type, ...], ...]] = {
    1: (Asks, KeyFigures, (Paragraph, Bullets)),
    2: (Asks, AmendmentBlock, KeyFigures, (Paragraph, Bullets, Numbered)),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """How long the e-mail's body is, and whether it leaves out what its reader has to know."""

    words: int
    lacks_amendment: bool


def render_text(briefing: Briefing) -> bytes:
    """Title, body, the notes that the body refers to, contacts. Testimony has no place here.

    An account's consent may cover a pack but not an e-mail, so that it is left to the file.
    """
    letter = _Letter(briefing)
    body = [paragraph for _, paragraph in letter.body()]
    parts = ["\n".join(letter.head()), *body, *letter.notes("\n".join(body))]
    return ("\n\n".join([*parts, *letter.contacts(), labels(briefing)]) + "\n").encode()


def counted(briefing: Briefing) -> Counted:
    told = list(_Letter(briefing).body())
    has, tells = (
        any(isinstance(block, AmendmentBlock) for block in blocks)
        for blocks in (briefing.blocks, [block for block, _ in told])
    )
    return Counted(sum(_length(words) for _, words in told), lacks_amendment=has and not tells)


class _Letter:
    def __init__(self, briefing: Briefing) -> None:
        self.briefing = briefing
        self.numbered = tuple(enumerate(briefing.numbered_notes, 1))
        self.numbers = {note.key: number for number, note in self.numbered}
        self.addresses = set[str]()  # that were printed already

    def head(self) -> Iterator[str]:
        lines = (self.briefing.title, self.briefing.header, byline(self.briefing))
        return (_wrapped(line) for line in lines if line)

    def body(self) -> Iterator[tuple[Block, str]]:
        """Whole blocks up to a number of words; asks are never lost, an amendment is shortened."""
        held = 0
        for block in self.in_order():
            told = "\n".join(self.lines(block, room=WORDS - held))
            held += _length(told)
            if held > WORDS and held > _length(told):
                return
            yield block, told

    def in_order(self) -> Iterator[Block]:
        for kinds in ORDER[self.briefing.edition]:
            yield from (block for block in self.briefing.blocks if isinstance(block, kinds))

    def lines(self, block: Block, *, room: int) -> Iterator[str]:
        match block:
            case AmendmentBlock():
                yield from self.amendment(block, room)
            case Paragraph(runs):
                yield _wrapped(self.words(runs))
            case Asks(title, items):
                yield _wrapped(f"{title}:")
                for number, item in enumerate(items, 1):
                    yield _wrapped(f"{number}. {self.words(item)}")
            case Bullets(items):
                for item in items:
                    yield _wrapped(f"- {self.words(item)}")
            case Numbered(items):
                for number, item in enumerate(items, 1):
                    yield _wrapped(f"{number}. {self.words(item)}")
            case KeyFigures(tiles):
                for tile in tiles:
                    yield _wrapped(f"- {tile.display_value}: {tile.label}{self.mark(tile.note)}")

    def amendment(self, block: AmendmentBlock, room: int) -> Iterator[str]:
        """Which it is, where it stands, and its words or their beginning."""
        named = block.label if block.label.isalpha() else ""
        what = f"{named} amendment" if named else f"Amendment {block.label}"
        place = ", ".join(filter(None, (what, block.place)))
        head = f"{place}{self.mark(block.note)}. {block.status}".strip()
        yield _wrapped(f"{head.rstrip('.')}.")
        words = " ".join(f"{line.marker} {line.text}".strip() for line in block.lines).split()
        allowed = min(BEGINNING, room - _length(head))
        if len(words) <= allowed:
            yield _wrapped(" ".join(words))
        elif allowed > 1:
            yield _wrapped(f"{DANGLING.sub('', ' '.join(words[:allowed]))}…")

    def words(self, runs: Runs | NoteWords) -> str:
        return "".join(map(self.run, runs))

    def run(self, run: Run | CrossReference) -> str:
        if isinstance(run, NoteRef):
            return self.mark(run.key)
        if isinstance(run, CrossReference):
            return f"(n {run.number})"
        elsewhere = run.link and run.link not in (run.text, f"mailto:{run.text}")
        if not elsewhere or (run.link in self.addresses and self.briefing.edition > 1):
            return run.text
        self.addresses.add(run.link)
        return f"{run.text} <{run.link}>"

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
                about = _wrapped(block.about) if self.briefing.edition > 1 else block.about
                lines = (block.organisation, self.words(contact_line(block)), about)
                yield "\n".join(filter(None, lines))


def _wrapped(text: str) -> str:
    """Lines of an e-mail's width, below one another where a list item runs on."""
    item = re.match(r"(?:- |\d+\. |\[\d+\] )?", text)
    hang = " " * (item.end() if item else 0)
    return textwrap.fill(
        text, WIDTH, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
    )


def _length(words: str) -> int:
    return len(words.split())
