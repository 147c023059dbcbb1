"""The buttons that move a consent, what each tells before it is pressed and what it took back."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from evidence import consenting
from evidence.admin.acting import Act, in_state
from evidence.blast_radius import blast_radius, what_became_of
from evidence.models import OPEN_STATES, Consent, ConsentState, PausedBy, TestimonyUse

CALLED_BACK = "What rests on it leaves the website now, and a recall opens for each copy."

# Which button stands there, by who wants it paused.
PAUSE_BUTTONS: dict[str, Callable[[frozenset[str]], bool]] = {
    "pause": lambda hands: PausedBy.DESK not in hands,
    "resume": lambda hands: hands == {PausedBy.DESK},
    "resume_as_asked": lambda hands: PausedBy.PERSON in hands,
}


def resting_on(consent: Consent) -> QuerySet[TestimonyUse]:
    """Also on the record that it will end by replacing it."""
    uses = TestimonyUse.objects.under(consent)
    if consent.state in OPEN_STATES and consent.replaces:
        uses |= TestimonyUse.objects.under(consent.replaces)
    return uses


def _moved(move: Any, words: str) -> Any:
    """The act that moves it, and says what that has truly taken back."""

    def do(consent: Consent, _user: User, _note: str) -> str:
        radius = blast_radius(resting_on(consent))
        move(consent)
        return what_became_of(radius, words)

    return do


ACTS = (
    Act(
        "give",
        "Record as given",
        "",
        _moved(consenting.give, "Recorded as given: from now on it cannot be edited."),
        in_state(*OPEN_STATES),
        warns="What it says and covers cannot be edited afterwards. If it replaces another, "
        "that one ends now.",
        is_main=True,
    ),
    Act(
        "defer",
        "Not yet",
        "Deferred: nothing can be used until they have given it.",
        lambda consent, user, note: consenting.defer(consent),
        in_state(ConsentState.REQUESTED),
    ),
    Act(
        "refuse",
        "They said no",
        "Refused. They can be asked again, with another record.",
        lambda consent, user, note: consenting.refuse(consent),
        in_state(*OPEN_STATES),
        warns="This record ends for good. What they gave before stays as it is, and can still "
        "be withdrawn.",
    ),
    Act(
        "pause",
        "Pause",
        "",
        _moved(consenting.pause, "Paused: nothing that rests on it can be used."),
        in_state(*consenting.LIVE_STATES),
        warns="At once, and for no reason that anybody has to give. What rests on it leaves "
        "the website, and a recall opens for each copy. The person cannot end it alone.",
    ),
    Act(
        "resume",
        "Resume",
        "Resumed. What was called back stays back until it is used anew.",
        lambda consent, user, note: consenting.resume(consent),
        in_state(ConsentState.SUSPENDED),
        is_main=True,
    ),
    Act(
        "resume_as_asked",
        "Resume, as they asked",
        "Resumed. What was called back stays back until it is used anew.",
        lambda consent, user, note: consenting.resume(consent),
        in_state(ConsentState.SUSPENDED),
        warns="They paused it themselves, on their own page. Go on only if they have asked "
        "you to: it ends their pause.",
    ),
    Act(
        "withdraw",
        "Withdraw all of it",
        "",
        _moved(consenting.withdraw, "Withdrawn for good."),
        in_state(*consenting.LIVE_STATES),
        warns=f"It ends for good. {CALLED_BACK}",
    ),
    Act(
        "revoke",
        "We end it",
        "",
        _moved(consenting.revoke, "Revoked for good."),
        in_state(*consenting.LIVE_STATES),
        warns="For when the charity or a court ends it and the person did not ask for that. "
        f"It ends for good. {CALLED_BACK}",
    ),
    Act(
        "invalidate",
        "It was not valid",
        "",
        _moved(consenting.invalidate, "Invalidated for good."),
        in_state(*consenting.LIVE_STATES),
        warns="For when it was not informed, not freely given, or not theirs to give. It ends "
        f"for good. {CALLED_BACK} Tell the data-protection officer: it was relied on so far.",
    ),
)
