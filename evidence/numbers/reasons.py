"""The words in which a finding tells how a printed number and its working agree."""

from evidence.numbers.intervals import Interval
from evidence.numbers.quantities import PrintedNumber, Qualifier, Unit
from evidence.numbers.workings import Working, shown


def agreement(stated: PrintedNumber, working: Working, allowed: Interval) -> str:
    printed = f"the printed {quoted(stated)}"
    if not allowed.holds(working.value):
        return (
            f"and the rounding of the inputs allows {_spanned(working.range, working.unit)}, "
            f"which meets {printed}"
        )
    if stated.qualifier is Qualifier.EXACT and stated.unit not in (Unit.FRACTION, Unit.MULTIPLE):
        same = 2 * working.value == allowed.low + allowed.high
        return f"which is {printed}" if same else f"which rounds to {printed}"
    return f"which {printed} allows ({_permitted(stated.qualifier, allowed, working.unit)})"


def _permitted(qualifier: Qualifier, allowed: Interval, unit: Unit) -> str:
    low, high = shown(allowed.low, unit), shown(allowed.high, unit)
    words = {
        Qualifier.OVER: f"more than {low}",
        Qualifier.AT_LEAST: f"{low} or more",
        Qualifier.UNDER: f"less than {high}",
        Qualifier.AT_MOST: f"{high} or less",
    }
    between = _spanned(allowed, unit)
    return words.get(qualifier, between) if allowed.low >= 0 else between


def quoted(stated: PrintedNumber) -> str:
    return stated.text if stated.text[:1].isdigit() else f'"{stated.text}"'


def _spanned(interval: Interval, unit: Unit) -> str:
    low = shown(interval.low, unit if unit is Unit.PERCENT else Unit.OTHER)
    return f"{low} to {shown(interval.high, unit)}"
