"""Reading a number as it is printed, words and all: "almost four a day", "up 30%", "two-thirds"."""

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from evidence.numbers.numerals import Numeral, read_numeral
from evidence.numbers.quantities import NAMES, Per, PrintedNumber, Qualifier, Unit, UnreadableNumber
from evidence.numbers.unreadable import LONGEST, looks_like_a_date, why_not

__all__ = [
    "Per",
    "PrintedNumber",
    "Qualifier",
    "Unit",
    "UnreadableNumber",
    "read_number",
    "read_numbers",
]

WHOLE_PERCENTAGE = Fraction(1, 100)

RISE, FALL = 1, -1


def _phrases[Meaning](meanings: dict[Meaning, str]) -> dict[str, Meaning]:
    return {phrase: meaning for meaning, row in meanings.items() for phrase in row.split("|")}


def _any_of(phrases: Iterable[str]) -> str:
    """A pattern that tries the longest phrase first, so that "up to" is not read as "up"."""
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))


OPENINGS: dict[str, Qualifier | int | None] = {
    **_phrases({
        Qualifier.OVER: "over|just over|well over|more than|above|in excess of|upwards of",
        Qualifier.UNDER: "under|fewer than|less than|below",
        Qualifier.ABOUT: "about|around|roughly|approximately|some|circa|an estimated|~",
        Qualifier.NEARLY: "nearly|almost|just under|close to|approaching|virtually",
        Qualifier.AT_LEAST: "at least|no fewer than|no less than|not less than|a minimum of",
        Qualifier.AT_MOST: "at most|up to|no more than|not more than|as many as|a maximum of",
        Qualifier.EXACT: "exactly|precisely",
    }),
    **_phrases({
        RISE: "+|up|up by|rose|rose by|a rise of|an increase of|increased by",
        FALL: "-|down|down by|fell|fell by|a fall of|a drop of|a decrease of|decreased by",
        None: "average of|an average of|a total of|by",
    }),
}  # fmt: skip
CLOSINGS: dict[str, Qualifier | int | None] = {
    **_phrases({Qualifier.AT_LEAST: "or more|plus", Qualifier.AT_MOST: "or fewer|or less"}),
    **_phrases({
        RISE: "rise|increase|more|higher|up",
        FALL: "fall|drop|decrease|fewer|less|lower|down",
    }),
}  # fmt: skip
MULTIPLES = _phrases({
    Fraction(1, 2): "half as many|halved",
    Fraction(2): "double|doubled|doubling|twice",
    Fraction(3): "treble|trebled|triple|tripled|tripling",
    Fraction(4): "quadruple|quadrupled",
    Fraction(5): "quintupled",
})  # fmt: skip
DENOMINATORS = _phrases({
    2: "half|halves", 3: "third|thirds", 4: "quarter|quarters", 5: "fifth|fifths",
    6: "sixth|sixths", 7: "seventh|sevenths", 8: "eighth|eighths", 9: "ninth|ninths",
    10: "tenth|tenths", 12: "twelfth|twelfths", 20: "twentieth|twentieths",
})  # fmt: skip
PLAIN = str.maketrans({
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅒": "1/10",
    "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2212": "-",
})  # fmt: skip

MEANINGS = OPENINGS | CLOSINGS
_OPENING = re.compile(rf"(?P<phrase>{_any_of(OPENINGS)}|an?(?= [0-9])) ")
_CLOSING = re.compile(rf" (?P<phrase>{_any_of(CLOSINGS)})$")
_FRACTION_WORDS = re.compile(rf"(?:(?P<top>.+?)[- ])?(?P<bottom>{'|'.join(DENOMINATORS)})")
_FRACTION = re.compile(
    r"(?P<top>.+?)(?:/| in (?:every )?| out of (?:the |every )?| of the )(?P<bottom>.+)"
)
_MULTIPLE = re.compile(r"(?P<number>.+?)(?: times(?: as (?:many|much|high))?|[- ]?fold| ?[x×])")
_RATE = re.compile(r"(?P<number>.+?) (?:an?|per|each|every) (?P<per>hour|day|week|month|year)")
_APART = re.compile(r"(?:one )?every (?P<number>.+?) (?P<per>minutes|hours|days)")
_QUANTITY = re.compile(
    r"(?P<money>[£$€] ?)?(?P<number>[0-9][0-9,.]*|.+?) ?(?:"
    r"(?P<points>(?:%|per ?cent(?:age)?)[- ]points?|pp)"
    r"|(?P<percent>%|per ?cent|pc)|(?P<pounds>pounds))?"
)
_THIN_SPACE = re.compile(r"(?<=[0-9])[\u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))")
_SIGN = re.compile(r"^([-+~]) ?(?=[0-9.£$€])")
_DIVIDER = re.compile(r" *; *|, +| +\+ +")
_UNCLEAR_COMMA = re.compile(r"(?<![0-9.])[0-9]{1,2},[0-9]{3}(?![0-9])")


class _Reading(NamedTuple):
    value: Fraction
    step: Fraction
    unit: Unit
    per: Per | None = None


