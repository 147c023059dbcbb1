"""Briefings as Word files, with real styles, footnotes, captions and alt texts, by pandoc."""

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from campaigns.briefing import pandoc
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
    NoteRef,
    Numbered,
    Objections,
    Paragraph,
    Questions,
    Quotation,
    Run,
    Runs,
    SpeakingNote,
    Table,
    TestimonyBox,
    Text,
)
from campaigns.briefing.charts import draw_png
from campaigns.briefing.footnotes import CrossReference, Marks
from campaigns.briefing.package import pack, unpack
from campaigns.briefing.pandoc import Inlines, Node, paragraph, strong, styled, words
from campaigns.briefing.wording import (
    EXPLANATORY_STATEMENT,
    byline,
    chart_alt,
    contact_line,
    joined,
    labels,
    quoted,
)

REFERENCE = Path(__file__).parent / "reference.docx"
LABELS = "THE LABELS OF THIS COPY"  # in the reference's footer, where the version and copy go
FIRST_BOOKMARK = 10_000  # above any number that pandoc gives to its own
TAB = pandoc.word_xml("<w:r><w:tab/></w:r>")


def render_docx(briefing: Briefing, *, timestamp: datetime) -> bytes:
    tree = [*_head(briefing), *_Body(briefing).blocks()]
    written = pandoc.write_docx(tree, language=briefing.language, reference=REFERENCE)
    return _finished(written, briefing, timestamp)


def _head(briefing: Briefing) -> Iterator[Node]:
    lines = {
        "Strapline": briefing.strapline,
        "Title": briefing.title,
        "Stage": briefing.header,
        "Byline": byline(briefing),
    }
    return (styled(style, paragraph(words(text))) for style, text in lines.items() if text)


