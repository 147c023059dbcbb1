"""Writing sources as a bibliography that reference managers read."""

from collections.abc import Callable, Iterable

from evidence.bibliography import bibtex, csl, ris
from evidence.bibliography.entries import Entry, Format
from evidence.bibliography.sources import entry_of
from evidence.models import Source

RENDERERS: dict[Format, Callable[[Iterable[Entry]], str]] = {
    Format.CSL_JSON: csl.render,
    Format.RIS: ris.render,
    Format.BIBTEX: bibtex.render,
}


def write(sources: Iterable[Source], format: Format | str) -> bytes:
    """The file's bytes, in UTF-8. Each source's publisher is read: load it with the sources."""
    return written([entry_of(source) for source in sources], format)


def written(entries: Iterable[Entry], format: Format | str) -> bytes:
    return RENDERERS[Format(format)](entries).encode()
