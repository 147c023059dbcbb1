"""What a file is, told by its first bytes and never by its name."""

import re
from enum import StrEnum

from evidence.refusing import Refused

START = 2_048  # bytes in which a file says what it is
MARKUP = re.compile(
    rb"<(?:!doctype html|html|head|body|title|meta|div|p|article|section|main|h1|table|span)\b",
    re.IGNORECASE,
)
# What people upload by mistake: the first bytes, and what to do.
OTHERS = {
    b"\xd0\xcf\x11\xe0": "This is an old Word file: save it as DOCX or PDF.",
    b"{\\rtf": "This is an RTF file: save it as DOCX or PDF.",
    b"\x89PNG": "This is a picture: type its words and paste them.",
    b"\xff\xd8\xff": "This is a picture: type its words and paste them.",
    b"GIF8": "This is a picture: type its words and paste them.",
    b"\x1f\x8b": "This is a packed file: unpack it first.",
    b"7z\xbc\xaf": "This is a packed file: unpack it first.",
    b"Rar!\x1a": "This is a packed file: unpack it first.",
}


class Kind(StrEnum):
    """The value is the name of the reader."""

    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    TEXT = "text"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Kind.PDF: "a PDF",
    Kind.DOCX: "a Word document",
    Kind.HTML: "a web page",
    Kind.TEXT: "plain text",
}


def kind_of(data: bytes) -> Kind:
    start = data[:START]
    for first, sentence in OTHERS.items():
        if start.startswith(first):
            raise Refused(sentence)
    if b"%PDF-" in start[:1024]:
        return Kind.PDF
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.DOCX
    # Without the empty halves of letters of two bytes.
    return Kind.HTML if MARKUP.search(start.replace(b"\0", b"")) else Kind.TEXT
