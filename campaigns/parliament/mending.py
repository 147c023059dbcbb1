"""Mends what happened to Parliament's words on their way: HTML in them, and mojibake."""

import html
import re

import ftfy

TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
BREAK = re.compile(r"<(?:br|/p|/div|/li)\b[^<>]{0,200}>", re.IGNORECASE)
# What neither PostgreSQL nor a reader has a use for; a surrogate is half a character.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def mended_line(text: str) -> str:
    """One line, its inner spaces as they were printed."""
    text = UNPRINTABLE.sub("", text)
    if not text.isascii():
        text = ftfy.fix_encoding(text)
    if "<" in text:
        text = TAG.sub("", BREAK.sub(" ", text))
    if "&" in text:
        text = UNPRINTABLE.sub("", html.unescape(text))
    return text.strip()


def mended(text: str) -> str:
    """A value: every run of spaces is one."""
    return " ".join(mended_line(text).split())
