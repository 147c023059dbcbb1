"""The moves of a consent: from which state each goes, and that it is known beside the keys."""

from collections.abc import Callable

import pytest

from evidence import clearing, consenting, waiving, website
from evidence.models import Channel, Consent, IdentityForm
from evidence.refusing import Refused
from evidence.vault import ledger_file
from tests import factories as make

pytestmark = pytest.mark.django_db


def ends_in(days: int) -> Consent:
    begun, end = make.moment(-40), make.moment(days)
    covered = make.covered(
        title=f"Ends in {days}", validity=(begun, end), event_time=begun, review_due=begun.date()
    )
    return covered.consent


def test_those_end_soon_that_are_given_and_have_some_days_left() -> None:
    soon, paused = ends_in(20), ends_in(21)
    ends_in(200), consenting.pause(paused)

    assert list(consenting.ending_soon(Consent.objects.all())) == [soon]


def stands(state: str) -> Consent:
    """A consent that has come to this state."""
    if state in {"requested", "deferred"}:
        asked = make.requested_consent(make.testimony(state).contributor)
        return asked if state == "requested" else moved(asked, consenting.defer)
    given = make.covered(title=state).consent
    ways = {"given": [], "suspended": [consenting.pause], "withdrawn": [consenting.withdraw]}
    for way in ways[state]:
        moved(given, way)
    return given


def moved(consent: Consent, move: Callable[[Consent], None]) -> Consent:
    move(consent)
    consent.refresh_from_db()
    return consent


def outcomes(move: Callable[[Consent], None]) -> list[str]:
    """What becomes of a consent that is requested, deferred, given, paused, withdrawn."""
    found = []
    for state in ("requested", "deferred", "given", "suspended", "withdrawn"):
        consent = stands(state)
        try:
            found.append(moved(consent, move).state)
        except Refused as refused:
            found.append(str(refused))
    return found


IS_GIVEN, IS_PAUSED = "The consent is given.", "The consent is paused."
IS_REQUESTED, IS_DEFERRED = "The consent is requested.", "The consent is deferred."
IS_OVER = "The consent is withdrawn and cannot change any more."


@pytest.mark.parametrize(
    ("move", "ends"),
    [
        (consenting.refuse, ["refused", "refused", IS_GIVEN, IS_PAUSED, IS_OVER]),
        (consenting.defer, ["deferred", IS_DEFERRED, IS_GIVEN, IS_PAUSED, IS_OVER]),
        (consenting.revoke, [IS_REQUESTED, IS_DEFERRED, "revoked", "revoked", IS_OVER]),
        (consenting.invalidate, [IS_REQUESTED, IS_DEFERRED, *["invalidated"] * 2, IS_OVER]),
    ],
)
def test_a_move_goes_from_its_own_states_alone(move, ends) -> None:
    assert outcomes(move) == ends


def of_its_scope(covered: make.Covered) -> dict[str, str]:
    scope = covered.scopes[Channel.WEBSITE_FEED]
    return {"purpose": scope.purpose, "audience": scope.audience, "channel": scope.channel}


ACTS: dict[str, Callable[[make.Covered], object]] = {
    "pause": lambda covered: consenting.pause(covered.consent),
    "withdraw": lambda covered: consenting.withdraw(covered.consent),
    "revoke": lambda covered: consenting.revoke(covered.consent),
    "invalidate": lambda covered: consenting.invalidate(covered.consent),
    "one account": lambda covered: consenting.withdraw_testimony(
        covered.consent, covered.version.testimony
    ),
    "one channel": lambda covered: consenting.withdraw_scope(
        covered.consent, **of_its_scope(covered)
    ),
    "narrow": lambda covered: consenting.narrow(
        covered.consent,
        **of_its_scope(covered),
        max_identity=IdentityForm.PARAPHRASE_ANONYMOUS,
    ),
    "recall": lambda covered: clearing.recall(covered.version),
    "off the website": lambda covered: website.take_off_website(covered.version.testimony),
    "void": lambda covered: waiving.void(covered.version.waivers.get()),
}


@pytest.mark.parametrize("act", ACTS)
def test_each_act_is_in_the_file_once_it_is_committed(
    act: str, django_capture_on_commit_callbacks
) -> None:
    """A backup of a minute ago may be restored in a minute: the worker would be too late."""
    covered = make.covered(Channel.WEBSITE_FEED)
    make.signed_waiver(covered.consent, covered.version)
    website.put_on_website(covered.version.testimony)

    with django_capture_on_commit_callbacks(execute=True):
        ACTS[act](covered)

    assert ledger_file.read()
