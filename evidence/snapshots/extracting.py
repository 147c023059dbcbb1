"""The words of a file or page, taken out away from the process that serves the desk."""

from dataclasses import dataclass

from evidence.refusing import Refused
from evidence.snapshots import sandbox
from evidence.snapshots.decoding import cleaned
from evidence.snapshots.sandbox import Limits

__all__ = ["Extracted", "Limits", "extract"]

LARGEST = 20_000_000  # bytes, as uploaded or fetched


@dataclass(frozen=True)
class Extracted:
    """`guessed` is true where nothing said which encoding the words are in: look at them."""

    text: str
    kind: str  # pdf, docx, html or text, told by the content
    encoding: str
    guessed: bool


def extract(data: bytes, *, encoding: str = "", limits: Limits | None = None) -> Extracted:
    """Raises Refused, with a sentence for the officer, unless the bytes are words of a known kind.

    `encoding` is what the site declared; a file may also declare its own.
    """
    if len(data) > LARGEST:
        megabytes = LARGEST // 1_000_000
        raise Refused(f"This file is larger than {megabytes} MB: upload the part you need.")
    answer = sandbox.run("evidence.snapshots.reading", data, encoding, limits or Limits())
    try:
        return Extracted(
            text=cleaned(str(answer["text"])),  # again, since a parser's word is not trusted
            kind=str(answer["kind"]),
            encoding=str(answer["encoding"]),
            guessed=bool(answer["guessed"]),
        )
    except KeyError:
        raise Refused(sandbox.TOO_HARD) from None
