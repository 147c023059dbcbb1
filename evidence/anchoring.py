"""Finds the place of an excerpt's words in a snapshot, so that nobody counts characters."""

import re

from evidence.refusing import Refused

CONTEXT = 32  # characters kept on either side, by which the words are found again


def find(exact: str, text: str, *, prefix: str = "", suffix: str = "") -> int:
    """Where the words begin; raises Refused unless they stand there exactly once.

    `prefix` and `suffix` are the words around them, which tell one of several places; the space
    between need not be given.
    """
    places = [found.start() for found in re.finditer(f"(?={re.escape(exact)})", text)] or [-1]
    here = [
        place
        for place in places
        if text[:place].rstrip().endswith(prefix.strip())
        and text[place + len(exact) :].lstrip().startswith(suffix.strip())
    ]
    if not exact or places == [-1] or not here:
        raise Refused("The snapshot does not say these words: copy them exactly as they stand.")
    if len(here) > 1:
        raise Refused(
            "The snapshot says these words more than once: add the words just before or after."
        )
    return here[0]


def around(start: int, end: int, text: str) -> tuple[str, str]:
    """The context on either side of a place."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
