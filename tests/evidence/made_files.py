"""Small files of each type, made by hand so that a test can spoil one thing in them."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pypandoc
import typst

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SENTENCE = "Police recorded 1,437 offences in 2016/17, a rise of 43% on the year before."


def packed(entries: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return made.getvalue()


def body(content: str = f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>", prolog: str = "") -> str:
    return f'{prolog}<w:document xmlns:w="{WORD}"><w:body>{content}</w:body></w:document>'


def docx(document: str | None = None, **others: bytes | str) -> bytes:
    return packed({"word/document.xml": document or body(), **others})


def html(content: str = f"<p>{SENTENCE}</p>", start: str = "<!DOCTYPE html>") -> bytes:
    article = f"<article><h1>Rise</h1>{content}</article>"
    menu = "<nav><a href='/'>Home</a> <a href='/news'>All news</a></nav>"
    head = '<head><meta charset="utf-8"><title>Rise</title></head>'
    return f"{start}<html>{head}<body>{menu}{article}</body></html>".encode()


def pdf(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects; the first is the catalogue."""
    made = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, content in objects.items():
        places[number] = len(made)
        made += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        made += b"%d 1\n%010d 00000 n \n" % (number, place)
    size = max(objects) + 1
    made += b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF" % (size, trailer, start)
    return bytes(made)


def stream(content: bytes, entries: bytes = b"/Filter/FlateDecode", *, layers: int = 1) -> bytes:
    for _ in range(layers):
        content = zlib.compress(content)
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(content), content)


def one_page(content: bytes, **more: bytes) -> dict[int, bytes]:
    """The objects of a PDF with one page; `content` is its stream, object 4."""
    return {
        1: b"<</Type/Catalog/Pages 2 0 R%b>>" % more.get("catalogue", b""),
        2: more.get("pages", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources"
        b"<</Font<</F 5 0 R>>%b>>>>" % more.get("resources", b""),
        4: content,
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }


WORDS = b"BT /F 9 Tf 50 700 Td (%b) Tj ET" % SENTENCE.encode()


def typeset(source: str) -> bytes:
    """A PDF as a typesetter makes it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "source.typ"
        path.write_text(source)
        return typst.compile(path)


def from_markdown(source: str) -> bytes:
    """A DOCX as an office program makes it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made.docx"
        pypandoc.convert_text(source, "docx", format="markdown", outputfile=str(path))
        return path.read_bytes()
