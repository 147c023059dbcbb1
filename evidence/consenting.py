"""The moves of a consent: given, paused, resumed, withdrawn.

The database does the rest in the same transaction: tombstones for the feed, a recall task for
each copy, the log (migration 0004).
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from evidence.models import (
    FINAL_STATES,
    Consent,
    ConsentScope,
    ConsentState,
    Decision,
    IdentityForm,
)
from evidence.refusing import Refused

SOON = timedelta(days=90)


def ending_soon(consents: QuerySet[Consent]) -> QuerySet[Consent]:
    """Those that are given and still valid, but not for long: time to ask again."""
    now = timezone.now()
    return consents.filter(
        state=ConsentState.GIVEN, validity__endswith__gt=now, validity__endswith__lte=now + SOON
    )


def has_ended(consent: Consent) -> bool:
    """Its time is over, whatever state it was left in."""
    return bool(consent.validity.upper <= timezone.now())


def give(consent: Consent) -> None:
    """Record it as given: from then on it cannot be edited."""
    if not consent.testimonies.exists():
        raise Refused("List the testimonies that the consent covers first.")
    if not consent.scopes.exists():
        raise Refused("Say what the consent permits first: what is not permitted is denied.")
    _move(consent, ConsentState.GIVEN, {ConsentState.REQUESTED, ConsentState.DEFERRED})


def pause(consent: Consent) -> None:
    """An instant pause; it needs no reason."""
    _move(consent, ConsentState.SUSPENDED, {ConsentState.GIVEN})


def resume(consent: Consent) -> None:
    """End a pause. What was called back stays back until it is used anew."""
    _move(consent, ConsentState.GIVEN, {ConsentState.SUSPENDED})


def withdraw(consent: Consent) -> None:
    """End it for good, at the person's wish."""
    _move(consent, ConsentState.WITHDRAWN, {ConsentState.GIVEN, ConsentState.SUSPENDED})


@transaction.atomic
def withdraw_scope(consent: Consent, *, purpose: str, audience: str, channel: str) -> None:
    """End one thing that it permits, and leave the rest: off the website, still in briefings."""
    current = Consent.objects.select_for_update().get(pk=consent.pk)
    same = current.scopes.filter(purpose=purpose, audience=audience, channel=channel)
    permitted = same.filter(decision=Decision.PERMIT)
    if current.state in FINAL_STATES or not permitted.exists():
        raise Refused("The consent does not permit that, so there is nothing to withdraw.")
    if same.filter(decision=Decision.DENY).exists():
        raise Refused("That is withdrawn already.")
    ConsentScope.objects.create(
        consent=current,
        purpose=purpose,
        audience=audience,
        channel=channel,
        max_identity=IdentityForm.AGGREGATE_ONLY,
        decision=Decision.DENY,
    )


@transaction.atomic
def _move(consent: Consent, state: ConsentState, allowed: set[ConsentState]) -> None:
    current = Consent.objects.select_for_update().get(pk=consent.pk)
    if current.state not in allowed:
        now = current.get_state_display().lower()
        ended = " and cannot change any more" if current.state in FINAL_STATES else ""
        raise Refused(f"The consent is {now}{ended}.")
    consent.state = state
    consent.save(update_fields=["state"])
