"""The blocks a briefing is made of, which every renderer prints and no renderer may add to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

type Layout = Literal["full", "one_page"]
type Alignment = Literal["left", "right", "centre"]
type Speech = Literal["chamber", "background"]

LATEST_EDITION = 2
SINCE = "since"  # marks a field that came later: it is written down only where it is set
DEEPEST_HEADING = 3
DEEPEST_LINE = 5
WIDEST_TABLE = 8
LINK_SCHEMES = frozenset({"http", "https", "mailto"})
SPEECH_NOTES: Mapping[Speech, str] = {
    "chamber": "May be read in the Chamber in exactly these words.",
    "background": "Background only: do not quote or forward.",
}


class BadBriefing(ValueError):
    """A briefing that no renderer could print honestly; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words in one style; with a link, the words that lead to it."""

    text: str
    emphasis: bool = False
    strong: bool = False
    link: str = ""

    def __post_init__(self) -> None:
        if self.link and urlsplit(self.link).scheme not in LINK_SCHEMES:
            raise BadBriefing(f"A link must begin with http, https or mailto: {self.link!r}")


@dataclass(frozen=True, slots=True)
class NoteRef:
    """The place in a text where the raised number of a footnote stands."""

    key: str


type Run = Text | NoteRef
type Runs = tuple[Run, ...]


def runs(*parts: str | Run) -> Runs:
    """Plain strings and runs, mixed, as one text: runs("Up 43%", NoteRef("wales"), ".")."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)


def plain(text: Runs) -> str:
    """The words alone, as a reader would read them out."""
    return "".join(run.text for run in text if isinstance(run, Text))


@dataclass(frozen=True, slots=True)
class Citation:
    """A source in a footnote, in both its forms: which is due is known when notes are numbered.

    The first note printed that names the source has the full form; each later one has the short
    form and the number of that first note, as in NSPCC press release (n 3).
    """

    source: str
    full: tuple[Text, ...]
    short: str


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote. Its number is its place in the order in which notes are first referred to."""

    key: str
    runs: tuple[Text | Citation, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading; level 1 stands directly below the briefing's title."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.level <= DEEPEST_HEADING:
            raise BadBriefing(f"Heading {self.text!r} has level {self.level}, not 1 to 3.")


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: Runs


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A list whose items are counted."""

    items: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class Asks:
    """What we ask the reader to do: set apart on paper, and first in an e-mail."""

    title: str
    items: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    display_value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """A strip of two to four figures, each with what it counts, where and when."""

    tiles: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column names its rows; without alignment, all but that one go right."""

    caption: str
    note: str = field(default="", kw_only=True)
    header: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]
    alignment: tuple[Alignment, ...] = ()

    def __post_init__(self) -> None:
        widths = {len(self.header), *map(len, self.rows)}
        if self.alignment:
            widths.add(len(self.alignment))
        if len(widths) != 1 or not self.header:
            raise BadBriefing(f"Table {self.caption!r} has rows of different lengths.")
        if len(self.header) > WIDEST_TABLE:
            raise BadBriefing(f"Table {self.caption!r} is too wide: more than 8 columns.")

    @property
    def columns(self) -> tuple[Alignment, ...]:
        right: Alignment = "right"
        return self.alignment or ("left", *(right for _ in self.header[1:]))


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart for the eye, a description for the ear, and the numbers it was drawn from."""

    spec: Mapping[str, Any]
    title: str
    note: str = field(default="", kw_only=True)
    description: str
    table: Table
    caveat: str = ""

    def __post_init__(self) -> None:
        if any(True for _ in note_keys(self.table)):
            raise BadBriefing(f"The notes of chart {self.title!r} belong to it, not to its table.")


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """A line of an amendment: a marker such as "(1)" or "(a)" hangs out at its level."""

    text: str
    level: int = 0
    marker: str = ""
    heading: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.level <= DEEPEST_LINE:
            raise BadBriefing(f"Amendment line {self.text!r} has level {self.level}, not 0 to 5.")


@dataclass(frozen=True, slots=True)
class AmendmentBlock:
    """An amendment as a marshalled list prints it, and what it is: tabled, or a draft."""

    label: str
    note: str = field(default="", kw_only=True)
    lines: tuple[AmendmentLine, ...]
    status: str = ""
    place: str = ""
    names: tuple[str, ...] = ()
    explanatory_statement: str = ""


