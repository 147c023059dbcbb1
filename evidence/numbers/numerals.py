"""Numerals in digits or words, "1,437", "1.15 million", "two hundred and five", and their step."""

import re
from dataclasses import dataclass
from fractions import Fraction

ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES = {
    **dict.fromkeys(("thousand", "k"), 10**3),
    **dict.fromkeys(("million", "mn", "m"), 10**6),
    **dict.fromkeys(("billion", "bn", "b"), 10**9),
    **dict.fromkeys(("trillion", "tn"), 10**12),
}

ONE = Fraction(1)

_DIGITS = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.(?P<decimals>[0-9]+))?")
_SCALED = re.compile(rf"(?P<mantissa>.+?) ?(?P<scale>{'|'.join(SCALES)})")
_SMALL = "|".join(ONES)
_TENS = "|".join(TENS)
_DIGIT = "one|two|three|four|five|six|seven|eight|nine"
_BELOW_THOUSAND = re.compile(
    rf"(?:(?P<hundreds>{_SMALL}|a) hundred)?"
    rf"(?:(?:^| )(?:and )?"
    rf"(?:(?P<small>{_SMALL})|(?P<tens>{_TENS})(?:[- ](?P<ones>{_DIGIT}))?))?"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A value and its step, the place of the last printed digit: 1/10 for 43.4."""

    value: Fraction
    step: Fraction
    scaled: bool = False

    @property
    def is_whole(self) -> bool:
        return self.step.denominator == 1

    @property
    def rounded_step(self) -> Fraction:
        """The step, when a whole number's two or more closing zeros may come from rounding."""
        if self.scaled or not self.is_whole or not self.value:
            return self.step
        digits = str(self.value.numerator)
        zeros = len(digits) - len(digits.rstrip("0"))
        return Fraction(10**zeros) if zeros >= 2 else self.step


def read_numeral(text: str) -> Numeral | None:
    """The numeral that the whole of `text` (lower case, single spaces) is, or None."""
    return _in_digits(text) or _in_words(text) or _scaled(text)


def _in_digits(text: str) -> Numeral | None:
    match = _DIGITS.fullmatch(text)
    if not text or not match:
        return None
    decimals = match["decimals"] or ""
    digits = int((match["whole"] or "").replace(",", "") + decimals)
    if not decimals:
        return Numeral(Fraction(digits), ONE)
    scale = 10 ** len(decimals)
    return Numeral(Fraction(digits, scale), Fraction(1, scale))


def _in_words(text: str) -> Numeral | None:
    value = _spelled(text)
    return None if value is None else Numeral(Fraction(value), ONE)


def _scaled(text: str) -> Numeral | None:
    match = _SCALED.fullmatch(text)
    if not match:
        return None
    mantissa = read_numeral("one" if match["mantissa"] == "a" else match["mantissa"])
    if mantissa is None or mantissa.scaled:
        return None
    scale = SCALES[match["scale"]]
    return Numeral(mantissa.value * scale, mantissa.step * scale, scaled=True)


def _spelled(text: str) -> int | None:
    head, thousand, tail = text.partition(" thousand")
    if not thousand:
        return _below_thousand(text)
    thousands = 1 if head == "a" else _below_thousand(head)
    rest = _below_thousand(tail.removeprefix(" and").strip()) if tail else 0
    return None if thousands is None or rest is None else thousands * 1000 + rest


def _below_thousand(text: str) -> int | None:
    match = _BELOW_THOUSAND.fullmatch(text)
    if not text or not match or text.startswith("and "):
        return None
    hundreds, small, tens, ones = match.group("hundreds", "small", "tens", "ones")
    return (
        100 * (1 if hundreds == "a" else ONES[hundreds] if hundreds else 0)
        + (ONES[small] if small else 0)
        + (TENS[tens] if tens else 0)
        + (ONES[ones] if ones else 0)
    )
