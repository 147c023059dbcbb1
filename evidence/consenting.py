"""The moves of a consent: given or refused, paused, resumed, narrowed, renewed, ended.

The database does the rest in the same transaction: tombstones for the feed, a recall task for
each copy, the log (migration 0004).
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from evidence import ledgers, website
from evidence.models import (
    FINAL_STATES,
    OPEN_STATES,
    Consent,
    ConsentScope,
    ConsentState,
    Contributor,
    Decision,
    IdentityForm,
    Pause,
    PausedBy,
    Testimony,
)
from evidence.refusing import Refused

SOON = timedelta(days=90)
LIVE_STATES = {ConsentState.GIVEN, ConsentState.SUSPENDED}


def ending_soon(consents: QuerySet[Consent]) -> QuerySet[Consent]:
    """Those that are given and still valid, but not for long: time to ask again."""
    now = timezone.now()
    return consents.filter(
        state=ConsentState.GIVEN, validity__endswith__gt=now, validity__endswith__lte=now + SOON
    )


def has_ended(consent: Consent) -> bool:
    """Its time is over, whatever state it was left in."""
    return bool(consent.validity.upper <= timezone.now())


@transaction.atomic
def give(consent: Consent) -> None:
    """Record it as given: from then on it cannot be edited.

    One that replaces another ends that in the same moment; what is on the website under the old
    record goes there anew under this one, as far as it permits.
    """
    if not consent.testimonies.exists():
        raise Refused("List the testimonies that the consent covers first.")
    if not consent.scopes.exists():
        raise Refused("Say what the consent permits first: what is not permitted is denied.")
    shown = _on_website(consent)
    old = Consent.objects.filter(renewals=consent).first()  # in its state of now
    if old is not None and old.state in LIVE_STATES:
        _move(old, ConsentState.REPLACED, LIVE_STATES)
    _move(consent, ConsentState.GIVEN, OPEN_STATES)
    _put_back(shown)


def refuse(consent: Consent) -> None:
    """They said no to what they were asked. They can be asked again, with another record."""
    _move(consent, ConsentState.REFUSED, OPEN_STATES)


def defer(consent: Consent) -> None:
    """Not yet: it waits, and may still be given or refused."""
    _move(consent, ConsentState.DEFERRED, {ConsentState.REQUESTED})


@transaction.atomic
def pause(consent: Consent, *, by: PausedBy = PausedBy.DESK) -> None:
    """An instant pause; it needs no reason.

    Where the other side paused it already, both have, and neither ends it alone.
    """
    current = _locked(consent)
    if current.state != ConsentState.SUSPENDED or by in paused_by(current):
        _move(consent, ConsentState.SUSPENDED, {ConsentState.GIVEN})
    Pause.objects.create(event=consent.events.latest("at", "id"), by=by)


@transaction.atomic
def resume(consent: Consent, *, by: PausedBy = PausedBy.DESK) -> None:
    """End a pause. What was called back stays back until it is used anew.

    The person ends their own; the charity ends the person's too, once they have asked for it.
    """
    current = _locked(consent)
    if by == PausedBy.PERSON and PausedBy.DESK in paused_by(current):
        raise Refused("The charity has paused it as well: please call us.")
    _move(consent, ConsentState.GIVEN, {ConsentState.SUSPENDED})


def paused_by(consent: Consent) -> frozenset[str]:
    """Who wants it paused now; nobody where it runs or has ended."""
    if consent.state != ConsentState.SUSPENDED:
        return frozenset()
    newest = consent.events.order_by("-at", "-id").values("pk")[:1]
    hands = Pause.objects.filter(event=newest).values_list("by", flat=True)
    return frozenset(hands) or frozenset({PausedBy.DESK})


def withdraw(consent: Consent) -> None:
    """End it for good, at the person's wish."""
    _move(consent, ConsentState.WITHDRAWN, LIVE_STATES)


def revoke(consent: Consent) -> None:
    """End it for good, though the person did not ask for that: the charity or a court did."""
    _move(consent, ConsentState.REVOKED, LIVE_STATES)


def invalidate(consent: Consent) -> None:
    """It never was one: not informed, not free, or not theirs to give. It ends for good."""
    _move(consent, ConsentState.INVALIDATED, LIVE_STATES)


@transaction.atomic
def withdraw_everything(contributor: Contributor) -> list[Consent]:
    """End all that the person has agreed to, at once; what was only asked for is refused."""
    ended = list(contributor.consents.exclude(state__in=FINAL_STATES).order_by("pk"))
    for consent in ended:
        asked = consent.state not in LIVE_STATES
        to = ConsentState.REFUSED if asked else ConsentState.WITHDRAWN
        _move(consent, to, set(ConsentState) - FINAL_STATES)
    return ended


@transaction.atomic
def withdraw_testimony(consent: Consent, testimony: Testimony) -> None:
    """Take back one account that it covers, and leave the others."""
    current = _locked(consent)
    listing = current.listed.filter(testimony=testimony).first()
    if current.state not in LIVE_STATES or listing is None:
        raise Refused("The consent does not cover that account, so there is nothing to withdraw.")
    if listing.withdrawn_at:
        raise Refused("That is withdrawn already.")
    listing.withdrawn_at = timezone.now()
    listing.save(update_fields=["withdrawn_at"])
    ledgers.export_after_commit()


@transaction.atomic
def narrow(
    consent: Consent, *, purpose: str, audience: str, channel: str, max_identity: IdentityForm
) -> None:
    """Let the person be recognised less far than so far, in one thing that it permits.

    What tells more is called back. On the website a version that tells less takes its place in
    the same moment, where one is cleared.
    """
    current = _locked(consent)
    same = current.scopes.filter(purpose=purpose, audience=audience, channel=channel)
    permitted = same.filter(decision=Decision.PERMIT).order_by("max_identity").first()
    if current.state not in LIVE_STATES or permitted is None:
        raise Refused("The consent does not permit that, so there is nothing to narrow.")
    if max_identity >= permitted.max_identity:
        raise Refused("That is as far as it goes already: only less can be chosen.")
    shown = _on_website(current)
    ConsentScope.objects.create(
        consent=current,
        purpose=purpose,
        audience=audience,
        channel=channel,
        max_identity=max_identity,
        max_edits=permitted.max_edits,
        irrevocable_understood=permitted.irrevocable_understood,
    )
    ledgers.export_after_commit()
    _put_back(shown)


@transaction.atomic
def withdraw_scope(consent: Consent, *, purpose: str, audience: str, channel: str) -> None:
    """End one thing that it permits, and leave the rest: off the website, still in briefings."""
    current = _locked(consent)
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
    ledgers.export_after_commit()


def _on_website(consent: Consent) -> list[Testimony]:
    return [each for each in consent.testimonies.order_by("pk") if website.is_on_website(each)]


def _put_back(shown: list[Testimony]) -> None:
    """What left the website with an old record or a wider one goes back if it still may."""
    for testimony in shown:
        if not website.is_on_website(testimony) and website.may_be_shown(testimony):
            website.put_on_website(testimony)


def _locked(consent: Consent) -> Consent:
    return Consent.objects.select_for_update().get(pk=consent.pk)


@transaction.atomic
def _move(consent: Consent, state: ConsentState, allowed: Collection[ConsentState]) -> None:
    current = _locked(consent)
    if current.state not in allowed:
        now = current.get_state_display().lower()
        ended = " and cannot change any more" if current.state in FINAL_STATES else ""
        raise Refused(f"The consent is {now}{ended}.")
    consent.state = state
    consent.save(update_fields=["state"])
    ledgers.export_after_commit()
