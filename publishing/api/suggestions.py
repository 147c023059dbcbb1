"""For a search that found nothing: the same words, mended by those that are published.

They come from `feed.words`, in which no word of a testimony stands.
"""

import re

from django.db import connections

_WORD = re.compile(r"[^\W\d_]{4,40}")
# What is left of a mistyped word without one letter is also left of the word that was meant.
_NEAR = """
SELECT word, items FROM feed.words WHERE cuts && %(cuts)s
ORDER BY items DESC, word LIMIT 200
"""
# Another form of the same word finds the same nothing.
_DIFFER = """
SELECT websearch_to_tsquery('english', %s)::text <> websearch_to_tsquery('english', %s)::text
"""


def did_you_mean(words: str) -> str | None:
    mended = _WORD.sub(lambda found: _mended(found[0]), words)
    if mended == words:
        return None
    with connections["feed"].cursor() as cursor:
        cursor.execute(_DIFFER, [words, mended])
        differ: bool = cursor.fetchone()[0]
    return mended if differ else None


def _mended(word: str) -> str:
    """The word itself where it is known or nothing is near it; else the nearest, then commonest."""
    asked = word.lower()
    with connections["feed"].cursor() as cursor:
        cursor.execute(_NEAR, {"cuts": _cuts(asked)})
        near: list[tuple[str, int]] = cursor.fetchall()
    if not near or asked in {each for each, _ in near}:
        return word
    return min(near, key=lambda found: (distance(asked, found[0]), -found[1], found[0]))[0]


def _cuts(word: str) -> list[str]:
    return [word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]


def distance(one: str, other: str) -> int:
    """How many slips lie between two words: a letter missing, too much, wrong, or two swapped."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        older, before = before, row
        row = [i]
        for j, b in enumerate(other, start=1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
