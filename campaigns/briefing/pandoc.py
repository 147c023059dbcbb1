"""Pandoc's document tree, as much of it as a briefing needs: text is always data, never markup."""

import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pypandoc

from campaigns.briefing.blocks import Alignment

type Node = dict[str, Any]
type Inlines = list[Node]

API_VERSION = [1, 23, 1]
SIDES = {"left": "AlignLeft", "right": "AlignRight", "centre": "AlignCenter"}
PLAIN_NUMBERS = [1, {"t": "Decimal"}, {"t": "Period"}]
NO_ATTRIBUTES: list[Any] = ["", [], []]
SECONDS = 30


def words(text: str) -> Inlines:
    """One string as it stands: pandoc keeps its spaces and reads nothing into it."""
    return [{"t": "Str", "c": text}] if text else []


def strong(inlines: Inlines) -> Inlines:
    return [{"t": "Strong", "c": inlines}]


def emphasis(inlines: Inlines) -> Inlines:
    return [{"t": "Emph", "c": inlines}]


def link(inlines: Inlines, target: str) -> Inlines:
    return [{"t": "Link", "c": [NO_ATTRIBUTES, inlines, [target, ""]]}]


def note(inlines: Inlines) -> Node:
    return {"t": "Note", "c": [paragraph(inlines)]}


def word_xml(markup: str) -> Node:
    """Word's own markup, for what pandoc has no node for. Never with a word of a user's in it."""
    return {"t": "RawInline", "c": ["openxml", markup]}


def word_block(markup: str) -> Node:
    """Likewise, where a paragraph stands."""
    return {"t": "RawBlock", "c": ["openxml", markup]}


def character_style(style: str, inlines: Inlines) -> Inlines:
    return [{"t": "Span", "c": [["", [], [["custom-style", style]]], inlines]}]


def image(address: str, alt: str) -> Node:
    return {"t": "Image", "c": [["", [], [["width", "100%"]]], words(alt), [address, ""]]}


def paragraph(inlines: Inlines) -> Node:
    return {"t": "Para", "c": inlines}


def heading(level: int, inlines: Inlines) -> Node:
    return {"t": "Header", "c": [level, NO_ATTRIBUTES, inlines]}


def bullets(items: Iterable[Inlines]) -> Node:
    return {"t": "BulletList", "c": [[{"t": "Plain", "c": item}] for item in items]}


def numbered(items: Iterable[Inlines]) -> Node:
    """A numbered list, of paragraphs rather than plain text so that a style around it takes."""
    return {"t": "OrderedList", "c": [PLAIN_NUMBERS, [[paragraph(item)] for item in items]]}


def definitions(items: Iterable[tuple[Inlines, Inlines]]) -> Node:
    return {"t": "DefinitionList", "c": [[term, [[paragraph(told)]]] for term, told in items]}


def styled(style: str, *blocks: Node) -> Node:
    """Blocks in one of the paragraph styles of reference.docx."""
    return {"t": "Div", "c": [["", [], [["custom-style", style]]], list(blocks)]}


def table(
    caption: Inlines,
    header: Sequence[Inlines],
    rows: Sequence[Sequence[Inlines]],
    sides: Sequence[Alignment],
) -> Node:
    """A table over the whole width: a caption, a header row and row names in the first column."""
    columns = [
        [{"t": SIDES[side]}, {"t": "ColWidth", "c": width}]
        for side, width in zip(sides, _widths(len(sides)), strict=True)
    ]
    body = [NO_ATTRIBUTES, 1, [], [_row(row) for row in rows]]
    head, foot = [NO_ATTRIBUTES, [_row(header)]], [NO_ATTRIBUTES, []]
    titled = [None, [{"t": "Plain", "c": caption}]]
    return {"t": "Table", "c": [NO_ATTRIBUTES, titled, columns, head, [body], foot]}


def _widths(columns: int) -> list[float]:
    """The first column is as wide as two others, or as three in a narrow table."""
    first = 3 if columns < 5 else 2
    share = 1 / (columns - 1 + first)
    return [first * share, *(share for _ in range(columns - 1))]


def _row(cells: Sequence[Inlines]) -> list[Any]:
    default = {"t": "AlignDefault"}
    return [
        NO_ATTRIBUTES,
        [[NO_ATTRIBUTES, default, 1, 1, [{"t": "Plain", "c": cell}]] for cell in cells],
    ]


def write_docx(blocks: list[Node], *, language: str, reference: Path) -> bytes:
    """Pandoc in its sandbox and without an environment: it sees the tree and the reference only."""
    meta = {"lang": {"t": "MetaString", "c": language}}
    tree = {"pandoc-api-version": API_VERSION, "meta": meta, "blocks": blocks}
    return subprocess.run(
        [
            pypandoc.get_pandoc_path(),
            *("--from", "json", "--to", "docx", "--output", "-", "--sandbox"),
            *("--reference-doc", str(reference)),
        ],
        input=json.dumps(tree).encode(),
        env={},
        capture_output=True,
        check=True,
        timeout=SECONDS,
    ).stdout
