"""Whether a printed claim holds: its inputs, recomputed exactly, against what was printed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from evidence.numbers.grim import nearest_share
from evidence.numbers.intervals import ONE, ZERO, Interval
from evidence.numbers.quantities import NAMES, Per, PrintedNumber, Qualifier, Unit
from evidence.numbers.reasons import agreement, quoted
from evidence.numbers.workings import (
    HUNDRED,
    PLACES,
    NotTestable,
    Working,
    absolute_change,
    add,
    multiple_change,
    percent_change,
    rate,
    rounded,
    share,
)


class ClaimType(StrEnum):
    PERCENT_CHANGE = "percent_change"
    ABSOLUTE_CHANGE = "absolute_change"
    MULTIPLE_CHANGE = "multiple_change"
    SHARE = "share"
    SUM = "sum"
    RATE_PER_PERIOD = "rate_per_period"
    DIRECTION_ONLY = "direction_only"


class Verdict(StrEnum):
    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    NOT_TESTABLE = "not_testable"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Claim:
    """A printed claim and its inputs; what is not printed is left out.

    Changes need `from_` and `to`. A share needs its part, `to` or the sum of `parts`, and its
    whole, `total` or `base`; a sum needs `parts`, and is tested against `stated` or else `total`;
    a rate needs a count, `to` or `total` or the sum of `parts`, and `days`. `per` is a rate's
    period, by default the one that `stated` prints, else a day. `direction` is the way of an
    unsigned change, by default up. `partial` marks a sum whose parts are only some ("including"):
    they may fall short, but not exceed. `circular` marks a claim with an input derived from it.
    """

    type: ClaimType
    stated: PrintedNumber | None = None
    from_: PrintedNumber | None = None
    to: PrintedNumber | None = None
    total: PrintedNumber | None = None
    parts: tuple[PrintedNumber, ...] = ()
    days: int | None = None
    base: int | None = None
    weighted: bool = False
    per: Per | None = None
    direction: Direction | None = None
    partial: bool = False
    circular: bool = False

    @property
    def has_round_inputs(self) -> bool:
        inputs = (self.from_, self.to, self.total, *self.parts)
        return any(each is not None and each.may_be_rounded for each in inputs)


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on a claim, and the working that an officer can follow.

    `exact` is recomputed from the inputs as printed, `recomputed` the same rounded for print (two
    decimals for percentages, else three). `interval` is what the stated number may stand for and
    `recomputed_interval` what the inputs may give, in one unit: percentages for shares and
    percentage changes. Each is None where there is nothing to compute, or to compare with.
    """

    verdict: Verdict
    reason: str
    exact: Fraction | None = None
    recomputed: Decimal | None = None
    interval: Interval | None = None
    recomputed_interval: Interval | None = None


# How a stated number of another unit is put on the recomputed one's scale: times, then plus.
SCALES: dict[tuple[ClaimType, Unit], tuple[Fraction, Fraction]] = {
    (ClaimType.PERCENT_CHANGE, Unit.FRACTION): (HUNDRED, ZERO),
    (ClaimType.PERCENT_CHANGE, Unit.MULTIPLE): (HUNDRED, -HUNDRED),
    (ClaimType.SHARE, Unit.FRACTION): (HUNDRED, ZERO),
    (ClaimType.MULTIPLE_CHANGE, Unit.PERCENT): (1 / HUNDRED, ONE),
    (ClaimType.MULTIPLE_CHANGE, Unit.FRACTION): (ONE, ZERO),
}
EARLIER, LATER = "the earlier figure (from)", "the later figure (to)"
DAYS = "the number of days (days)"
BARE = (Unit.COUNT, Unit.OTHER)
POINTS = {Unit.PERCENT: "in per cent", Unit.PERCENTAGE_POINT: "as percentage points"}
SIGNED = (ClaimType.PERCENT_CHANGE, ClaimType.ABSOLUTE_CHANGE)
CHANGES = {
    ClaimType.PERCENT_CHANGE: percent_change,
    ClaimType.ABSOLUTE_CHANGE: absolute_change,
    ClaimType.MULTIPLE_CHANGE: multiple_change,
    ClaimType.DIRECTION_ONLY: absolute_change,
}