def read_number(
    text: str, qualifier: Qualifier | str | None = None, unit: Unit | str | None = None
) -> PrintedNumber:
    """The number that `text` prints, with its qualifier and unit.

    `qualifier` and `unit` add what the text leaves unsaid ("four", nearly, rate). Where the text
    says otherwise, or is not one number, UnreadableNumber says in a sentence what to do.
    """
    words = _normal(text)
    if not 0 < len(words) <= LONGEST:
        raise UnreadableNumber(why_not(text))
    bare, said, sign = _peel(words)
    reading = _quantity(bare) or _fraction(bare) or _rate(bare) or _multiple(bare)
    if reading is None:
        raise UnreadableNumber(why_not(text))
    beside = f"{qualifier} ".replace("_", " ") if qualifier and not said else ""
    return PrintedNumber(
        text=beside.removeprefix("exact ") + " ".join(text.split()),
        value=-reading.value if sign == FALL else reading.value,
        unit=_unit(reading, unit, text),
        qualifier=_qualifier(said, qualifier, text),
        step=reading.step,
        per=reading.per,
    )


def read_numbers(text: str) -> tuple[PrintedNumber, ...]:
    """The numbers of a list: "1,437; 1,458", "1,437 + 1,458", "1,437, 1,458" or "287,259,528".

    Bare commas divide numbers of three or more digits; UnreadableNumber where they might group
    thousands as well, as in 1,437,1,458.
    """
    if _DIVIDER.search(text):
        return tuple(read_number(each) for each in _DIVIDER.split(text))
    if _UNCLEAR_COMMA.search(text):
        raise UnreadableNumber(
            f'"{text}" may be read in several ways: put a semicolon between the numbers, '
            "as in 1,437; 1,458."
        )
    return tuple(read_number(each) for each in text.split(","))


def _normal(text: str) -> str:
    """Lower case, single spaces, plain minus, and a space after a sign."""
    # Thin and no-break spaces between digits group thousands, as a comma does.
    if not text.isascii():
        text = _THIN_SPACE.sub(",", text).translate(PLAIN)
    text = " ".join(text.lower().split())
    if text.endswith("+"):
        text = f"{text[:-1]} plus"
    return _SIGN.sub(r"\1 ", text)


def _peel(words: str) -> tuple[str, list[Qualifier], int]:
    """The bare number, the qualifiers said before and after it, and -1 for a fall."""
    qualifiers, sign = [], 1
    while match := _OPENING.match(words) or _CLOSING.search(words):
        words = words[: match.start()] + words[match.end() :]
        meaning = MEANINGS.get(match["phrase"])
        if isinstance(meaning, Qualifier):
            qualifiers.append(meaning)
        elif meaning == FALL:
            sign = FALL
    return words, qualifiers, sign


def _rate(text: str) -> _Reading | None:
    match = _RATE.fullmatch(text) or _APART.fullmatch(text)
    numeral = read_numeral(match["number"]) if match else None
    if not match or not numeral:
        return None
    per = Per(f"{match['per']} apart" if match.re is _APART else match["per"])
    return _Reading(numeral.value, numeral.rounded_step, Unit.RATE, per)


def _multiple(text: str) -> _Reading | None:
    if factor := MULTIPLES.get(text):
        return _Reading(factor, factor / 4, Unit.MULTIPLE)
    match = _MULTIPLE.fullmatch(text)
    numeral = read_numeral(match["number"]) if match else None
    return _Reading(numeral.value, numeral.step, Unit.MULTIPLE) if numeral else None


def _fraction(text: str) -> _Reading | None:
    if match := _FRACTION_WORDS.fullmatch(text):
        top = _top(match["top"])
        bottom: Numeral | None = Numeral(Fraction(DENOMINATORS[match["bottom"]]), Fraction(1))
    elif (match := _FRACTION.fullmatch(text)) and not looks_like_a_date(text):
        top, bottom = _top(match["top"]), read_numeral(match["bottom"])
    else:
        return None
    if not top or not bottom or not 0 < top.value <= bottom.value:
        return None
    closest = top.value * bottom.rounded_step / bottom.value**2
    return _Reading(top.value / bottom.value, min(WHOLE_PERCENTAGE, closest), Unit.FRACTION)


def _top(words: str | None) -> Numeral | None:
    return read_numeral("one" if words in (None, "a", "an") else words or "")


def _quantity(text: str) -> _Reading | None:
    match = _QUANTITY.fullmatch(text)
    numeral = read_numeral(match["number"]) if match else None
    if not match or not numeral:
        return None
    if match["points"]:
        return _Reading(numeral.value, numeral.step, Unit.PERCENTAGE_POINT)
    if match["percent"]:
        return _Reading(numeral.value, numeral.step, Unit.PERCENT)
    if match["money"] or match["pounds"]:
        return _Reading(numeral.value, numeral.rounded_step, Unit.MONEY)
    whole = Unit.COUNT if numeral.is_whole else Unit.OTHER
    return _Reading(numeral.value, numeral.rounded_step, whole)


def _unit(reading: _Reading, given: Unit | str | None, text: str) -> Unit:
    wanted = Unit(given) if given else reading.unit
    if wanted is reading.unit or reading.unit in (Unit.COUNT, Unit.OTHER):
        return wanted
    raise UnreadableNumber(
        f'"{text}" is printed as {NAMES[reading.unit]} but given as {NAMES[wanted]}: '
        "keep the printed one."
    )


def _qualifier(said: list[Qualifier], given: Qualifier | str | None, text: str) -> Qualifier:
    both = {*said, Qualifier(given)} if given else set(said)
    if len(both) > 1:
        words = " and ".join(sorted(both))
        raise UnreadableNumber(f'"{text}" would be {words} at once: keep one of them.')
    return both.pop() if both else Qualifier.EXACT
