"""The words of a Word document: body and notes, as they would be printed."""

import codecs
import io
import zipfile
from collections.abc import Iterator

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from evidence.refusing import Refused
from evidence.snapshots import sandbox
from evidence.snapshots.words import Words

MOST_ENTRIES = 2_000
MOST_UNPACKED = 50_000_000  # bytes, all entries together
ENTRY = b"PK\x01\x02"  # stands before each entry in the table of contents
codecs.lookup("cp437")  # the names of older archives; not loadable under the sandbox's lock
BODY = "word/document.xml"
PARTS = [BODY, "word/footnotes.xml", "word/endnotes.xml"]

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PRINTS = {f"{WORD}tab": "\t", f"{WORD}br": "\n", f"{WORD}cr": "\n", f"{WORD}noBreakHyphen": "-"}
PRINTS[f"{WORD}p"] = "\n"
# Words that were deleted or moved away, and the second copy of a text box, for older programs.
UNPRINTED = {
    f"{WORD}del",
    f"{WORD}moveFrom",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


def read(data: bytes, _: str) -> Words:
    with opened(data) as archive:
        present = [part for part in PARTS if part in archive.NameToInfo]
        try:
            text = "\n".join("".join(_words(archive, part)) for part in present)
        except DefusedXmlException:
            raise Refused(
                "This Word file holds what no Word program writes: paste its text."
            ) from None
    if not text.strip():
        raise Refused("This Word document holds no text: choose another, or paste the words.")
    return Words(text)


def opened(data: bytes) -> zipfile.ZipFile:
    # Counted before the library builds an object for each of a million.
    if data.count(ENTRY) > MOST_ENTRIES:
        raise Refused("This file is packed from too many parts: paste its text instead.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Refused("This Word file is broken: save it anew, or paste its text.") from None
    if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
        raise Refused("This file is too large when unpacked: paste its text instead.")
    if BODY not in archive.NameToInfo:
        raise Refused("This is a packed file but no Word document: upload a PDF, DOCX or text.")
    return archive


def _words(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    """Entities are refused by the parser; nothing that the document points to is looked up."""
    unprinted = 0
    with archive.open(part) as packed:
        for event, element in iterparse(packed, events=("start", "end"), forbid_dtd=True):
            step = 1 if event == "start" else -1
            if element.tag in UNPRINTED:
                unprinted += step
            elif event == "end" and not unprinted:
                yield (element.text or "") if element.tag == f"{WORD}t" else ""
                yield PRINTS.get(element.tag, "")
            if event == "end":
                element.clear()


if __name__ == "__main__":
    sandbox.serve(read)