def check(claim: Claim) -> Finding:
    """Set the claim against its inputs.

    It is consistent if some value that the inputs may stand for is one that the stated number may
    be printed for, and inconsistent if none is. What cannot be recomputed is not testable.
    """
    stated = _stated(claim)
    try:
        _refuse_untestable(claim)
        if claim.type is ClaimType.DIRECTION_ONLY:
            return _check_direction(claim.direction, recompute(claim))
        if stated and claim.type is ClaimType.SHARE and claim.base is not None and not _part(claim):
            return _check_share_of_base(claim, stated, claim.base)
        working = recompute(claim)
    except NotTestable as reason:
        return Finding(Verdict.NOT_TESTABLE, str(reason))
    if stated is None:
        return _finding(
            Verdict.NOT_TESTABLE, working, None, "and no printed figure is given to test"
        )
    return _compare(claim, stated, working)


def recompute(claim: Claim, *, as_rounded: bool = False) -> Working:
    """What the inputs give; NotTestable, naming what is missing, if they give nothing."""
    match claim.type:
        case ClaimType.SHARE:
            part, whole = _part(claim), _whole(claim)
            if not part or whole is None:
                raise _missing(claim, {"the part (to)": part, "the whole (total)": whole})
            return share(part, whole, as_rounded=as_rounded)
        case ClaimType.SUM:
            if not claim.parts:
                raise _missing(claim, {"the parts (parts)": None})
            return add(claim.parts, as_rounded=as_rounded)
        case ClaimType.RATE_PER_PERIOD:
            counted = _part(claim) or ((claim.total,) if claim.total else ())
            if not counted or claim.days is None:
                raise _missing(claim, {"the count (to)": counted, DAYS: claim.days})
            per = claim.per or (claim.stated and claim.stated.per) or Per.DAY
            return rate(counted, claim.days, per, as_rounded=as_rounded)
        case _:
            before, after = claim.from_, claim.to
            if before is None or after is None:
                raise _missing(claim, {EARLIER: before, LATER: after})
            return CHANGES[claim.type](before, after, as_rounded=as_rounded)


def _stated(claim: Claim) -> PrintedNumber | None:
    """The number under test; a share printed as 44 or as 0.44 is 44%."""
    stated = claim.stated
    if claim.type is ClaimType.SUM and stated is None:
        return claim.total
    if claim.type is not ClaimType.SHARE or stated is None or stated.unit not in BARE:
        return stated
    if stated.step < 1 >= stated.value:
        stated = replace(stated, value=100 * stated.value, step=100 * stated.step)
    return _bare_as(stated, Unit.PERCENT)


def _part(claim: Claim) -> tuple[PrintedNumber, ...]:
    return (claim.to,) if claim.to else claim.parts


def _whole(claim: Claim) -> PrintedNumber | None:
    if claim.total or claim.base is None:
        return claim.total
    return PrintedNumber(text=f"{claim.base:,}", value=Fraction(claim.base))


def _refuse_untestable(claim: Claim) -> None:
    if claim.circular:
        raise NotTestable("An input was derived from this claim, so testing it would be circular.")
    if claim.weighted:
        raise NotTestable("The base is weighted, so the printed counts do not give the figure.")


def _missing(claim: Claim, inputs: Mapping[str, object]) -> NotTestable:
    absent = [name for name, given in inputs.items() if given is None or given == ()]
    figure = f"The printed {quoted(claim.stated)}" if claim.stated else "The claim"
    verb = "is" if len(absent) == 1 else "are"
    return NotTestable(f"{figure} cannot be tested: {' and '.join(absent)} {verb} missing.")


def _check_direction(direction: Direction | None, working: Working) -> Finding:
    if direction is None:
        return _finding(Verdict.NOT_TESTABLE, working, None, "and no direction is stated to test")
    up = direction is Direction.UP
    said = "rise" if up else "fall"
    if working.range.high > 0 if up else working.range.low < 0:
        return _finding(Verdict.CONSISTENT, working, None, f"and a {said} is what is stated")
    return _finding(Verdict.INCONSISTENT, working, None, f"not the {said} that is stated")


