"""An officer's own words for a section, as blocks."""

from collections.abc import Iterator
from dataclasses import replace

from campaigns import markdown
from campaigns.briefing.blocks import Block, Bullets, NoteRef, Numbered, Paragraph, Runs, Text


def prose(text: str) -> Iterator[Paragraph | Bullets | Numbered]:
    for part in markdown.parts(text):
        items = tuple(map(_runs, part.items))
        match part.kind:
            case "paragraph":
                yield Paragraph(items[0])
            case "bullets":
                yield Bullets(items)
            case "numbered":
                yield Numbered(items)


def noted(block: Paragraph | Bullets | Numbered, key: str) -> Block:
    """With a note at the end of its words."""
    note = NoteRef(key)
    if isinstance(block, Paragraph):
        return Paragraph((*block.runs, note))
    *others, last = block.items
    return replace(block, items=(*others, (*last, note)))


def _runs(spans: markdown.Spans) -> Runs:
    return tuple(
        Text(each.text, emphasis=each.emphasis, strong=each.strong, link=each.link)
        for each in spans
    )
