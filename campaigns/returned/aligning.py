"""Which line of one document became which of another, and which words of it changed."""

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher

ALIKE = 0.35  # share of common words from which a line is taken for a changed one
WORD = re.compile(r"\w+")
PIECE = re.compile(r"\s+|\w+|[^\w\s]")

type Pair = tuple[int | None, int | None]
type Headings = tuple[Collection[int], Collection[int]]
type Piece = tuple[str, bool]  # words, and whether they stand on this side alone


def aligned(
    before: Sequence[str], after: Sequence[str], *, headings: Headings = ((), ())
) -> Iterator[Pair]:
    """Each line of both once, in reading order: paired, taken out (None after) or added.

    `headings` are the lines of each that are one: they pair even where no word is the same.
    """
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            yield from zip(range(start, end), range(new_start, new_end), strict=True)
        else:
            yield from _paired(
                before, after, range(start, end), range(new_start, new_end), headings
            )


def marked(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, those that the other lacks marked."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, start, end, new_start, new_end in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        changed = kind != "equal"
        left.append(("".join(old[start:end]), changed))
        right.append(("".join(new[new_start:new_end]), changed))
    return [each for each in left if each[0]], [each for each in right if each[0]]


def _paired(
    before: Sequence[str], after: Sequence[str], old: range, new: range, headings: Headings
) -> Iterator[Pair]:
    """Among lines that differ, the pairing that keeps the order and has most words in common."""
    words = [_words(before[i]) for i in old], [_words(after[j]) for j in new]
    are_headings = [i in headings[0] for i in old], [j in headings[1] for j in new]
    alike = [
        [
            ALIKE if is_heading and other_is else _likeness(left, right)
            for right, other_is in zip(words[1], are_headings[1], strict=True)
        ]
        for left, is_heading in zip(words[0], are_headings[0], strict=True)
    ]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            joined = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= ALIKE else 0.0
            best[i][j] = max(joined, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and _joins(alike, best, i, j):
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif j == len(new) or (i < len(old) and best[i + 1][j] >= best[i][j + 1]):
            yield old[i], None
            i += 1
        else:
            yield None, new[j]
            j += 1


def _joins(alike: list[list[float]], best: list[list[float]], i: int, j: int) -> bool:
    return alike[i][j] >= ALIKE and best[i][j] == alike[i][j] + best[i + 1][j + 1]


def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text.casefold()))


def _likeness(before: frozenset[str], after: frozenset[str]) -> float:
    """The share of words in common, in any order: quick, for every line is held against every."""
    most = len(before) + len(after)
    return 2 * len(before & after) / most if most else 0.0
