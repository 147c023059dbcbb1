"""Everything that a finished file holds, whether a reader sees it or not."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from pypdf import PdfReader
from pypdf.generic import IndirectObject, StreamObject

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
APART = {f"{W}{name}" for name in ("tab", "br", "fldChar", "footnoteReference")}
PNG_HEAD = 8
SOFT_HYPHEN = "\N{SOFT HYPHEN}"

# What may stand in a file beside its words.
PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core|custom)\.xml"
    r"|word/_rels/(document|footnotes)\.xml\.rels|word/theme/theme1\.xml|word/media/rId\d+\.png"
    r"|word/(comments|document|fontTable|footer1|footnotes|numbering|settings|styles"
    r"|webSettings)\.xml"
)
PROPERTIES = {"title", "creator", "language", "created", "modified"}
WORDY = {"word/document.xml", "word/footnotes.xml", "word/footer1.xml"}
CHUNKS = {b"IHDR", b"IDAT", b"IEND", b"pHYs", b"sRGB", b"gAMA"}
INFORMATION = {"/Title", "/Author", "/Subject", "/Creator", "/CreationDate", "/ModDate"}
CATALOGUE = {
    *("/Type", "/Pages", "/Metadata", "/Lang", "/MarkInfo", "/StructTreeRoot", "/OutputIntents"),
    *("/ViewerPreferences", "/Names", "/Dests", "/Outlines", "/PageLabels", "/PageMode"),
}
METADATA = {
    *("title", "creator", "description", "language", "format", "CreatorTool", "CreateDate"),
    *("ModifyDate", "MetadataDate", "NPages", "DocumentID", "InstanceID", "RenditionClass"),
    *("part", "conformance", "rev", "Alt", "Seq", "Bag", "li", "RDF", "Description", "xmpmeta"),
    *("Type", "PDFVersion", "date", "History", "action", "softwareAgent", "when", "instanceID"),
    # how PDF/A describes what of this is not Adobe's own
    *("schemas", "schema", "namespaceURI", "prefix", "property", "name", "valueType", "category"),
}
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section"),
    *("article", "aside", "div", "p", "span", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt"),
    *("dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "a"),
    *("strong", "em", "sup", "blockquote", "cite", "details", "summary", "br", "hr", "address"),
    *("svg", "g", "path", "rect", "line", "text", "desc", "tspan", "circle", "nav", "small"),
}


class Opened:
    """A file's every text, the words that a reader meets, and what should not be in it."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.read: list[str] = []
        self.strange: set[str] = set()

    def allow(self, found: Any, known: set[Any], what: str) -> None:
        self.strange |= {f"{what} {each}" for each in set(found) - known}

    @property
    def words(self) -> set[str]:
        return words_in(" ".join(self.read))


def words_in(text: str) -> set[str]:
    """Letters and figures alone: a line may break at any mark."""
    return set(re.findall(r"[^\W_]+", text.replace(SOFT_HYPHEN, "").casefold()))


def opened(format: str, content: bytes) -> Opened:
    return {"pdf": _pdf, "docx": _docx, "html": _html}.get(format, _text)(content)


def _text(content: bytes) -> Opened:
    found = Opened()
    found.texts = found.read = [content.decode()]
    return found


def _docx(content: bytes) -> Opened:
    found = Opened()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
        found.texts.append(package.comment.decode())
        found.texts += [
            repr((each.filename, each.comment, each.extra)) for each in package.filelist
        ]
    found.strange |= {f"part {name}" for name in parts if not PARTS.fullmatch(name)}
    for name, part in parts.items():
        if name.endswith(".png"):
            found.allow(_chunks(part), CHUNKS, "chunk")
            continue
        found.texts.append(part.decode())
        _xml(found, name, ET.fromstring(part))  # noqa: S314 - our own file
    return found


def _xml(found: Opened, name: str, tree: ET.Element) -> None:
    words = ["".join(map(_run, each.iter())) for each in tree.iter(f"{W}p")]
    if name in WORDY:
        found.read += words
        found.read += [each.get("descr", "") for each in tree.iter()]
    elif "".join(words).strip() or (name == "word/comments.xml" and len(tree)):
        found.strange.add(f"words in {name}")
    if name == "docProps/core.xml":
        found.allow((each.tag.split("}")[1] for each in tree), PROPERTIES, "property")
    elif name.startswith("docProps/"):
        found.allow((each.tag for each in tree), set(), f"property in {name}")
    if name == "word/styles.xml":
        return  # the reference document's, the same in every file
    edits = {"ins", "del", "moveFrom", "moveTo", "commentReference", "rsid", "vanish"}
    tags = {each.tag.removeprefix(W) for each in tree.iter()}
    attributes = {key for each in tree.iter() for key in each.attrib if "rsid" in key}
    found.strange |= {f"{each} in {name}" for each in (tags & edits) | attributes}


def _run(element: ET.Element) -> str:
    return (element.text or "") if element.tag == f"{W}t" else " " * (element.tag in APART)


def _chunks(png: bytes) -> Iterator[bytes]:
    place = PNG_HEAD
    while place < len(png):
        length = int.from_bytes(png[place : place + 4])
        yield png[place + 4 : place + 8]
        place += length + 12


def _pdf(content: bytes) -> Opened:
    found, reader = Opened(), PdfReader(io.BytesIO(content))
    numbers = sorted({*reader.xref[0], *reader.xref_objStm})
    objects = [reader.get_object(number) for number in numbers]
    for each in objects:
        found.texts += _strings(each)
    found.read += [page.extract_text() for page in reader.pages]
    root: Any = reader.trailer["/Root"]
    found.allow(root.keys(), CATALOGUE, "catalogue")
    found.allow(reader.trailer["/Info"].keys(), INFORMATION, "information")
    names = root.get("/Names", {})
    found.allow(names.keys() if names else (), {"/Dests"}, "names")
    xmp = ET.fromstring(root["/Metadata"].get_data())  # noqa: S314 - our own file
    found.allow((each.tag.split("}")[-1] for each in xmp.iter()), METADATA, "metadata")
    actions = {str(each.get("/S")) for each in objects if isinstance(each, dict) and "/S" in each}
    found.strange |= {each for each in actions if each in {"/JavaScript", "/Launch", "/SubmitForm"}}
    kinds = {str(each.get("/Subtype")) for each in objects if _is_annotation(each)}
    found.allow(kinds, {"/Link"}, "annotation")
    return found


def _is_annotation(each: Any) -> bool:
    return isinstance(each, dict) and each.get("/Type") == "/Annot"


def _strings(each: Any) -> Iterator[str]:
    """Of one object, not of those that it points to: they are objects themselves."""
    if isinstance(each, IndirectObject):
        return
    if isinstance(each, dict):
        for key, value in each.items():
            yield str(key)
            yield from _strings(value)
        if isinstance(each, StreamObject) and "/Length1" not in each:
            data = each.get_data()
            yield from (data.decode("latin-1"), data.decode("utf-16-be", errors="ignore"))
    elif isinstance(each, list):
        for value in each:
            yield from _strings(value)
    else:
        yield str(each)


class _Page(HTMLParser):
    def __init__(self, found: Opened) -> None:
        super().__init__(convert_charrefs=True)
        self.found = found
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.allow([tag], ELEMENTS, "element")
        self.found.strange |= {f"{tag} with {name}" for name, _ in attrs if name.startswith("on")}
        self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self.inside:
            self.found.read.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.strange.add(f"comment {data}")


def _html(content: bytes) -> Opened:
    found = Opened()
    found.texts.append(content.decode())
    _Page(found).feed(content.decode())
    return found
