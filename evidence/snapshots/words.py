"""What a reader answers, and what every text is before it is kept."""

import re
import unicodedata
from dataclasses import dataclass

# Control characters, the marks of an encoding, halves of letters, and letters that are none.
UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
NEWLINES = re.compile("\r\n?|[\x85\u2028\u2029]")


@dataclass(frozen=True)
class Words:
    text: str
    encoding: str = ""  # empty where the file's kind settles it
    guessed: bool = False  # nothing in the file says so: the officer should look at it


def cleaned(text: str) -> str:
    """What the database can hold and people can quote: composed letters, no control characters,
    one kind of newline, and no space that nobody sees.
    """
    text = unicodedata.normalize("NFC", UNPRINTED.sub("", NEWLINES.sub("\n", text)))
    lines = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    return re.sub("\n{3,}", "\n\n", lines).strip()
