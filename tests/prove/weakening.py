"""A rule's own text with one part of it made harmless: of a function, a CHECK or a view."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Weaker:
    text: str
    what: str
    rules: tuple[str, ...] = ()
    is_part: bool = False


RAISE = re.compile(r"RAISE EXCEPTION .*?CONSTRAINT = '(\w+)';", re.DOTALL)
CALL = re.compile(r"\bPERFORM (?!FROM\b)([^;]*);")
CONDITION = re.compile(r"\b(?:IF|WHERE)\b")
ENDS = re.compile(r"\b(?:THEN|FOR|ORDER|GROUP|ON|RETURNING|LIMIT|LOOP)\b|;")


def weakened_function(source: str) -> Iterator[Weaker]:
    """Without one of its rules, one of its calls, or one condition of either."""
    for found in RAISE.finditer(source):
        yield Weaker(_cut(source, *found.span(), "NULL;"), f"no {found[1]}", (found[1],))
    for found in CALL.finditer(source):
        words = " ".join(found[1].split())[:60]
        yield Weaker(_cut(source, *found.span(), "NULL;"), f"no {words}")
    for found in CONDITION.finditer(source):
        end = _end(source, found.end())
        rule = RAISE.search(source, end)
        near = rule and not re.search(r"\bIF\b|\bEND\b", source[end : rule.start()])
        for begin, stop, joined in _all_operands(source, found.end(), end):
            if (found[0], joined) == ("IF", "AND"):
                continue  # made true, it would refuse more rather than less
            neutral = "false" if joined == "OR" else "true"
            words = " ".join(source[begin:stop].split())[:70]
            yield Weaker(
                _cut(source, begin, stop, f" {neutral} "),
                f"“{words}” is {neutral}",
                (rule[1],) if rule and near else (),
                is_part=True,
            )


def _all_operands(text: str, begin: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Those that stand there, and those within their own brackets."""
    yield from _operands(text, begin, end)
    for opened in re.finditer(r"\((?!\s*SELECT)", text[begin:end]):
        inner = begin + opened.end()
        yield from _operands(text, inner, _end(text, inner))


def weakened(text: str) -> Iterator[Weaker]:
    """A CHECK or a view: one part of each AND made true, or a view's only condition."""
    seen = set()
    for opened in re.finditer(r"\(|\bWHERE\b", text):
        end = _end(text, opened.end())
        parts = list(_operands(text, opened.end(), end))
        if opened[0] == "WHERE":
            parts.append((opened.end(), end, "AND"))
        for begin, stop, joined in parts:
            words = " ".join(text[begin:stop].split())
            if joined == "AND" and (begin, stop) not in seen:
                seen.add((begin, stop))
                yield Weaker(_cut(text, begin, stop, " true "), f"“{words[:70]}” is true")


def _cut(text: str, begin: int, end: int, put: str) -> str:
    return text[:begin] + put + text[end:]


def _end(text: str, begin: int) -> int:
    """Where the condition that begins there ends: at its closing bracket or the next clause."""
    depth = 0
    for place, quoted in unquoted(text, begin):
        if quoted:
            continue
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth < 0 or (depth == 0 and _word_at(ENDS, text, place)):
            return place
    return len(text)


def _operands(text: str, begin: int, end: int) -> Iterator[tuple[int, int, str]]:
    """The parts that AND or OR join outside of inner brackets; OR binds less."""
    depth, marks, between = 0, [], False
    for place, quoted in unquoted(text, begin, end):
        if quoted:
            continue
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        word = depth == 0 and _word_at(re.compile(r"\b(?:AND|OR|BETWEEN)\b"), text, place)
        if word and word[0] == "BETWEEN":
            between = True
        elif word and word[0] == "AND" and between:
            between = False
        elif word:
            marks.append((place, word.end(), word[0]))
    joined = "OR" if any(word == "OR" for *_, word in marks) else "AND"
    marks = [mark for mark in marks if mark[2] == joined]
    if marks:
        starts = [begin, *(stop for _, stop, _ in marks)]
        stops = [*(start for start, _, _ in marks), end]
        yield from ((start, stop, joined) for start, stop in zip(starts, stops, strict=True))


def _word_at(pattern: re.Pattern[str], text: str, place: int) -> re.Match[str] | None:
    """A whole word there, rather than the end of a longer one."""
    found = pattern.match(text, place)
    return (
        found if place == 0 or not (text[place - 1].isalnum() and text[place].isalnum()) else None
    )


def unquoted(text: str, begin: int, end: int | None = None) -> Iterator[tuple[int, bool]]:
    quoted = commented = False
    for place in range(begin, len(text) if end is None else end):
        if commented:
            commented = text[place] != "\n"
            yield place, True
            continue
        if text[place] == "'":
            quoted = not quoted
            yield place, True
            continue
        if not quoted and text.startswith("--", place):
            commented = True
        yield place, quoted or commented
