"""What a Word file says, paragraph by paragraph, with who changed and who remarked on what.

Run by the sandbox of `evidence.snapshots`, in a process that can open, start and keep nothing.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from evidence.refusing import Refused
from evidence.snapshots import sandbox
from evidence.snapshots.readers.docx import BODY, WORD, opened
from evidence.snapshots.words import Words, cleaned

NOTES = "word/footnotes.xml"
COMMENTS = "word/comments.xml"
PROPERTIES = "docProps/core.xml"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
CREATED = "{http://purl.org/dc/terms/}created"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
ADDED = {f"{WORD}ins", f"{WORD}moveTo"}
TAKEN_OUT = {f"{WORD}del", f"{WORD}moveFrom"}
SPACES = {f"{WORD}{name}" for name in ("tab", "br", "cr")}
OWN_NOTES = {"separator", "continuationSeparator", "continuationNotice"}  # Word's, without words
CELLS = " | "  # between the cells of a row, which is read as one line

BROKEN = "This is no Word file that can be read: save it in Word as .docx and choose it again."
NOT_WORDS = "This Word file holds what Word never writes: save it anew and choose it again."
MACROS = "This Word file carries macros: save it as .docx, without them, and choose it again."
EMPTY = "This Word file holds no words: choose the file that came back."


@dataclass
class Written:
    """A paragraph, a row of a table or a note under way."""

    style: str = ""
    words: list[str] = field(default_factory=list)
    tracked: list[tuple[str, str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        text = " ".join(cleaned("".join(self.words)).split())
        return {
            "style": self.style,
            "text": text,
            "tracked": self.tracked,
            "comments": self.comments,
        }


def read(data: bytes, _: str) -> Words:
    try:
        package = opened(data)
    except Refused:
        raise Refused(BROKEN) from None
    with package:
        if any("vbaproject" in name.lower() for name in package.NameToInfo):
            raise Refused(MACROS)
        try:
            told = _told(package)
        except DefusedXmlException:
            raise Refused(NOT_WORDS) from None
    if not any(line["text"] for line in told["lines"]):
        raise Refused(EMPTY)
    return Words(json.dumps(told))


def _told(package: zipfile.ZipFile) -> dict[str, Any]:
    properties = _texts(package, PROPERTIES, {TITLE, CREATED})
    return {
        "title": properties.get(TITLE, ""),
        "created": properties.get(CREATED, ""),
        "lines": [line.told() for line in _Part(package, BODY).lines()],
        "notes": [note.told() for note in _Part(package, NOTES).notes()],
        "comments": dict(_comments(package)),
    }


def _parsed(package: zipfile.ZipFile, part: str) -> Iterator[tuple[str, Element]]:
    """Entities are refused by the parser; nothing that the file points to is looked up."""
    if part in package.NameToInfo:
        with package.open(part) as packed:
            yield from iterparse(packed, events=("start", "end"), forbid_dtd=True)


def _texts(package: zipfile.ZipFile, part: str, wanted: set[str]) -> dict[str, str]:
    ended = (element for event, element in _parsed(package, part) if event == "end")
    return {each.tag: cleaned(each.text or "") for each in ended if each.tag in wanted}


def _comments(package: zipfile.ZipFile) -> Iterator[tuple[str, tuple[str, str]]]:
    for event, element in _parsed(package, COMMENTS):
        if event == "end" and element.tag == f"{WORD}comment":
            words = " ".join(each.text or "" for each in element.iter(f"{WORD}t"))
            yield _named(element, "id"), (_named(element, "author"), " ".join(words.split()))


def _named(element: Element, name: str) -> str:
    return cleaned(element.get(f"{WORD}{name}", ""))


class _Part:
    """Goes through one part of the file; a row of a table is one line, and so is a note."""

    def __init__(self, package: zipfile.ZipFile, part: str) -> None:
        self.parsed = _parsed(package, part)
        self.is_body = part == BODY
        self.open: list[Written] = []
        self.authors: list[tuple[str, str]] = []  # of the changes that are under way
        self.fields: list[str] = []  # the orders of Word's fields under way
        self.unprinted = 0

    def lines(self) -> Iterator[Written]:
        """Of the body: each row of a table, and each paragraph outside of one."""
        rows = 0
        for event, element in self.parsed:
            self.met(event, element)
            if element.tag == f"{WORD}tr":
                rows += 1 if event == "start" else -1
                yield from self._begun_or_ended(
                    event, "Table", outermost=rows == (event == "start")
                )
            elif element.tag == f"{WORD}tc" and event == "end" and self.open:
                self.open[-1].words.append(CELLS)
            elif element.tag == f"{WORD}p":
                yield from self._begun_or_ended(event, "", outermost=not rows)

    def notes(self) -> Iterator[Written]:
        for event, element in self.parsed:
            self.met(event, element)
            if element.tag == f"{WORD}footnote":
                is_own = _named(element, "type") in OWN_NOTES
                yield from self._begun_or_ended(event, "Note", outermost=not is_own)

    def _begun_or_ended(self, event: str, style: str, *, outermost: bool) -> Iterator[Written]:
        """What stands within another line, as the paragraphs of a cell do, goes on with that."""
        if not outermost:
            if self.open:
                self.open[-1].words.append(" ")
        elif event == "start":
            self.open.append(Written(style))
        elif self.open:
            written = self.open.pop()
            while written.words and not written.words[-1].strip(CELLS):
                written.words.pop()
            yield written

    def met(self, event: str, element: Element) -> None:
        tag, line = element.tag, self.open[-1] if self.open else Written()
        if tag == FALLBACK:
            self.unprinted += 1 if event == "start" else -1
        elif tag in ADDED | TAKEN_OUT and event == "start":
            kind = "added" if tag in ADDED else "deleted"
            self.authors.append((kind, _named(element, "author")))
        elif tag in ADDED | TAKEN_OUT and self.authors:
            self.authors.pop()
        elif event == "end":
            self._ended(element, line)
        if event == "end":
            element.clear()

    def _ended(self, element: Element, line: Written) -> None:
        tag = element.tag
        if tag == f"{WORD}pStyle" and not line.style:
            line.style = _named(element, "val")
        elif tag == f"{WORD}commentReference":
            line.comments.append(_named(element, "id"))
        elif tag == f"{WORD}fldChar":
            self._field(_named(element, "fldCharType"))
        elif tag == f"{WORD}instrText" and self.fields:
            self.fields[-1] += element.text or ""
        elif tag in {f"{WORD}t", f"{WORD}delText"}:
            self._words(line, element.text or "")
        elif tag in SPACES:
            self._words(line, " ")
        elif tag == f"{WORD}noBreakHyphen":
            self._words(line, "-")

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self.fields.append("")
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _words(self, line: Written, text: str) -> None:
        """As they would be printed, were every tracked change accepted."""
        is_raised_number = self.is_body and any("NOTEREF" in order for order in self.fields)
        if self.unprinted or is_raised_number:
            return
        kinds = {kind for kind, _ in self.authors}
        if text.strip() and self.authors:
            kind, author = self.authors[-1]
            if line.tracked and line.tracked[-1][:2] == (kind, author):
                text_so_far = line.tracked.pop()[2]
                line.tracked.append((kind, author, text_so_far + text))
            else:
                line.tracked.append((kind, author, text))
        if "deleted" not in kinds:
            line.words.append(text)


if __name__ == "__main__":
    sandbox.serve(read)
