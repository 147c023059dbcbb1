"""Every single-digit change of a testable claim in the demo's sources, against integer arithmetic.

The oracle below knows nothing of intervals: it multiplies out each rounding rule in whole numbers.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import pytest

from evidence.arithmetic import ClaimType, Verdict, check
from evidence.calculator import ClaimTexts, read_claim

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def change_rounds(stated: int, before: int, after: int) -> bool:
    return (2 * stated - 1) * before <= 200 * (after - before) <= (2 * stated + 1) * before


def difference_is(stated: int, before: int, after: int) -> bool:
    return after - before == stated


def share_rounds(stated: int, part: int, whole: int) -> bool:
    return part <= whole and (2 * stated - 1) * whole <= 200 * part <= (2 * stated + 1) * whole


def sum_is(stated: int, *parts: int) -> bool:
    return sum(parts) == stated


def third_rounds(first: int, second: int, third: int, whole: int) -> bool:
    return abs(3 * (first + second + third) - whole) * 200 <= 3 * whole


def rate_rounds(stated: int, count: int, days: int) -> bool:
    return (2 * stated - 1) * days <= 2 * count <= (2 * stated + 1) * days


def rate_nearly_is(stated: int, count: int, days: int) -> bool:
    nine_tenths = 9 * stated * days <= 10 * count <= 10 * stated * days
    return nine_tenths or rate_rounds(stated, count, days)


@dataclass(frozen=True)
class Printed:
    """A claim of the sources: its texts, `{}` where a number stands, and the oracle over those."""

    type: ClaimType
    shape: dict[str, str]
    numbers: tuple[str, ...]
    holds: Callable[..., bool]

    def verdict(self, numbers: Sequence[str]) -> Verdict:
        left = iter(numbers)
        texts = {
            name: re.sub(r"\{\}", lambda _: next(left), text) for name, text in self.shape.items()
        }
        return check(read_claim(self.type, ClaimTexts(**texts))).verdict

    def truth(self, numbers: Sequence[str]) -> Verdict:
        holds = self.holds(*map(as_integer, numbers))
        return Verdict.CONSISTENT if holds else Verdict.INCONSISTENT


def as_integer(text: str) -> int:
    return WORDS.index(text) if text in WORDS else int(text.replace(",", ""))


def altered(numbers: Sequence[str]) -> Iterator[list[str]]:
    """The numbers with each digit, or each spelled digit, changed to every other one."""
    for at, text in enumerate(numbers):
        for other in chain(other_digits(text), other_words(text)):
            yield [*numbers[:at], other, *numbers[at + 1 :]]


def other_digits(text: str) -> Iterator[str]:
    for place, character in enumerate(text):
        if character.isdigit():
            for digit in "0123456789".replace(character, ""):
                yield text[:place] + digit + text[place + 1 :]


def other_words(text: str) -> list[str]:
    return [word for word in WORDS[1:] if word != text] if text in WORDS else []


CHANGE = (ClaimType.PERCENT_CHANGE, {"stated": "{}%", "from_": "{}", "to": "{}"})
UP = (ClaimType.ABSOLUTE_CHANGE, {"stated": "up {}", "from_": "{}", "to": "{}"})
SHARE = (ClaimType.SHARE, {"stated": "{}%", "to": "{}", "total": "{}"})
A_THIRD = (ClaimType.SHARE, {"stated": "a third", "parts": "{}; {}; {}", "total": "{}"})
TWO_YEARS = (ClaimType.SUM, {"stated": "{}", "parts": "{}; {}"})
FOUR_FORCES = (ClaimType.SUM, {"stated": "{}", "parts": "{}; {}; {}; {}"})
ALMOST = (ClaimType.RATE_PER_PERIOD, {"stated": "almost {} a day", "to": "{}", "days": "{}"})
AVERAGE = (ClaimType.RATE_PER_PERIOD, {"stated": "average of {} a day", "to": "{}", "days": "{}"})

PRINTED = {
    "Wales up 43%": Printed(*CHANGE, ("43", "1,437", "2,061"), change_rounds),
    "Wales up 624": Printed(*UP, ("624", "1,437", "2,061"), difference_is),
    "North Wales up 30%": Printed(*CHANGE, ("30", "287", "373"), change_rounds),
    "almost four a day": Printed(*ALMOST, ("four", "2,895", "730"), rate_nearly_is),
    "2,895 in two years": Printed(*TWO_YEARS, ("2,895", "1,437", "1,458"), sum_is),
    "forces 2016/17": Printed(*FOUR_FORCES, ("1,437", "287", "259", "528", "363"), sum_is),
    "forces 2017/18": Printed(*FOUR_FORCES, ("1,458", "373", "267", "543", "275"), sum_is),
    "forces 2023/24": Printed(*FOUR_FORCES, ("2,194", "535", "503", "964", "192"), sum_is),
    "six a day": Printed(*AVERAGE, ("six", "2,194", "366"), rate_rounds),
    "Snapchat 43%": Printed(*SHARE, ("43", "4,293", "9,888"), share_rounds),
    "Meta a third": Printed(*A_THIRD, ("1,361", "1,363", "547", "9,888"), third_rounds),
}


@pytest.mark.parametrize("name", PRINTED)
def test_a_claim_as_printed_raises_no_alarm(name: str) -> None:
    claim = PRINTED[name]

    assert claim.verdict(claim.numbers) is Verdict.CONSISTENT


@pytest.mark.parametrize("name", PRINTED)
def test_an_altered_digit_is_inconsistent_just_where_it_leaves_the_rounding(name: str) -> None:
    claim = PRINTED[name]

    wrong = [each for each in altered(claim.numbers) if claim.verdict(each) != claim.truth(each)]

    assert wrong == []


def test_the_alterations_are_many_and_nearly_all_break_their_claim() -> None:
    truths = [claim.truth(each) for claim in PRINTED.values() for each in altered(claim.numbers)]

    assert len(truths) == sum(map(expected_alterations, PRINTED.values()))
    assert truths.count(Verdict.INCONSISTENT) > len(truths) * 0.8


def expected_alterations(claim: Printed) -> int:
    digits = sum(character.isdigit() for text in claim.numbers for character in text)
    return 9 * digits + 8 * sum(text in WORDS for text in claim.numbers)
