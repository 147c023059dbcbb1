"""BibTeX and BibLaTeX, the formats of LaTeX, with its special characters written and read."""

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date

from bibtexparser.entrypoint import parse_string, write_string
from bibtexparser.library import Library
from bibtexparser.middlewares.names import InvalidNameError, split_multiple_persons_names
from bibtexparser.model import DuplicateBlockKeyBlock, Field, ParsingFailedBlock
from bibtexparser.model import Entry as Block

from evidence.bibliography.dates import UNDATED, PrintedDate, read_date
from evidence.bibliography.entries import (
    Entry,
    UnreadableEntry,
    checked,
    first_of,
    plain,
    split_licence,
)
from evidence.bibliography.latex import to_latex, to_text, verbatim
from evidence.bibliography.names import printed_name, split_name

# It would log what it cannot read, and with it what stands in the file.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

type Raw = Block | ParsingFailedBlock

TYPES = {
    "article": "article-newspaper", "techreport": "report", "report": "report",
    "online": "webpage", "www": "webpage", "electronic": "webpage", "dataset": "dataset",
    "data": "dataset", "legislation": "legislation", "legal": "legislation", "book": "book",
    "booklet": "pamphlet", "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis",
    "letter": "personal_communication", "inproceedings": "paper-conference",
    "incollection": "chapter", "inbook": "chapter", "jurisdiction": "legal_case",
}  # fmt: skip
# Types that every style knows; BibLaTeX's own stand beside them as `entrysubtype`.
NAMES = {"article-newspaper": "article", "article-journal": "article", "report": "techreport"}
PUBLISHERS = ("journal", "journaltitle", "institution", "publisher", "organization", "howpublished")
# An article in one of these has a volume, or a number, or a DOI: a newspaper's has none.
OF_JOURNALS = ("volume", "number", "doi", "issn")

_ADDRESS = re.compile(r"\\url\s*\{([^{}]*)\}")
_FIRST_ITEM = re.compile(r"^\s*@\s*[A-Za-z]+\s*[{(]", re.MULTILINE)


def looks_like(text: str) -> bool:
    return bool(_FIRST_ITEM.search(text))


def split(text: str) -> Iterator[tuple[int, Raw]]:
    library = parse_string(text)
    found: list[Raw] = [*library.entries, *library.failed_blocks]
    for block in sorted(found, key=_line):
        yield _line(block), _read_again(block, library) if _is_twin(block) else block


def entry(raw: Raw, line: int) -> Entry:
    if not isinstance(raw, Block):
        raise UnreadableEntry(
            "is not complete BibTeX: check its braces, commas and quotation marks"
        )
    kind = raw.entry_type.lower()
    values = {field.key.lower(): str(field.value) for field in raw.fields}
    texts = {name: plain(to_text(value)) for name, value in values.items()}
    texts |= {name: plain(verbatim(values.get(name, ""))) for name in ("url", "doi")}
    if not texts["url"] and (address := _ADDRESS.search(values.get("howpublished", ""))):
        texts |= {"url": plain(verbatim(address[1])), "howpublished": ""}
    licence, note = split_licence(texts.get("note", ""))
    return checked(
        Entry(
            type=_type(kind, texts),
            title=texts.get("title", ""),
            genre=texts.get("type", ""),
            authors=tuple(_names(values.get("author", ""))),
            publisher=first_of(texts.get(name) for name in PUBLISHERS),
            url=texts["url"],
            doi=texts["doi"],
            issued=_issued(texts),
            accessed=_day(texts.get("urldate", "")),
            language=first_of([texts.get("language"), texts.get("langid")]),
            licence=first_of([texts.get("copyright"), texts.get("rights"), licence]),
            note=note,
            id=plain(raw.key),
            line=line,
        )
    )


def render(entries: Iterable[Entry]) -> str:
    library = Library()
    for each in entries:
        fields = [Field(name, f"{{{value}}}") for name, value in _fields(each) if value]
        library.add(Block(NAMES.get(each.type, "misc"), each.id, fields))
    return write_string(library, unparse_stack=[])


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    name = NAMES.get(entry.type, "misc")
    place = {"article": "journal", "techreport": "institution"}.get(name, "publisher")
    yield "author", " and ".join(_sorted(each) for each in entry.authors)
    # The second pair of braces keeps capitals.
    yield "title", f"{{{to_latex(entry.title)}}}"
    yield place, to_latex(entry.publisher)
    yield "entrysubtype", entry.type if entry.type not in ("report", "article-journal") else ""
    yield "type", to_latex(entry.genre)
    yield "date", "-".join(f"{part:02}" for part in entry.issued.parts)
    yield "year", str(entry.issued.parts[0]) if entry.issued.parts else to_latex(entry.issued.label)
    yield "url", verbatim(entry.url)
    yield "urldate", entry.accessed.isoformat() if entry.accessed else ""
    yield "doi", verbatim(entry.doi)
    yield "language", to_latex(entry.language)
    yield "copyright", to_latex(entry.licence)
    yield "note", to_latex(entry.note)


def _type(kind: str, texts: dict[str, str]) -> str:
    subtype = texts.get("entrysubtype", "")
    if kind in ("article", "misc") and subtype:
        return {"newspaper": "article-newspaper", "magazine": "article-magazine"}.get(
            subtype, subtype
        )
    if kind == "article" and any(texts.get(name) for name in OF_JOURNALS):
        return "article-journal"
    if kind == "misc" and texts.get("url"):
        return "webpage"
    return TYPES.get(kind, "document")


def _names(value: str) -> Iterator[str]:
    with suppress(InvalidNameError):
        for name in split_multiple_persons_names(" ".join(value.split())):
            whole = name.startswith("{") and name.endswith("}")
            printed = plain(to_text(name))
            yield printed if whole else printed_name(printed)


def _sorted(name: str) -> str:
    given, family = split_name(name) or ("", "")
    return f"{to_latex(family)}, {to_latex(given)}" if family else f"{{{to_latex(name)}}}"


def _issued(texts: dict[str, str]) -> PrintedDate:
    day, month, year = (texts.get(name, "") for name in ("day", "month", "year"))
    parted = f"{month.zfill(2)}" if month.isdecimal() else month
    printed = " ".join(filter(None, [day, parted, year]))
    if month.isdecimal():
        printed = "-".join(filter(None, [year, parted, day.zfill(2) if day else ""]))
    read = [read_date(words) for words in (texts.get("date", ""), printed) if words]
    return max(read, key=lambda each: len(each.parts), default=UNDATED)


def _day(text: str) -> date | None:
    return read_date(text).on


def _is_twin(block: Raw) -> bool:
    return isinstance(block, DuplicateBlockKeyBlock)


def _read_again(twin: Raw, library: Library) -> Raw:
    """An item under a name that an earlier one has: an item all the same, which was left unread."""
    alone = parse_string(twin.raw or "", library=Library([*library.strings]))
    return alone.entries[0] if alone.entries else twin


def _line(block: Raw) -> int:
    return (block.start_line or 0) + 1
