"""RIS, the format of reference managers and libraries: a tag and a value to a line."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import rispy  # type: ignore[import-untyped]  # it carries no types

from evidence.bibliography.dates import UNDATED, PrintedDate, read_date
from evidence.bibliography.entries import (
    Entry,
    UnreadableEntry,
    checked,
    first_of,
    plain,
    split_licence,
)
from evidence.bibliography.names import printed_name, split_name

TYPES = {
    "NEWS": "article-newspaper", "MGZN": "article-magazine", "JOUR": "article-journal",
    "EJOUR": "article-journal", "BLOG": "post-weblog", "ELEC": "webpage", "ICOMM": "webpage",
    "RPRT": "report", "GOVDOC": "report", "PAMP": "pamphlet", "DATA": "dataset",
    "DBASE": "dataset", "AGGR": "dataset", "STAT": "legislation", "BILL": "bill",
    "LEGAL": "regulation", "HEAR": "hearing", "CASE": "legal_case", "BOOK": "book",
    "EBOOK": "book", "CHAP": "chapter", "THES": "thesis", "PCOMM": "personal_communication",
    "CPAPER": "paper-conference", "CONF": "paper-conference", "VIDEO": "motion_picture",
}  # fmt: skip
TAGS = {kind: tag for tag, kind in reversed(TYPES.items())}
SERIALS = frozenset({"NEWS", "MGZN", "JOUR", "EJOUR", "BLOG", "ELEC", "ICOMM"})
TITLES = ("title", "primary_title")
PUBLISHERS = ("secondary_title", "journal_name", "alternate_title3", "publisher")

_START = re.compile(r"^TY  ?-", re.MULTILINE)
_END = re.compile(r"^ER  ?-", re.MULTILINE)
# Some programs leave out one of the two spaces.
_LOOSE_TAG = re.compile(r"^([A-Z][A-Z0-9]) {1,2}- ?", re.MULTILINE)
# rispy would cut an address at its semicolons.
_WHOLE_VALUES: dict[str, str] = {}


def looks_like(text: str) -> bool:
    return bool(_START.search(text))


def split(text: str) -> Iterator[tuple[int, str]]:
    """Each record, from its TY to before the next, and the line it begins on."""
    starts = [match.start() for match in _START.finditer(text)]
    line, counted = 1, 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line, counted = line + text.count("\n", counted, start), start
        yield line, text[start:end]


def entry(raw: str, line: int) -> Entry:
    if not _END.search(raw):
        raise UnreadableEntry("does not end with ER")
    [record] = rispy.loads(
        _LOOSE_TAG.sub(r"\1  - ", raw), skip_unknown_tags=True, delimiter_tags_mapping=_WHOLE_VALUES
    )
    tag = record["type_of_reference"].strip()
    sorted_names = [*record.get("authors", ()), *record.get("first_authors", ())]
    names = PUBLISHERS if tag in SERIALS else tuple(reversed(PUBLISHERS))
    licence, note = split_licence(plain("\n".join(record.get("notes", ())), keep_lines=True))
    return checked(
        Entry(
            type=TYPES.get(tag, "document"),
            title=first_of(record.get(name) for name in TITLES),
            genre=plain(record.get("type_of_work")),
            authors=tuple(printed_name(plain(name)) for name in sorted_names if plain(name)),
            publisher=first_of(record.get(name) for name in names),
            url=first_of(record.get("urls", ())),
            doi=plain(record.get("doi")),
            issued=_issued(record),
            accessed=read_date(plain(record.get("access_date"))).on,
            language=plain(record.get("language")),
            licence=licence,
            note=note,
            id=plain(record.get("id")),
            line=line,
        )
    )


def render(entries: Iterable[Entry]) -> str:
    return "\n".join(
        "".join(f"{tag}  - {value}\n" for tag, value in _lines(each)) for each in entries
    )


def _lines(entry: Entry) -> Iterator[tuple[str, str]]:
    tag = TAGS.get(entry.type, "GEN")
    fields = [
        ("ID", entry.id),
        ("TI", entry.title),
        *(("AU", _sorted(name)) for name in entry.authors),
        ("T2" if tag in SERIALS else "PB", entry.publisher),
        ("PY", str(entry.issued.parts[0]) if entry.issued.parts else ""),
        ("DA", _written(entry.issued)),
        ("Y2", _written(PrintedDate(on=entry.accessed))),
        ("M3", entry.genre),
        ("UR", entry.url),
        ("DO", entry.doi),
        ("LA", entry.language),
        *(("N1", line) for line in entry.note_with_licence.splitlines()),
    ]
    yield "TY", tag
    # A value never holds a line's end, so that it cannot begin a tag of its own.
    yield from ((name, plain(value)) for name, value in fields if value)
    yield "ER", ""


def _sorted(name: str) -> str:
    given, family = split_name(name) or ("", "")
    return f"{family}, {given}" if family else f"{name},"


def _issued(record: dict[str, Any]) -> PrintedDate:
    dates = [record.get(name) for name in ("date", "year", "publication_year")]
    read = [read_date(words) for each in dates if (words := plain(each))]
    return max(read, key=lambda each: len(each.parts), default=UNDATED)


def _written(printed: PrintedDate) -> str:
    if not printed.parts:
        return printed.label
    year, month, day = (*(f"{part:02}" for part in printed.parts), "", "")[:3]
    return f"{year}/{month}/{day}/"
