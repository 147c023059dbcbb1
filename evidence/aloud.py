"""A printed sentence as one says it: 2,061 is just over two thousand, 43% more than two-fifths."""

import re
from fractions import Fraction

from evidence.numbers.workings import rounded
from evidence.printed import PrintedNumber, Qualifier, Unit
from evidence.prose import Found, numbers_in
from evidence.spoken import in_words, spoken

FINANCIAL_YEAR = re.compile(r"\b(?:in )?(?:19|20)(\d\d)/(\d\d)\b")
# "Nine in ten of adults" is not English; "nine in ten of the adults" is.
OF_MANY = re.compile(r"(?<= in ten) of (?!all\b|the\b|these\b|those\b|our\b|them\b)")
BEFORE_A_NOUN = re.compile(r"\b(?:an?|the|this|that|its|their)\s$", re.IGNORECASE)
A_NOUN_FOLLOWS = re.compile(r"\s(?!of\b|to\b|in\b|from\b|by\b|and\b|or\b)[a-z]", re.IGNORECASE)


def aloud(text: str) -> str:
    """Numbers in the words that an audience can follow, financial years by the month they end in.

    A number that opens a sentence keeps its capital. What has no spoken form stays as printed.
    """
    said, at = "", 0
    for found in numbers_in(text):
        words = _said(found, text)
        said += text[at : found.start]
        opens = not said.strip() or said.rstrip()[-1:] in ".!?"
        said += words[:1].upper() + words[1:] if opens else words
        at = found.end
    return FINANCIAL_YEAR.sub(_year, OF_MANY.sub(" ", said + text[at:]))


def _said(found: Found, text: str) -> str:
    """A rise of more than two-fifths, but a forty-three per cent rise."""
    number = found.number
    between = BEFORE_A_NOUN.search(text[: found.start]) and A_NOUN_FOLLOWS.match(text[found.end :])
    if between and number.unit == Unit.PERCENT and number.qualifier == Qualifier.EXACT:
        return _per_cent(number)
    return spoken(number)


def _per_cent(number: PrintedNumber) -> str:
    return f"{in_words(Fraction(rounded(number.value, 1)))} per cent"


def _year(match: re.Match[str]) -> str:
    """Financial years alone: 2021/22 is one, 2021/25 is none."""
    first, last = int(match[1]), int(match[2])
    if last != (first + 1) % 100:
        return match[0]
    century = match[0].removeprefix("in ")[:2]
    ends = f"{int(century) + (last == 0)}{last:02}"
    return f"{'in ' if match[0].startswith('in ') else ''}the year to March {ends}"
