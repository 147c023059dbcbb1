"""The words of a file or page, taken out away from the process that serves the desk."""

from dataclasses import dataclass

from evidence.refusing import Refused
from evidence.snapshots import sandbox
from evidence.snapshots.kinds import Kind, kind_of
from evidence.snapshots.sandbox import Limits
from evidence.snapshots.words import cleaned

__all__ = ["Extracted", "Limits", "extract"]

LARGEST = 20_000_000  # bytes, as uploaded or fetched


@dataclass(frozen=True)
class Extracted:
    """`guessed` is true where nothing said which encoding the words are in: look at them."""

    text: str
    kind: Kind
    encoding: str = ""
    guessed: bool = False


def extract(data: bytes, *, encoding: str = "", limits: Limits | None = None) -> Extracted:
    """Raises Refused, with a sentence for the officer, unless the bytes are words of a known kind.

    `encoding` is what the site declared; a file may also declare its own.
    """
    if len(data) > LARGEST:
        megabytes = LARGEST // 1_000_000
        raise Refused(f"This file is larger than {megabytes} MB: upload the part you need.")
    kind = kind_of(data)
    words = sandbox.run(f"evidence.snapshots.readers.{kind}", data, encoding, limits or Limits())
    return Extracted(cleaned(words.text), kind, words.encoding, words.guessed)
