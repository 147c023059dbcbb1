"""The calculator: a claim given as texts, read and checked, and the answer in plain values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from evidence.arithmetic import Claim, ClaimType, Direction, Finding
from evidence.numbers.intervals import Interval
from evidence.numbers.quantities import Per, Unit
from evidence.numbers.workings import rounded
from evidence.printed import UnreadableNumber, read_number, read_numbers

DIRECTIONS = {
    **dict.fromkeys(("up", "rise", "rose", "increase", "+"), Direction.UP),
    **dict.fromkeys(("down", "fall", "fell", "drop", "decrease", "-"), Direction.DOWN),
}
INTERVAL_PLACES = 4

type Answer = dict[str, str | int | float | list[int | float] | None]


class UnreadableField(UnreadableNumber):
    """An UnreadableNumber, and the name of the field that holds it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTexts:
    """A claim as typed in: each input in its printed words, empty where it is not given.

    `parts` is a list, each `part` one number more; for direction_only, `stated` is up or down.
    """

    stated: str = ""
    qualifier: str = ""
    from_: str = ""
    to: str = ""
    total: str = ""
    parts: str = ""
    part: Sequence[str] = ()
    days: str = ""
    base: str = ""
    weighted: bool = False
    per: str = ""
    direction: str = ""


def read_claim(claim_type: ClaimType, texts: ClaimTexts) -> Claim:
    """The claim that the texts print; UnreadableField for the first that cannot be read."""
    stated, direction = None, Direction(texts.direction) if texts.direction else None
    if claim_type is ClaimType.DIRECTION_ONLY and texts.stated:
        direction = _read("stated", _direction, texts.stated)
    elif texts.stated or texts.qualifier:
        stated = _read("stated", partial(read_number, qualifier=texts.qualifier), texts.stated)
    return Claim(
        type=claim_type,
        stated=stated,
        from_=_read("from", read_number, texts.from_) if texts.from_ else None,
        to=_read("to", read_number, texts.to) if texts.to else None,
        total=_read("total", read_number, texts.total) if texts.total else None,
        parts=(
            *(_read("parts", read_numbers, texts.parts) if texts.parts else ()),
            *(_read("part", read_number, text) for text in texts.part),
        ),
        days=_read("days", _whole_number, texts.days) if texts.days else None,
        base=_read("base", _whole_number, texts.base) if texts.base else None,
        weighted=texts.weighted,
        per=Per(texts.per) if texts.per else None,
        direction=direction,
    )


def answer(finding: Finding) -> Answer:
    """The finding as numbers and words that JSON holds.

    The interval is what the stated number may stand for, to four decimals.
    """
    recomputed, interval = finding.recomputed, finding.interval
    return {
        "verdict": finding.verdict.value,
        "recomputed": None if recomputed is None else _number(recomputed),
        "interval": _ends(interval) if interval else None,
        "reason": finding.reason,
    }


def _ends(interval: Interval) -> list[int | float]:
    return [_number(rounded(end, INTERVAL_PLACES)) for end in (interval.low, interval.high)]


def _read[Value](field: str, read: Callable[[str], Value], text: str) -> Value:
    try:
        return read(text)
    except UnreadableNumber as error:
        raise UnreadableField(field, str(error)) from error


def _whole_number(text: str) -> int:
    number = read_number(text)
    if number.unit is not Unit.COUNT or number.value < 0:
        raise UnreadableNumber(f'"{text}" is not a whole number: write one such as 730.')
    return int(number.value)


def _direction(text: str) -> Direction:
    try:
        return DIRECTIONS[text.strip().lower()]
    except KeyError:
        raise UnreadableNumber(f'"{text}" is not a direction: write up or down.') from None


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
