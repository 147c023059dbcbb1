"""The reading process: tells what a file is by its content and takes the words out of it."""

import re
from collections.abc import Mapping
from typing import Any

import pypdfium2 as pdfium
import trafilatura

from evidence.refusing import Refused
from evidence.snapshots import sandbox
from evidence.snapshots.decoding import Decoded, cleaned, decoded, refuse_mangled
from evidence.snapshots.docx import docx_text

MOST_PAGES = 2_000
PASSWORD = 4  # FPDF_ERR_PASSWORD
START = 2_048  # bytes in which a file says what it is

MARKUP = re.compile(
    rb"<(?:!doctype html|html|head|body|title|meta|div|p|article|section|main|h1|table|span)\b",
    re.I,
)
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)
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

NOTHING = {
    "pdf": "This PDF holds pictures of pages but no text: type its words and paste them.",
    "docx": "This Word document holds no text: choose another, or paste the words.",
    "html": "No article was found on this page: paste its text instead.",
    "text": "This file is empty: choose another, or paste the words.",
}


def read(data: bytes, declared: str) -> Mapping[str, Any]:
    """`declared` is the encoding that the site gave, if any."""
    start = data[:START]
    for magic, sentence in OTHERS.items():
        if data.startswith(magic):
            raise Refused(sentence)
    if b"%PDF-" in start[:1024]:
        return _reading("pdf", Decoded(_pdf_text(data), ""))
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _reading("docx", Decoded(docx_text(data), ""))
    if not declared and (meta := CHARSET.search(start)):
        declared = meta[1].decode("ascii")
    words = decoded(data, declared)
    if MARKUP.search(words.text[:START].encode()):
        return _reading("html", Decoded(_article(words.text), words.encoding, words.guessed))
    refuse_mangled(words.text)
    return _reading("text", words)


def _reading(kind: str, words: Decoded) -> Mapping[str, Any]:
    text = cleaned(words.text).strip()
    if not text:
        raise Refused(NOTHING[kind])
    return {"kind": kind, "text": text, "encoding": words.encoding, "guessed": words.guessed}


def _pdf_text(data: bytes) -> str:
    try:
        document = pdfium.PdfDocument(data)
        if len(document) > MOST_PAGES:
            raise Refused(f"This PDF has more than {MOST_PAGES} pages: upload the part you need.")
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == PASSWORD:
            raise Refused("This PDF asks for a password: save it without one.") from None
        raise Refused("This PDF is broken: save it anew, or paste its text.") from None


def _article(page: str) -> str:
    """Without readers' comments and menus; `fast` since the rest would open files of its own."""
    return trafilatura.extract(page, fast=True, include_comments=False) or ""


if __name__ == "__main__":
    sandbox.serve(read)
