"""One item of a bibliography, the same whichever file format it came in or goes out by."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from evidence.bibliography.dates import UNDATED, PrintedDate

WEB_SCHEMES = ("http://", "https://")
LICENCE = re.compile(r"Licence:(?P<licence>[^\n]*)(?:\n|$)")

# UTF-8 that was read as Windows-1252, or bytes that were lost on the way.
_GARBLED = re.compile(r"â€|Ã[\u0080-\u00bf©¨ª«¢]|Â[£©®°\u00a0]|\ufffd")
_MARKUP = re.compile(r"</?(?:i|b|em|strong|sub|sup|sc|span|p|br|div)(?: [^<>]*)?/?>", re.IGNORECASE)


class Format(StrEnum):
    CSL_JSON = "csl-json"
    RIS = "ris"
    BIBTEX = "bibtex"


class UnreadableEntry(Exception):
    """What is wrong with one entry, to follow its name in a sentence: "has no title"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item.

    `type` is a CSL type and `genre` what sort of that it is, in words ("Hansard"). `authors` are
    names as they are printed, given name first. `id` is what the file calls it; `line` is where it
    stands there.
    """

    type: str
    title: str
    genre: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    url: str = ""
    doi: str = ""
    issued: PrintedDate = UNDATED
    accessed: date | None = None
    language: str = ""
    licence: str = ""
    note: str = ""
    id: str = ""
    line: int = field(default=0, compare=False)

    @property
    def note_with_licence(self) -> str:
        """The note, with the licence as its first line: most formats have no field for that."""
        if not self.licence and not LICENCE.match(self.note):
            return self.note
        return f"Licence: {self.licence}\n{self.note}".rstrip("\n")


def checked(entry: Entry) -> Entry:
    """The entry, unless it cannot be a source of ours."""
    if not entry.title:
        raise UnreadableEntry("has no title")
    for words in (entry.title, entry.publisher, entry.note, *entry.authors):
        if garbled := _GARBLED.search(words):
            place = words[max(0, garbled.start() - 15) : garbled.end() + 15]
            raise UnreadableEntry(f"is garbled at “{place}”: export it again in UTF-8")
    if entry.url and not entry.url.lower().startswith(WEB_SCHEMES):
        raise UnreadableEntry(f"has “{entry.url[:60]}” for a web address: it has to begin https://")
    return entry


def plain(text: object, *, keep_lines: bool = False) -> str:
    """The words alone: no control characters, no halves of characters, no markup, single spaces."""
    words = _MARKUP.sub("", str(text)) if isinstance(text, str | int | float) else ""
    if keep_lines:
        lines = (plain(line) for line in words.splitlines())
        return "\n".join(lines).strip("\n")
    spaced = "".join(" " if unicodedata.category(each)[0] == "C" else each for each in words)
    return " ".join(unicodedata.normalize("NFC", spaced).split())


def split_licence(note: str) -> tuple[str, str]:
    """The licence and the rest of a note that has it as its first line."""
    match = LICENCE.match(note)
    return (match["licence"].strip(), note[match.end() :]) if match else ("", note)


def first_of(candidates: Iterable[object], read: Callable[[object], str] = plain) -> str:
    return next((words for each in candidates if (words := read(each))), "")
