"""Why a text cannot be read as one printed number, and what to write instead, in a sentence."""

import re

from evidence.numbers.months import MONTH

LONGEST = 100  # characters; no printed number comes near it

_YEARS = re.compile(r"(?:19|20)[0-9]{2} ?[/-] ?(?:[0-9]{2}|[0-9]{4})")
_DATE = re.compile(
    r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}|0[0-9]/[0-9]+|[0-9]+/0[0-9]"
)
_MONTH = re.compile(rf"\b(?:{MONTH})\b")
_DIGIT_GROUPS = re.compile(r"[0-9][0-9,.]*")
_GOOD_COMMAS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})*(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
_TWO_UNITS = re.compile(r"(?:(?:%|per ?cent) ?){2,}")
_SAMPLES = "it like 1,437, 43%, 1.15 million, a third or almost four"


def looks_like_a_date(text: str) -> bool:
    """Whether the text is a year such as 2016/17, or a date, and so no division."""
    return bool(_YEARS.fullmatch(text) or _DATE.fullmatch(text) or _MONTH.search(text))


def why_not(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        return f"There is no number here: write {_SAMPLES}."
    shown = f'"{text}"' if len(text) <= 40 else f'"{text[:40]}..."'
    return f"{shown} {_fault(text.lower())}."


def _fault(text: str) -> str:
    groups = _DIGIT_GROUPS.findall(text)
    if len(text) > LONGEST:
        return f"is too long to be one number: write at most {LONGEST} characters"
    if _DATE.search(text) or _MONTH.search(text):
        return "is a date, not a number: write the figure itself"
    if _YEARS.search(text):
        return "is a year, not a division: write the figure that is printed for it"
    if _TWO_UNITS.search(text):
        return "has its percent sign twice: write it once"
    if any(not _GOOD_COMMAS.fullmatch(group.rstrip(",.")) for group in groups):
        return (
            "has a comma or point in the wrong place: thousands are written 1,437 and decimals 43.4"
        )
    if re.search(r"/ ?0|\b(?:in|of) 0", text):
        return "divides by zero: write how many of how many"
    if "/" in text or re.search(r"[0-9] in [0-9]", text):
        return "is not part of a whole: the smaller number comes first, as in 1 in 4"
    if len(groups) > 1:
        return "holds several numbers: write one of them"
    return f"is not one number: write {_SAMPLES}"
