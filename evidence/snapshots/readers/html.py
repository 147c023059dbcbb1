"""The article of a web page, without its menus and its readers' comments."""

import re

import trafilatura

from evidence.refusing import Refused
from evidence.snapshots import sandbox
from evidence.snapshots.decoding import decoded
from evidence.snapshots.words import Words

START = 2_048  # bytes in which a page says its encoding
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


def read(data: bytes, declared: str) -> Words:
    """`declared` is the encoding that the site gave, which counts more than the page's own word."""
    if not declared and (meta := CHARSET.search(data[:START])):
        declared = meta[1].decode("ascii")
    page = decoded(data, declared)
    # Fast, since its other ways to find an article open files of their own, which is locked here.
    text = trafilatura.extract(page.text, fast=True, include_comments=False)
    if not text or not text.strip():
        raise Refused("No article was found on this page: paste its text instead.")
    return Words(text, page.encoding, page.guessed)


if __name__ == "__main__":
    sandbox.serve(read)
