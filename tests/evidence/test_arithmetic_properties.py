"""A true figure, rounded either way and printed with a fitting qualifier, raises no alarm."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from evidence.arithmetic import ClaimType, Verdict, check
from evidence.calculator import ClaimTexts, read_claim
from evidence.printed import Qualifier, UnreadableNumber, read_number

# The same examples every time, so that a red build is red for everyone.
stable = settings(derandomize=True, max_examples=500, deadline=None)

counts = st.integers(min_value=1, max_value=2_000_000)
roundings = st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN])
decimals = st.integers(min_value=0, max_value=3)
qualifiers = st.sampled_from(Qualifier)


def printed(value: Fraction, places: int, rounding: str) -> Decimal:
    """Rounded by the decimal module, which knows nothing of our intervals."""
    with localcontext(prec=60):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return exact.quantize(Decimal(1).scaleb(-places), rounding=rounding)


def fits(qualifier: Qualifier, true: Fraction, shown: Decimal) -> bool:
    """Whether an honest writer may put the qualifier before the shown number."""
    size, bound = abs(true), abs(Fraction(shown))
    return {
        Qualifier.EXACT: True,
        Qualifier.NEARLY: True,
        Qualifier.ABOUT: True,
        Qualifier.OVER: size > bound > 0,
        Qualifier.AT_LEAST: size >= bound > 0,
        Qualifier.UNDER: size < bound,
        Qualifier.AT_MOST: size <= bound,
    }[qualifier]


def verdict(claim_type: ClaimType, **texts: str) -> Verdict:
    return check(read_claim(claim_type, ClaimTexts(**texts))).verdict


@stable
@given(counts, counts, decimals, roundings, qualifiers)
@example(200, 201, 0, ROUND_HALF_UP, Qualifier.EXACT)
@example(200, 201, 0, ROUND_HALF_EVEN, Qualifier.EXACT)
def test_a_true_percentage_change_holds(
    before: int, after: int, places: int, rounding: str, qualifier: Qualifier
) -> None:
    true = Fraction(100 * (after - before), before)
    shown = printed(true, places, rounding)
    assume(fits(qualifier, true, shown))

    assert (
        verdict(
            ClaimType.PERCENT_CHANGE,
            stated=f"{shown}%",
            qualifier=qualifier,
            from_=f"{before:,}",
            to=f"{after:,}",
        )
        is Verdict.CONSISTENT
    )


@stable
@given(counts, counts, decimals, roundings, qualifiers)
@example(1, 8, 0, ROUND_HALF_EVEN, Qualifier.EXACT)
def test_a_true_share_holds(
    one: int, other: int, places: int, rounding: str, qualifier: Qualifier
) -> None:
    part, whole = sorted([one, other])
    true = Fraction(100 * part, whole)
    shown = printed(true, places, rounding)
    assume(fits(qualifier, true, shown))

    assert (
        verdict(
            ClaimType.SHARE,
            stated=f"{shown}%",
            qualifier=qualifier,
            to=f"{part:,}",
            total=f"{whole:,}",
        )
        is Verdict.CONSISTENT
    )


@stable
@given(st.integers(min_value=1, max_value=99), st.data(), roundings)
def test_a_true_percentage_of_a_small_base_is_possible(
    base: int, data: st.DataObject, rounding: str
) -> None:
    count = data.draw(st.integers(min_value=0, max_value=base))
    shown = printed(Fraction(100 * count, base), 0, rounding)

    found = verdict(ClaimType.SHARE, stated=f"{shown}%", base=str(base))

    assert found is Verdict.CONSISTENT


@stable
@given(counts, st.integers(min_value=1, max_value=4000), decimals, roundings, qualifiers)
def test_a_true_rate_holds(
    count: int, days: int, places: int, rounding: str, qualifier: Qualifier
) -> None:
    true = Fraction(count, days)
    shown = printed(true, places, rounding)
    assume(fits(qualifier, true, shown))

    assert (
        verdict(
            ClaimType.RATE_PER_PERIOD,
            stated=f"{shown} a day",
            qualifier=qualifier,
            to=f"{count:,}",
            days=str(days),
        )
        is Verdict.CONSISTENT
    )


@stable
@given(counts, counts, decimals, roundings, qualifiers)
def test_a_true_multiple_holds(
    before: int, after: int, places: int, rounding: str, qualifier: Qualifier
) -> None:
    true = Fraction(after, before)
    shown = printed(true, places, rounding)
    assume(fits(qualifier, true, shown))

    assert (
        verdict(
            ClaimType.MULTIPLE_CHANGE,
            stated=f"{shown} times",
            qualifier=qualifier,
            from_=f"{before:,}",
            to=f"{after:,}",
        )
        is Verdict.CONSISTENT
    )


@stable
@given(
    st.integers(min_value=10_000, max_value=2_000_000),
    st.integers(min_value=10_000, max_value=2_000_000),
    st.sampled_from([100, 1000]),
    roundings,
)
def test_a_true_change_holds_when_its_inputs_are_rounded(
    before: int, after: int, place: int, rounding: str
) -> None:
    shown = printed(Fraction(100 * (after - before), before), 0, rounding)
    inputs = [printed(Fraction(each, place), 0, rounding) * place for each in (before, after)]

    found = verdict(
        ClaimType.PERCENT_CHANGE, stated=f"{shown}%", from_=f"{inputs[0]:,}", to=f"{inputs[1]:,}"
    )

    assert found is Verdict.CONSISTENT


@stable
@given(st.lists(counts, min_size=2, max_size=6), roundings)
def test_rounded_percentages_of_one_whole_add_up(parts: Sequence[int], rounding: str) -> None:
    shares = [printed(Fraction(100 * part, sum(parts)), 0, rounding) for part in parts]

    found = verdict(ClaimType.SUM, stated="100%", parts="; ".join(f"{each}%" for each in shares))

    assert found is Verdict.CONSISTENT


@stable
@given(st.fractions(min_value=0, max_value=10_000), decimals, roundings, qualifiers)
def test_what_is_printed_may_stand_for_what_was_rounded(
    true: Fraction, places: int, rounding: str, qualifier: Qualifier
) -> None:
    shown = printed(true, places, rounding)
    assume(fits(qualifier, true, shown))

    assert read_number(f"{shown}%", qualifier).interval().holds(true)


@stable
@given(st.text(max_size=120))
def test_any_text_is_read_or_refused_in_one_sentence(text: str) -> None:
    try:
        sentence = read_number(text).interval() and "Read."
    except UnreadableNumber as refusal:
        sentence = str(refusal)

    assert sentence.endswith(".")
