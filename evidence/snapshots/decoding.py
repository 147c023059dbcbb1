"""Bytes to words: which encoding they are in, and whether it can be the right one."""

import codecs
import re

from charset_normalizer import from_bytes

from evidence.refusing import Refused
from evidence.snapshots.words import Words

# What is read undeclared, likeliest first; each is loaded before a file is looked at, since the
# process that reads it can open nothing any more.
GUESSABLE = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257"]
DECLARABLE = {
    codecs.lookup(name).name
    for name in [
        *GUESSABLE,
        *["ascii", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"],
        *["cp1255", "cp1256", "cp1258", "koi8-r", "koi8-u"],
        *["big5", "euc-jp", "euc-kr", "gbk", "gb18030", "shift-jis"],
        *[f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)],
    ]
}
MARKS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
# Browsers read both as Windows-1252, which adds the curly quotation marks, and so do authors.
WESTERN = {"ascii", "iso8859-1"}
UNREADABLE = "The text is in an encoding that cannot be told: save it as UTF-8, or paste it."

# UTF-8 that somebody read as Windows-1252: a pound sign becomes two letters, a quote three.
MANGLED = re.compile("[ÂÃ][\u00a0-\u00bf\u0152-\u0161\u2018-\u203a€™]|â(?:€.|‚¬)")


def decoded(data: bytes, declared: str = "") -> Words:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    if declared:
        return _strictly(data, _known(declared))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data)
    return _guessed(data) if "\0" in text else Words(text, "utf-8")


def refuse_mangled(text: str) -> None:
    """Tells text that went through a wrong encoding before it came here."""
    if "\ufffd" in text:
        raise Refused("Some letters are lost in this text (�): copy it from the source again.")
    found = MANGLED.search(text)
    if found:
        raise Refused(
            f"This text went through a wrong encoding (it says “{found.group()}”): "
            "copy it from the source again, or save the file as UTF-8."
        )


def _known(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError, OSError):  # the last where it would have to be loaded
        name = ""
    if name not in DECLARABLE:
        raise Refused(
            f"The text says that its encoding is {declared[:30]}, which Attest does not know: "
            "save it as UTF-8, or paste it."
        )
    return "cp1252" if name in WESTERN else name


def _strictly(data: bytes, encoding: str) -> Words:
    try:
        return Words(data.decode(encoding), encoding)
    except UnicodeError:
        raise Refused(
            f"The text says that it is in {encoding.upper()} but is not: "
            "save it as UTF-8, or paste it."
        ) from None


def _guessed(data: bytes) -> Words:
    encoding = _likeliest(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Refused(UNREADABLE) from None
    if "\0" in text:
        raise Refused(UNREADABLE)
    return Words(text, encoding, guessed=True)


def _likeliest(data: bytes) -> str:
    """Western wherever the letters are mostly ours: elsewhere the pound sign is another letter."""
    if b"\0" in data:  # the empty halves of ASCII letters: they tell which half comes first
        return "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"
    best = from_bytes(data, cp_isolation=GUESSABLE).best()
    if best is None:
        raise Refused(UNREADABLE)
    few = sum(byte > 127 for byte in data) <= max(10, len(data) // 10)
    western = few or "cp1252" in {best.encoding, *best.could_be_from_charset}
    return "cp1252" if western else best.encoding
