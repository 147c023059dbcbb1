"""CSL-JSON, the format of citeproc, Zotero and Pandoc: one list of items."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from evidence.bibliography.dates import UNDATED, PrintedDate, from_parts, read_date
from evidence.bibliography.entries import (
    Entry,
    UnreadableEntry,
    checked,
    first_of,
    plain,
    split_licence,
)
from evidence.bibliography.names import split_name
from evidence.refusing import Refused

Raw = Any  # what JSON holds, until it is checked

PUBLISHERS = ("container-title", "publisher", "authority")
SERIALS = frozenset({"article-newspaper", "article-magazine", "post-weblog", "webpage"})
NAME_PARTS = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")

_DECODER = json.JSONDecoder()
_SPACE = " \t\n"


def looks_like(text: str) -> bool:
    return text.lstrip()[:1] in ("[", "{")


def split(text: str) -> Iterator[tuple[int, Raw]]:
    """Each item and the line it begins on; one item may also stand without a list."""
    at, line, counted = _skip(text, 0, _SPACE), 1, 0
    listed = text[at : at + 1] == "["
    at = _skip(text, at + 1, _SPACE) if listed else at
    while text[at : at + 1] not in ("", "]"):
        line, counted = line + text.count("\n", counted, at), at
        try:
            item, at = _DECODER.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise Refused(f"Line {error.lineno} is not JSON: {error.msg}.") from None
        except (RecursionError, ValueError):
            raise Refused(f"The item on line {line} is not one of a bibliography.") from None
        yield line, item
        at = _skip(text, at, _SPACE)
        if text[at : at + 1] not in (",", "]", ""):
            raise Refused(f"Line {1 + text.count('\n', 0, at)} is not JSON: a comma is missing.")
        at = _skip(text, at, _SPACE + ",")
    if listed and text[at : at + 1] != "]":
        raise Refused("The file ends before its list does: export it again.")


def entry(raw: Raw, line: int) -> Entry:
    if not isinstance(raw, dict):
        raise UnreadableEntry("is not an item with named fields")
    kind = plain(raw.get("type")) or "document"
    names = PUBLISHERS if kind in SERIALS else tuple(reversed(PUBLISHERS))
    licence, note = split_licence(plain(raw.get("note"), keep_lines=True))
    return checked(
        Entry(
            type=kind,
            title=plain(raw.get("title")),
            genre=plain(raw.get("genre")),
            authors=tuple(filter(None, map(_name, _listed(raw, "author")))),
            publisher=first_of(raw.get(name) for name in names),
            url=plain(raw.get("URL")),
            doi=plain(raw.get("DOI")),
            issued=_date(raw, "issued"),
            accessed=_date(raw, "accessed").on,
            language=plain(raw.get("language")),
            licence=first_of([raw.get("license"), raw.get("rights"), licence]),
            note=note,
            id=plain(raw.get("id")),
            line=line,
        )
    )


def render(entries: Iterable[Entry]) -> str:
    items = [_item(each) for each in entries]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def _item(entry: Entry) -> dict[str, Raw]:
    fields = {
        "id": entry.id,
        "type": entry.type,
        "title": entry.title,
        "author": [_parts(name) for name in entry.authors],
        "container-title" if entry.type in SERIALS else "publisher": entry.publisher,
        "genre": entry.genre,
        "issued": _written(entry.issued),
        "accessed": _written(PrintedDate(on=entry.accessed)),
        "URL": entry.url,
        "DOI": entry.doi,
        "language": entry.language,
        "note": entry.note_with_licence,
    }
    return {name: value for name, value in fields.items() if value}


def _name(raw: Raw) -> str:
    if not isinstance(raw, dict):
        raise UnreadableEntry("has an author who is not a name with its parts")
    return plain(raw.get("literal")) or plain(" ".join(plain(raw.get(part)) for part in NAME_PARTS))


def _parts(name: str) -> dict[str, str]:
    parts = split_name(name)
    return {"family": parts[1], "given": parts[0]} if parts else {"literal": name}


def _date(raw: dict[str, Raw], field: str) -> PrintedDate:
    value = raw.get(field)
    if not value:
        return UNDATED
    if not isinstance(value, dict):
        return read_date(plain(value))
    if value.get("date-parts"):
        first, *others = (_numbers(parts, field) for parts in _listed(value, "date-parts"))
        start, *ends = (from_parts(numbers) for numbers in [first, *others] if numbers)
        if not ends or ends == [start]:
            return start
        return PrintedDate(label=" to ".join(_in_words(each) for each in [start, *ends]))
    words = first_of([value.get("literal"), value.get("raw")])
    return read_date(words) if words else UNDATED


def _numbers(parts: Raw, field: str) -> list[int]:
    try:
        return [int(part) for part in parts if part not in ("", None)]
    except (TypeError, ValueError):
        raise UnreadableEntry(f"has no date in “{field}” but {json.dumps(parts)[:40]}") from None


def _in_words(printed: PrintedDate) -> str:
    on: date | None = printed.on
    return f"{on.day} {on:%B %Y}" if on else printed.label


def _written(printed: PrintedDate) -> dict[str, Raw]:
    if printed.parts:
        return {"date-parts": [printed.parts]}
    return {"literal": printed.label} if printed.label else {}


def _listed(raw: dict[str, Raw], field: str) -> list[Raw]:
    value = raw.get(field) or []
    if not isinstance(value, list):
        raise UnreadableEntry(f"has no list in “{field}”")
    return value


def _skip(text: str, at: int, skipped: str) -> int:
    while text[at : at + 1] and text[at] in skipped:
        at += 1
    return at
