"""Finds the place of an excerpt's words in a snapshot, so that nobody counts characters."""

from evidence.refusing import Refused

CONTEXT = 32  # characters kept on either side, by which the words are found again


def find(exact: str, text: str, *, prefix: str = "", suffix: str = "") -> int:
    """Where the words begin; raises Refused unless they stand there exactly once.

    `prefix` and `suffix` are the words around them, which tell one of several places.
    """
    wanted = prefix + exact + suffix
    first = text.find(wanted) if exact else -1
    if first < 0:
        raise Refused("The snapshot does not say these words: copy them exactly as they stand.")
    if text.find(wanted, first + 1) >= 0:
        raise Refused(
            "The snapshot says these words more than once: add the words just before or after."
        )
    return first + len(prefix)


def around(start: int, end: int, text: str) -> tuple[str, str]:
    """The context on either side of a place."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
