"""GRIM: whether any whole number out of a small base gives the printed percentage."""

from fractions import Fraction
from math import ceil, floor

from evidence.numbers.intervals import Interval, point
from evidence.numbers.quantities import Unit
from evidence.numbers.workings import NotTestable, Working, shown


def is_small(base: int, step: Fraction) -> bool:
    """Whether one of `base` is more than `step` per cent, so that some percentages are missing."""
    return base * step < 100


def nearest_share(target: Fraction, step: Fraction, allowed: Interval, base: int) -> Working:
    """The share of `base`, in per cent, nearest to `target` among those that `allowed` holds.

    Where it holds none, the phrase names the possible ones on either side. NotTestable if every
    percentage printed to `step` is possible.
    """
    if base <= 0:
        raise NotTestable(f"A base of {base} has no shares.")
    if not is_small(base, step):
        raise NotTestable(
            f"With a base of {base:,} some whole number gives every percentage printed so: "
            "give the part (to) to test it."
        )
    shares = _shares_around(allowed, base)
    fitting = [share for share in shares if allowed.holds(share)]
    best = min(fitting or shares, key=lambda share: abs(share - target))
    named = [best] if fitting else shares
    phrase = " and ".join(
        f"{share * base / 100} of {base} is {shown(share, Unit.PERCENT)}" for share in named
    )
    return Working(best, point(best), Unit.PERCENT, phrase)


def _shares_around(allowed: Interval, base: int) -> list[Fraction]:
    """The shares of `base` that lie within `allowed`, and the next ones outside it."""
    below = max(0, min(base, floor(allowed.low * base / 100)))
    above = max(0, min(base, ceil(allowed.high * base / 100)))
    return [Fraction(100 * count, base) for count in range(below, above + 1)]
