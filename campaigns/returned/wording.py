"""The words of a section as they are held: paragraphs, with an empty line between."""

import re

from campaigns import markdown

BETWEEN = re.compile(r"\n\s*\n")


def parts(text: str) -> list[str]:
    """The paragraphs as they were typed, line ends included."""
    return [part.strip() for part in BETWEEN.split(text) if part.strip()]


def read(paragraph: str) -> str:
    """A paragraph of Markdown as a reader reads it, on one line."""
    return plain(markdown.words(paragraph))


def is_marked(paragraph: str) -> bool:
    """Has it bold, italics, a link or a list, which words taken from a file would lose?"""
    return markdown.has_marks(paragraph)


def plain(text: str) -> str:
    """A paragraph as it is printed: on one line."""
    return " ".join(text.split())


def put_together(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraphs)
