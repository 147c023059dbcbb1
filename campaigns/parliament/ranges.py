"""What stands between two printed numbers, of amendments or of clauses."""

import re

LONGEST_RANGE = 200


def expanded(first: str, last: str) -> list[str]:
    """262A to 262C, or 12 to 15; a range of another shape is what it says, and no more."""
    return spanned(first, last) or [first, last]


def spanned(first: str, last: str) -> list[str]:
    """Every number from the first to the last; none where nobody can say what lies between."""
    a, b = re.fullmatch(r"(.*?\d+)([A-Z])", first), re.fullmatch(r"(.*?\d+)([A-Z])", last)
    if a and b and a[1] == b[1] and a[2] < b[2]:
        return [f"{a[1]}{chr(code)}" for code in range(ord(a[2]), ord(b[2]) + 1)]
    c, d = re.fullmatch(r"(\D*)(\d+)", first), re.fullmatch(r"(\D*)(\d+)", last)
    if c and d and c[1] == d[1] and 0 < int(d[2]) - int(c[2]) <= LONGEST_RANGE:
        return [f"{c[1]}{number}" for number in range(int(c[2]), int(d[2]) + 1)]
    open_end = re.fullmatch(r"(\d+)", first)
    if open_end and b and b[1] == open_end[1]:  # 262 to 262C
        letters = [chr(code) for code in range(ord("A"), ord(b[2]) + 1)]
        return [first, *(f"{first}{letter}" for letter in letters)]
    return []