@dataclass(frozen=True, slots=True)
class Quotation:
    """What a named office-holder said in public."""

    words: str
    speaker: str
    role: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class TestimonyBox:
    """An account within its consent, with what the reader may do with it printed beside it."""

    __test__ = False  # pytest would take the name for a test class

    paragraphs: tuple[str, ...]
    attribution: str
    anonymity_note: str
    speech: Speech
    title: str = ""

    @property
    def speech_note(self) -> str:
        return SPEECH_NOTES[self.speech]


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions that the reader may like to put to the Minister."""

    items: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class Objection:
    objection: str
    answer: Runs


@dataclass(frozen=True, slots=True)
class Objections:
    items: tuple[Objection, ...]


@dataclass(frozen=True, slots=True)
class SpeakingNote:
    """What a member can say as it stands, set to be read aloud, on a page of its own."""

    title: str
    hint: str
    paragraphs: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask; a joint briefing has one for each organisation."""

    organisation: str
    name: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    about: str = ""


type Block = (
    Heading
    | Paragraph
    | Bullets
    | Numbered
    | Asks
    | KeyFigures
    | Table
    | Chart
    | AmendmentBlock
    | Quotation
    | TestimonyBox
    | Questions
    | Objections
    | SpeakingNote
    | Contact
)


@dataclass(frozen=True, slots=True)
class Briefing:
    """One briefing: everything that any of its formats may say."""

    title: str
    organisations: tuple[str, ...]
    date_of_use: date
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()
    header: str = ""
    strapline: str = "Briefing for Peers"
    version_label: str = ""
    copy_label: str = ""
    layout: Layout = "full"
    language: str = "en-GB"
    # What was issued earlier is printed again as it was then: a renderer that learns to print the
    # same blocks otherwise does so from a later edition on.
    edition: int = field(default=1, metadata={SINCE: 2})

    def __post_init__(self) -> None:
        if not self.title or not self.organisations:
            raise BadBriefing("A briefing needs a title and an organisation.")
        if self.layout not in get_args(Layout.__value__):
            raise BadBriefing(f"There is no layout {self.layout!r}.")
        _check_headings(self.blocks)
        _check_notes(self)

    @property
    def printed_date(self) -> str:
        return f"{self.date_of_use.day} {self.date_of_use:%B %Y}"

    @property
    def numbered_notes(self) -> tuple[Note, ...]:
        """The notes in the order of their numbers, which every format prints alike."""
        by_key = {note.key: note for note in self.notes}
        return tuple(by_key[key] for key in dict.fromkeys(note_keys(self.blocks)))


def note_keys(part: object) -> Iterator[str]:
    """The notes that a part of a briefing refers to, in reading order, repeats included.

    Fields are declared in the order in which they are printed, so that the walk reads as a page.
    """
    if isinstance(part, NoteRef):
        yield part.key
    elif isinstance(part, tuple):
        for item in part:
            yield from note_keys(item)
    elif is_dataclass(part):
        for name in (declared.name for declared in fields(part)):
            value = getattr(part, name)
            if name == "note" and value:
                yield value
            elif name != "note":
                yield from note_keys(value)


def _check_headings(blocks: tuple[Block, ...]) -> None:
    above = 0
    for block in blocks:
        if isinstance(block, Heading | Asks | SpeakingNote):
            text, level = (
                (block.text, block.level) if isinstance(block, Heading) else (block.title, 1)
            )
            if not text.strip() or level > above + 1:
                raise BadBriefing(f"Heading {text!r} is empty or skips a level.")
            above = level


def _check_notes(briefing: Briefing) -> None:
    held = [note.key for note in briefing.notes]
    used = set(note_keys(briefing.blocks))
    if repeated := {key for key in held if held.count(key) > 1}:
        raise BadBriefing(f"Notes held twice: {', '.join(sorted(repeated))}")
    if missing := used - set(held):
        raise BadBriefing(f"Notes referred to but not held: {', '.join(sorted(missing))}")
    if idle := set(held) - used:
        raise BadBriefing(f"Notes that nothing refers to: {', '.join(sorted(idle))}")
    if any(True for note in briefing.notes for _ in note_keys(note)):
        raise BadBriefing("A note cannot refer to another note.")
