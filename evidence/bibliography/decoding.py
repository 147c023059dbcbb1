"""Bytes to text: UTF-8, UTF-16 with its mark, or Windows-1252 where nothing speaks against it."""

import codecs
import re

from evidence.refusing import Refused

LARGEST = 10 * 1024 * 1024

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Letters and punctuation that an English text in Windows-1252 has; two outside ASCII in a row, or
# signs such as "Ð¯", are another encoding read as this one.
_WESTERN = re.compile(r"(?:[\x00-\x7f]|[À-ÖØ-öø-ÿ£€©®°·•–—‘’“”…](?![À-ÿ]))*")


def decode(data: bytes) -> str:
    """The text, with plain newlines; Refused if it is too large or in no encoding that we know."""
    if len(data) > LARGEST:
        raise Refused(f"The file is larger than {LARGEST // 2**20} MB: export fewer items at once.")
    text = _decode(data).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Refused("The file is empty.")
    return text


def _decode(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    refusal = Refused(f"Line {line} is not in UTF-8: export the file again in UTF-8.")
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise refusal from None
    if encoding != "utf-8" or not _WESTERN.fullmatch(text):
        raise refusal
    return text
