"""How a verdict is told at the desk: in words, and in a colour that says the same."""

from evidence.models import Verdict

NOT_CHECKED = "not checked yet"
ONLY_ROUND = "Consistent only because the inputs are round"
COLOURS = {
    Verdict.CONSISTENT.label: "success",
    ONLY_ROUND: "info",
    Verdict.INCONSISTENT.label: "danger",
    Verdict.NOT_TESTABLE.label: "warning",
    NOT_CHECKED: "",
}
# The verdicts stay three: how much one is worth stands in the reason that is kept beside it.
ALLOWED_BY_ROUNDING = "the rounding of the inputs allows"


def in_words(verdict: str, reason: str) -> str:
    if not verdict:
        return NOT_CHECKED
    return ONLY_ROUND if is_only_round(verdict, reason) else str(Verdict(verdict).label)


def is_only_round(verdict: str, reason: str) -> bool:
    """Whether it holds for some number that the inputs may stand for, not for those printed."""
    return verdict == Verdict.CONSISTENT and ALLOWED_BY_ROUNDING in reason