class _Body:
    """The blocks of one briefing as pandoc's, with its footnotes numbered on the way."""

    def __init__(self, briefing: Briefing) -> None:
        self.briefing = briefing
        self.marks = Marks(briefing)

    def blocks(self) -> Iterator[Node]:
        for block in self.briefing.blocks:
            yield from self.block(block)

    def block(self, block: Block) -> Iterator[Node]:
        match block:
            case Heading(text, level):
                yield pandoc.heading(level, words(text))
            case Paragraph(runs):
                yield paragraph(self.text(runs))
            case Bullets(items):
                yield pandoc.bullets(map(self.text, items))
            case Questions(items) | Numbered(items):
                yield pandoc.numbered(map(self.text, items))
            case Asks(title, items):
                yield pandoc.heading(1, words(title))
                yield styled("Ask", pandoc.numbered(map(self.text, items)))
            case Objections(items):
                told = ((words(one.objection), self.text(one.answer)) for one in items)
                yield pandoc.definitions(told)
            case Table():
                yield self.table(block)
            case Contact():
                yield from self.contact(block)
            case SpeakingNote():
                yield from self.speaking_note(block)
            case Quotation():
                yield from self.quotation(block)
            case KeyFigures():
                yield from self.key_figures(block)
            case Chart():
                yield from self.chart(block)
            case AmendmentBlock():
                yield from self.amendment(block)
            case TestimonyBox():
                yield from _testimony(block)

    def text(self, runs: Runs) -> Inlines:
        return [inline for run in runs for inline in self.run(run)]

    def run(self, run: Run) -> Inlines:
        return self.mark(run.key) if isinstance(run, NoteRef) else _text(run)

    def mark(self, key: str) -> Inlines:
        """A footnote where a note is first met, and from then on Word's reference to its number."""
        if not key:
            return []
        mark = self.marks.next(key)
        if mark.occurrence > 1:
            return [_note_number(mark.number, raised=True)]
        bookmark = f'w:id="{FIRST_BOOKMARK + mark.number}"'
        return [
            pandoc.word_xml(f'<w:bookmarkStart {bookmark} w:name="note_{mark.number}"/>'),
            pandoc.note([inline for word in mark.words for inline in _note_word(word)]),
            pandoc.word_xml(f"<w:bookmarkEnd {bookmark}/>"),
        ]

    def key_figures(self, block: KeyFigures) -> Iterator[Node]:
        for tile in block.tiles:
            value = pandoc.character_style("Figure Value", words(tile.display_value))
            label = words(tile.label) + self.mark(tile.note)
            yield styled("Key Figure", paragraph([*value, TAB, *label]))

    def table(self, block: Table) -> Node:
        return pandoc.table(
            words(block.caption) + self.mark(block.note),
            [words(name) for name in block.header],
            [[self.text(cell) for cell in row] for row in block.rows],
            block.columns,
        )

    def chart(self, block: Chart) -> Iterator[Node]:
        picture = base64.b64encode(draw_png(block.spec)).decode()
        title = words(block.title) + self.mark(block.note)
        image = pandoc.image(f"data:image/png;base64,{picture}", chart_alt(block))
        yield styled("Image Caption", paragraph(title))
        yield styled("Chart", paragraph([image]))
        if block.caveat:
            yield styled("Caveat", paragraph(words(block.caveat)))

    def amendment(self, block: AmendmentBlock) -> Iterator[Node]:
        yield styled("Amendment Status", paragraph(words(block.status)))
        if block.place:
            yield styled("Amendment Place", paragraph(words(block.place)))
        for name in block.names:
            yield styled("Amendment Names", paragraph(words(name)))
        yield from self.provision(block)
        if block.explanatory_statement:
            yield styled("Statement Title", paragraph(words(EXPLANATORY_STATEMENT)))
        yield styled("Statement", paragraph(words(block.explanatory_statement)))

    def provision(self, block: AmendmentBlock) -> Iterator[Node]:
        """The number stands out to the left of the first line, as on a marshalled list."""
        label = strong(words(block.label) + self.mark(block.note))
        opening = [line for line in block.lines[:1] if line == AmendmentLine(line.text)]
        beside = [inline for line in opening for inline in (TAB, *words(line.text))]
        yield styled("Amendment Number", paragraph([*label, *beside]))
        yield from map(_amendment_line, block.lines[len(opening) :])

    def quotation(self, block: Quotation) -> Iterator[Node]:
        source = [*strong(words(block.speaker)), *words(f", {block.role}"), *self.mark(block.note)]
        yield styled("Block Text", paragraph(words(quoted(block.words))))
        yield styled("Quotation Source", paragraph(source))

    def speaking_note(self, block: SpeakingNote) -> Iterator[Node]:
        yield pandoc.word_block('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
        yield pandoc.heading(1, words(block.title))
        yield styled("Caveat", paragraph(words(block.hint)))
        for runs in block.paragraphs:
            yield paragraph(self.text(runs))

    def contact(self, block: Contact) -> Iterator[Node]:
        yield styled("Organisation", paragraph(words(block.organisation)))
        if line := contact_line(block):
            yield styled("Contact", paragraph(self.text(line)))
        if block.about:
            yield styled("Caveat", paragraph(words(block.about)))


def _amendment_line(line: AmendmentLine) -> Node:
    text = strong(words(line.text)) if line.heading else words(line.text)
    hangs = "Hanging" if line.marker else "Line"
    marker = [*words(line.marker), TAB] if line.marker else []
    return styled(f"Amendment {hangs} {line.level}", paragraph([*marker, *text]))


def _testimony(block: TestimonyBox) -> Iterator[Node]:
    if block.title:
        yield styled("Testimony Title", paragraph(words(block.title)))
    for spoken in block.paragraphs:
        yield styled("Testimony", paragraph(words(spoken)))
    told = [*strong(words(block.attribution)), *words(". ")]
    told += pandoc.emphasis(words(block.anonymity_note))
    yield styled("Testimony Attribution", paragraph(told))
    box = "Permission Background" if block.speech == "background" else "Permission"
    yield styled(box, paragraph(words(block.speech_note)))


def _text(text: Text) -> Inlines:
    inlines = words(text.text)
    if text.strong:
        inlines = strong(inlines)
    if text.emphasis:
        inlines = pandoc.emphasis(inlines)
    return pandoc.link(inlines, text.link) if text.link else inlines


def _note_word(word: Text | CrossReference) -> Inlines:
    if isinstance(word, Text):
        return _text(word)
    return [*words("(n "), _note_number(word.number, raised=False), *words(")")]


def _note_number(number: int, *, raised: bool) -> Node:
    """Word's field for "the number of that footnote", showing it already."""
    look = '<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>' if raised else ""
    as_mark = "\\f " if raised else ""
    return pandoc.word_xml(
        f'<w:r>{look}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{look}<w:instrText xml:space="preserve"> NOTEREF note_{number} {as_mark}\\h '
        f"</w:instrText></w:r>"
        f'<w:r>{look}<w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r>{look}<w:t>{number}</w:t></w:r><w:r>{look}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def _finished(written: bytes, briefing: Briefing, timestamp: datetime) -> bytes:
    """The file with our properties and footer, and with nothing that tells who made it where."""
    parts = unpack(written)
    footer = parts["word/footer1.xml"].decode().replace(LABELS, escape(labels(briefing)))
    return pack(
        {
            **parts,
            "word/footer1.xml": footer.encode(),
            "word/document.xml": _with_plain_pictures(parts["word/document.xml"]),
            "docProps/core.xml": _core_properties(briefing, timestamp).encode(),
            "docProps/app.xml": APP_PROPERTIES.encode(),
        }
    )


def _with_plain_pictures(document: bytes) -> bytes:
    """Pandoc repeats a picture, as text, in a hidden description of it; the alt text stays.

    It gives no distance from the text either, for which LibreOffice puts in one of its own.
    """
    flush = b'<wp:inline distT="0" distB="0" distL="0" distR="0">'
    described = re.sub(rb'(<pic:cNvPr [^>]*descr=")data:[^"]*', rb"\1", document)
    return described.replace(b"<wp:inline>", flush)


APP_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)


def _core_properties(briefing: Briefing, timestamp: datetime) -> str:
    moment = timestamp.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        '<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties'
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(briefing.title)}</dc:title>"
        f"<dc:creator>{escape(joined(briefing.organisations))}</dc:creator>"
        f"<dc:language>{escape(briefing.language)}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
        "</cp:coreProperties>"
    )
