"""The Markdown that an officer may write in a pack's prose: what every format can print, no more.

Paragraphs, **bold**, *italics*, [links](https://example.org), lists with "-" and with "1.". What
else Markdown knows is a fault with its line, or has no meaning here and is printed as it was typed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

LINKS = frozenset({"http", "https", "mailto"})
# Printed as typed: who writes "<18" or "R&D" means just that.
AS_TYPED = ["autolink", "backticks", "code", "entity", "html_block", "html_inline", "reference"]
PARSER = MarkdownIt("commonmark").disable(AS_TYPED).enable("table")
UNKNOWN = {
    "heading": "a heading",
    "fence": "code",
    "blockquote": "a quotation: choose a statement instead",
    "hr": "a line across the page",
    "table": "a table: choose the figures instead",
    "image": "a picture",
    "bullet_list": "a list within a list",
    "ordered_list": "a list within a list",
}

type Kind = Literal["paragraph", "bullets", "numbered"]


@dataclass(frozen=True, slots=True)
class Span:
    """Words in one style."""

    text: str
    strong: bool = False
    emphasis: bool = False
    link: str = ""


type Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, which has one item, or a list."""

    kind: Kind
    items: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What no pack can print, and in which line it stands."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"Line {self.line}: a pack cannot print {self.what}."


class _NotPrinted(Exception):
    """Carries the words for what it is."""


def parts(text: str) -> tuple[Part, ...]:
    """The prose in order; what cannot be printed is given as it was typed, so nothing is lost."""
    return tuple(part for part, _ in _read(text))


def faults(text: str) -> tuple[Fault, ...]:
    return tuple(fault for _, fault in _read(text) if fault)


def words(text: str) -> str:
    """The prose without its marks and addresses, as a reader reads it."""
    told = (item for part in parts(text) for item in part.items)
    return "\n\n".join("".join(span.text for span in item) for item in told)


def has_marks(text: str) -> bool:
    """Is there more to it than the words of paragraphs?"""
    found = parts(text)
    spans = [span for part in found for item in part.items for span in item]
    return any(part.kind != "paragraph" for part in found) or any(
        span.strong or span.emphasis or span.link for span in spans
    )


def escaped(words: str) -> str:
    """Words on one line as Markdown that says just them."""
    marked = re.sub(r"([\\*_\[\]])", r"\\\1", words)
    marked = re.sub(r"^(\s*)([-+#>~`])", r"\1\\\2", marked)
    return re.sub(r"^(\s*\d+)([.)])", r"\1\\\2", marked)


def _read(text: str) -> Iterator[tuple[Part, Fault | None]]:
    lines = text.replace("\r\n", "\n").split("\n")
    for node in SyntaxTreeNode(PARSER.parse("\n".join(lines))).children:
        first, last = node.map or (0, len(lines))
        try:
            yield _part(node), None
        except _NotPrinted as problem:
            typed = " ".join(" ".join(lines[first:last]).split())
            yield Part("paragraph", ((Span(typed),),)), Fault(first + 1, str(problem))


def _part(node: SyntaxTreeNode) -> Part:
    match node.type:
        case "paragraph":
            return Part("paragraph", (_spans(node),))
        case "bullet_list":
            return Part("bullets", tuple(map(_item, node.children)))
        case "ordered_list" if node.attrs.get("start", 1) == 1:
            return Part("numbered", tuple(map(_item, node.children)))
        case "ordered_list":
            start = node.attrs["start"]
            raise _NotPrinted(rf"a list that begins at {start}: write {start}\. if it is none")
    raise _NotPrinted(UNKNOWN.get(node.type, "this"))


def _item(node: SyntaxTreeNode) -> Spans:
    if [child.type for child in node.children] == ["paragraph"]:
        return _spans(node.children[0])
    other = next((each.type for each in node.children if each.type != "paragraph"), "")
    raise _NotPrinted(UNKNOWN.get(other, "an item that is empty or has two paragraphs"))


def _spans(paragraph: SyntaxTreeNode) -> Spans:
    found = (span for child in paragraph.children for span in _within(child, Span("")))
    return tuple(_joined(found))


def _within(node: SyntaxTreeNode, style: Span) -> Iterator[Span]:
    match node.type:
        case "text" | "text_special":
            yield replace(style, text=re.sub(r"\s+", " ", node.content))
            return
        case "softbreak" | "hardbreak":
            yield replace(style, text=" ")
            return
        case "strong":
            style = replace(style, strong=True)
        case "em":
            style = replace(style, emphasis=True)
        case "link":
            style = replace(style, link=_address(node))
        case "inline":
            pass
        case _:
            raise _NotPrinted(UNKNOWN.get(node.type, "this"))
    for child in node.children:
        yield from _within(child, style)


def _address(node: SyntaxTreeNode) -> str:
    address = str(node.attrs.get("href", ""))
    if urlsplit(address).scheme not in LINKS:
        raise _NotPrinted("a link that does not begin with https://, http:// or mailto:")
    return address


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Neighbours in one style as one."""
    for style, alike in groupby(spans, key=lambda span: replace(span, text="")):
        if text := "".join(span.text for span in alike):
            yield replace(style, text=text)
