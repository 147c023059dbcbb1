"""Which line of one document became which of another, and which words of it changed."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

LONGEST = 6_000  # characters of a line that is still marked word by word
ALIKE = 0.35  # share of common words from which a line is taken for a changed one
WORD = re.compile(r"\w+")
PIECE = re.compile(r"\s+|\d[\d,.]*\d|\w+|[^\w\s]")

type Pair = tuple[int | None, int | None]
type Kinds = tuple[Sequence[str], Sequence[str]]
type Piece = tuple[str, bool]  # words, and whether they stand on this side alone


def aligned(
    before: Sequence[str], after: Sequence[str], *, kinds: Kinds = ((), ())
) -> Iterator[Pair]:
    """Each line of both once, in reading order: paired, taken out (None after) or added.

    Two of a kind, a heading or a quotation, pair even where no word is the same; of running text
    the kind is empty.
    """
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            yield from zip(range(start, end), range(new_start, new_end), strict=True)
        else:
            yield from _paired(before, after, range(start, end), range(new_start, new_end), kinds)


def marked(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, those that the other lacks marked; far too long ones as a whole."""
    if max(len(before), len(after)) > LONGEST:
        return [(before, True)], [(after, True)]
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
    before: Sequence[str], after: Sequence[str], old: range, new: range, kinds: Kinds
) -> Iterator[Pair]:
    """Among lines that differ, the pairing that keeps the order and has most words in common."""
    left = [(_words(before[i]), kinds[0][i] if kinds[0] else "") for i in old]
    right = [(_words(after[j]), kinds[1][j] if kinds[1] else "") for j in new]
    alike = [[_likeness(one, other) for other in right] for one in left]
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


def _likeness(before: tuple[frozenset[str], str], after: tuple[frozenset[str], str]) -> float:
    """The share of words in common, in any order: quick, for every line is held against every."""
    (old, kind), (new, other_kind) = before, after
    most = len(old) + len(new)
    share = 2 * len(old & new) / most if most else 0.0
    return max(share, ALIKE) if kind and kind == other_kind else share
