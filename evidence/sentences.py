"""Names put together into sentences."""

from collections.abc import Sequence


def joined(names: Sequence[str]) -> str:
    """As a sentence lists them: "A", "A and B", "A, B and C"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
