"""The lines that a pack's Word file prints, in reading order, each with its kind of words."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from campaigns.briefing.blocks import (
    AmendmentBlock,
    AmendmentLine,
    Asks,
    Block,
    Briefing,
    Bullets,
    Chart,
    Contact,
    Heading,
    KeyFigures,
    Numbered,
    Objections,
    Paragraph,
    Questions,
    Quotation,
    SpeakingNote,
    Table,
    TestimonyBox,
    Text,
    plain,
)
from campaigns.briefing.footnotes import CrossReference, note_words
from campaigns.briefing.wording import EXPLANATORY_STATEMENT, byline, contact_line, quoted
from campaigns.returned.word import CELLS


class Kind(StrEnum):
    """What a line is, which decides whether its wording may be taken over."""

    FRAME = "frame"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ABOUT = "about"
    CHOSEN = "chosen"
    SPEECH = "speech"
    FIGURE = "figure"
    AMENDMENT = "amendment"
    STATEMENT = "statement"
    TESTIMONY = "testimony"
    CITATION = "citation"


NAMES = {
    Kind.FRAME: "Title and names",
    Kind.HEADING: "Heading",
    Kind.PARAGRAPH: "Paragraph",
    Kind.ABOUT: "Who we are",
    Kind.CHOSEN: "What was chosen",
    Kind.SPEECH: "Speaking note",
    Kind.FIGURE: "Figure",
    Kind.AMENDMENT: "Amendment",
    Kind.STATEMENT: "Quotation",
    Kind.TESTIMONY: "Account",
    Kind.CITATION: "Note",
}
# Why such words are shown and never taken; a heading, a paragraph and the words about us may be.
NEVER_TAKEN = {
    Kind.FRAME: "It is set in the pack's form: change it there.",
    Kind.CHOSEN: "It comes from what was chosen, or stands in a list: change it there.",
    Kind.SPEECH: "The speaking note is written from what was chosen: change it there.",
    Kind.FIGURE: "A figure is never taken from a file: correct it at its source.",
    Kind.AMENDMENT: "An amendment's words are Parliament's, or the draft's own: change them there.",
    Kind.STATEMENT: "A quotation is never taken from a file: correct it at its source.",
    Kind.TESTIMONY: "An account is never taken from a file: its consent covers its own words.",
    Kind.CITATION: "A note follows from its source: correct it there.",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """One line as it stands on the page, with its spaces made plain."""

    kind: Kind
    text: str

    @property
    def why_never(self) -> str:
        return NEVER_TAKEN.get(self.kind, "")


def printed_body(briefing: Briefing) -> list[Printed]:
    frame = (briefing.strapline, briefing.title, briefing.header, byline(briefing))
    lines = [
        *((Kind.FRAME, text) for text in frame),
        *(line for block in briefing.blocks for line in _lines(block)),
    ]
    return [Printed(kind, words) for kind, text in lines if (words := " ".join(text.split()))]


def printed_notes(briefing: Briefing) -> list[Printed]:
    told = note_words(enumerate(briefing.numbered_notes, 1)).values()
    texts = ("".join(map(_note_word, words)) for words in told)
    return [Printed(Kind.CITATION, " ".join(text.split())) for text in texts]


def _note_word(word: Text | CrossReference) -> str:
    return word.text if isinstance(word, Text) else f"(n {word.number})"


def _lines(block: Block) -> Iterator[tuple[Kind, str]]:
    match block:
        case Heading(text):
            yield Kind.HEADING, text
        case Paragraph(runs):
            yield Kind.PARAGRAPH, plain(runs)
        case Bullets(items) | Numbered(items) | Questions(items):
            yield from ((Kind.CHOSEN, plain(item)) for item in items)
        case Asks(title, items):
            yield Kind.HEADING, title
            yield from ((Kind.CHOSEN, plain(item)) for item in items)
        case Objections(items):
            for one in items:
                yield Kind.CHOSEN, one.objection
                yield Kind.CHOSEN, plain(one.answer)
        case KeyFigures(tiles):
            for tile in tiles:
                yield Kind.FIGURE, f"{tile.display_value} {tile.label}"
        case Quotation():
            yield Kind.STATEMENT, quoted(block.words)
            yield Kind.STATEMENT, f"{block.speaker}, {block.role}"
        case Contact():
            yield Kind.FRAME, block.organisation
            yield Kind.FRAME, plain(contact_line(block))
            yield Kind.ABOUT, block.about
        case SpeakingNote(title, hint, paragraphs):
            yield from ((Kind.SPEECH, text) for text in (title, hint, *map(plain, paragraphs)))
        case _:
            yield from _set_apart(block)


def _set_apart(block: Block) -> Iterator[tuple[Kind, str]]:
    match block:
        case Table():
            yield Kind.FIGURE, block.caption
            yield Kind.FIGURE, CELLS.join(block.header)
            for row in block.rows:
                yield Kind.FIGURE, CELLS.join(map(plain, row))
        case Chart():
            yield Kind.FIGURE, block.title
            yield Kind.FIGURE, block.caveat
        case AmendmentBlock():
            yield from ((Kind.AMENDMENT, text) for text in _amendment(block))
        case TestimonyBox():
            told = f"{block.attribution}. {block.anonymity_note}"
            texts = (block.title, *block.paragraphs, told, block.speech_note)
            yield from ((Kind.TESTIMONY, text) for text in texts)


def _amendment(block: AmendmentBlock) -> Iterator[str]:
    """The number stands beside the first line where that hangs on nothing."""
    yield from (block.status, block.place, *block.names)
    opening = [line for line in block.lines[:1] if line == AmendmentLine(line.text)]
    yield " ".join((block.label, *(line.text for line in opening)))
    for line in block.lines[len(opening) :]:
        yield f"{line.marker} {line.text}"
    if block.explanatory_statement:
        yield EXPLANATORY_STATEMENT
        yield block.explanatory_statement
