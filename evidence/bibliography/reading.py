"""Reading a bibliography: what it holds, and in sentences what of it cannot be read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from evidence.bibliography import bibtex, csl, ris
from evidence.bibliography.dates import NoSuchDate
from evidence.bibliography.decoding import decode
from evidence.bibliography.entries import Entry, Format, UnreadableEntry
from evidence.refusing import Refused

MOST = 5000  # entries at once: nobody looks through a longer preview


@dataclass(frozen=True, slots=True)
class Reading:
    """The entries that can be read, and a sentence for each that cannot."""

    entries: tuple[Entry, ...]
    unreadable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    looks_like: Callable[[str], bool]
    split: Callable[[str], Iterable[tuple[int, Any]]]
    entry: Callable[[Any, int], Entry]


READERS = {
    Format.CSL_JSON: _Reader(csl.looks_like, csl.split, csl.entry),
    Format.RIS: _Reader(ris.looks_like, ris.split, ris.entry),
    Format.BIBTEX: _Reader(bibtex.looks_like, bibtex.split, bibtex.entry),
}


def read(data: bytes, format: Format | str | None = None) -> list[Entry]:
    """Every entry; Refused, naming the entry and its line, if one of them cannot be read."""
    reading = look_through(data, format)
    if reading.unreadable:
        raise Refused(reading.unreadable[0])
    return list(reading.entries)


def look_through(data: bytes, format: Format | str | None = None) -> Reading:
    """What can be read and what cannot; Refused if the file as a whole is none of its format."""
    text = decode(data)
    reader = READERS[Format(format) if format else told_format(text)]
    found = list(_each(reader, text))
    if not found:
        raise Refused("There is no entry in the file: is its format the right one?")
    return Reading(
        entries=tuple(each for each in found if isinstance(each, Entry)),
        unreadable=tuple(each for each in found if isinstance(each, str)),
    )


def told_format(text: str) -> Format:
    """The format by what the file looks like."""
    for format, reader in READERS.items():
        if reader.looks_like(text):
            return format
    raise Refused("The file looks like none of CSL-JSON, RIS and BibTeX: export it as one of them.")


def _each(reader: _Reader, text: str) -> Iterator[Entry | str]:
    for number, (line, raw) in enumerate(reader.split(text), 1):
        if number > MOST:
            raise Refused(f"The file holds more than {MOST:,} entries: export fewer at once.")
        place = f"Entry {number} (line {line})"
        try:
            yield reader.entry(raw, line)
        except UnreadableEntry as error:
            yield f"{place} {error}."
        except NoSuchDate as error:
            yield f"{place} is dated {error}, which is no date."
        except RecursionError:
            yield f"{place} is nested too deeply to be read."