def _check_share_of_base(claim: Claim, stated: PrintedNumber, base: int) -> Finding:
    if stated.unit is not Unit.PERCENT:
        raise _missing(claim, {"the part (to)": None})
    working = nearest_share(stated.value, stated.step, stated.interval(), base)
    return _compare(claim, stated, working)


def _compare(claim: Claim, stated: PrintedNumber, working: Working) -> Finding:
    allowed = _allowed(claim, stated, working.unit)
    if claim.type is ClaimType.SHARE and working.range.low > 100:
        return _finding(
            Verdict.INCONSISTENT, working, allowed, "and a part cannot be more than its whole"
        )
    if allowed and claim.partial and working.range.low <= allowed.high:
        outcome = f"within the printed {quoted(stated)}"
        return _finding(Verdict.CONSISTENT, working, allowed, outcome)
    if allowed and allowed.meets(working.range):
        outcome = agreement(stated, working, allowed)
        return _finding(Verdict.CONSISTENT, working, allowed, outcome)
    hints = "".join(f"; {hint}" for hint in _hints(claim, stated, working, allowed))
    outcome = f"not the printed {quoted(stated)}{hints}"
    return _finding(Verdict.INCONSISTENT, working, allowed, outcome)


def _allowed(claim: Claim, stated: PrintedNumber, unit: Unit) -> Interval | None:
    """What the stated number may stand for, in `unit`; None if it measures something else."""
    stated = _bare_as(stated, unit)
    interval = stated.interval()
    if stated.unit is not unit and not (stated.unit in BARE and unit in BARE):
        scale = SCALES.get((claim.type, stated.unit))
        if scale is None:
            return None
        interval = interval.scaled(*scale)
    if claim.direction is None or claim.type not in SIGNED:
        return interval
    said = Direction.DOWN if interval.low + interval.high < 0 else Direction.UP
    return interval if said is claim.direction else interval.scaled(-ONE)


def _bare_as(stated: PrintedNumber, unit: Unit) -> PrintedNumber:
    """A number printed without a unit is read in the unit of what it is set against."""
    if stated.unit not in BARE or unit in BARE:
        return stated
    # Closing zeros may come from rounding in "100 a day", but not in "100 per cent".
    step = stated.step if unit in (Unit.RATE, Unit.MONEY) else min(stated.step, ONE)
    return replace(stated, unit=unit, step=step)


def _hints(
    claim: Claim, stated: PrintedNumber, working: Working, allowed: Interval | None
) -> Iterator[str]:
    """What would make an inconsistent claim hold, or why it never can."""
    if allowed is None:
        yield f"{NAMES[stated.unit]} is not {NAMES[working.unit]}"
        if working.unit in POINTS and stated.interval().meets(working.range):
            yield f"it would hold {POINTS[working.unit]}"
    elif _is_truncated(stated, allowed, working.value):
        yield "it would hold if truncated, but figures are rounded"
    if working.aside and stated.interval().meets(working.aside[0]):
        yield f"it would hold {working.aside[1]}"
    if claim.type is ClaimType.SHARE and not _part(claim):
        yield f"no whole number of {claim.base} gives it"
    elif allowed and claim.has_round_inputs and _holds_as_rounded(claim, allowed):
        yield "it would hold if the round numbers in it are rounded"


def _holds_as_rounded(claim: Claim, allowed: Interval) -> bool:
    return allowed.meets(recompute(claim, as_rounded=True).range)


def _is_truncated(stated: PrintedNumber, allowed: Interval, value: Fraction) -> bool:
    if stated.qualifier is not Qualifier.EXACT or stated.unit in (Unit.FRACTION, Unit.MULTIPLE):
        return False
    size, printed = abs(value), abs(stated.value)
    same_way = (allowed.low + allowed.high) * value >= 0
    return same_way and printed <= size < printed + stated.step


def _finding(verdict: Verdict, working: Working, allowed: Interval | None, outcome: str) -> Finding:
    return Finding(
        verdict=verdict,
        reason=f"{working.phrase}, {outcome}.",
        exact=working.value,
        recomputed=rounded(working.value, PLACES.get(working.unit, 3)),
        interval=allowed,
        recomputed_interval=working.range,
    )
