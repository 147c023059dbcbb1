"""What protects those whom an account speaks of: noted by one person, lessened only by two.

Which of two states protects less is asked of the database, which refuses by the same rule.
"""

from typing import Any

import orjson
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from evidence.models import (
    AccusedSignOff,
    Life,
    Loosening,
    PersonSpokenAbout,
    ReportingRestriction,
    Testimony,
    TestimonyVersion,
    VersionState,
)
from evidence.refusing import Refused

type Protection = dict[str, Any]  # as in `Loosening.before`

OWN_CONSENT = "has_own_consent"
OWN_CONSENT_FIRST = "Have the consent that stands here taken away first, then choose another."
FIELDS = ("is_complainant", "life", "is_accused", "is_identifiable", "max_identity")
RECOGNISED = Q(is_accused=True, is_identifiable=True)  # without a lawyer, in no words
OPEN = Q(agreed_at=None, dropped_at=None)
IS_PROPOSED = Exists(Loosening.objects.filter(OPEN, person=OuterRef("pk")))  # of a person


def protection_of(person: PersonSpokenAbout) -> Protection:
    kept = {name: getattr(person, name) for name in FIELDS}
    return {**kept, OWN_CONSENT: person.own_consent_id is not None}


def waiting_for(person: PersonSpokenAbout) -> Loosening | None:
    """What would protect them less, and nobody else has agreed to yet."""
    found = person.loosenings.filter(OPEN)
    return found.select_related("proposed_by").first()


def loosenings_of(person: PersonSpokenAbout) -> QuerySet[Loosening]:
    """What protects them less, as two agreed, and what waits for the second; newest first."""
    return person.loosenings.filter(dropped_at=None).select_related("proposed_by", "agreed_by")


@transaction.atomic
def note(person: PersonSpokenAbout, *, by: User) -> Loosening | None:
    """Save the change to what protects them more; the rest is only proposed, and returned.

    The person then holds what stands now. A proposal that was open before is dropped, since it
    spoke of another state.
    """
    stored = _locked(person)
    if person.life == Life.DIED and stored.life != Life.DIED:
        person.death_noted_by = by
    if stored.own_consent_id and person.own_consent_id not in {None, stored.own_consent_id}:
        raise Refused(OWN_CONSENT_FIRST)
    wanted, less = protection_of(person), _what_protects_less(stored, person)
    _keep(person, stored, less)
    before = protection_of(person)
    if less or before != protection_of(stored):
        _drop(stored)
    person.save(update_fields=["contributor_is", "own_consent", "death_noted_by", *FIELDS])
    if not less:
        return None
    return Loosening.objects.create(person=person, before=before, after=wanted, proposed_by=by)


@transaction.atomic
def agree(person: PersonSpokenAbout, *, by: User) -> None:
    """A second person agrees to what was proposed, and it holds from now on."""
    current, waiting = _open(person)
    if waiting.proposed_by_id == by.pk:
        raise Refused("Whoever proposed it cannot agree to it: ask a colleague.")
    if protection_of(current) != waiting.before:
        raise Refused("What is noted has changed since: it has to be proposed anew.")
    waiting.agreed_by, waiting.agreed_at = by, timezone.now()
    waiting.save(update_fields=["agreed_by", "agreed_at"])
    for name in FIELDS:
        setattr(current, name, waiting.after[name])
    if not waiting.after[OWN_CONSENT]:
        current.own_consent = None
    if current.life != Life.DIED:
        current.death_noted_by = current.death_reviewed_by = current.death_reviewed_at = None
    current.save()


@transaction.atomic
def drop(person: PersonSpokenAbout) -> None:
    """What was proposed is proposed no longer."""
    current, _ = _open(person)
    _drop(current)


@transaction.atomic
def review_death(person: PersonSpokenAbout, *, by: User) -> None:
    """Somebody else decided that the account may be used although a person in it has died."""
    current = _locked(person)
    if current.life != Life.DIED:
        raise Refused("No death is recorded here.")
    if current.death_reviewed_at:
        raise Refused("That is decided already.")
    if current.death_noted_by_id == by.pk:
        raise Refused("Whoever noted a death cannot review it: ask a colleague.")
    person.death_reviewed_by, person.death_reviewed_at = by, timezone.now()
    person.save(update_fields=["death_reviewed_by", "death_reviewed_at"])


def unsigned_versions() -> QuerySet[TestimonyVersion]:
    """In which somebody accused can be recognised, and no lawyer has signed that in these words."""
    signed = AccusedSignOff.objects.filter(person=OuterRef("pk"), version=OuterRef(OuterRef("pk")))
    recognised = PersonSpokenAbout.objects.filter(
        RECOGNISED, ~Exists(signed), testimony=OuterRef("testimony")
    )
    in_use = TestimonyVersion.objects.filter(state__in=[VersionState.DRAFT, VersionState.CLEARED])
    return in_use.filter(Exists(recognised))


def is_unsigned(version: TestimonyVersion) -> bool:
    return unsigned_versions().filter(pk=version.pk).exists()


@transaction.atomic
def sign_for_accused(version: TestimonyVersion, *, by: User) -> None:
    """A lawyer decided that whoever is accused may be recognised in the words of this version."""
    if version.written_by_id == by.pk:
        raise Refused("Whoever wrote it cannot sign it for the law.")
    if not is_unsigned(version):
        raise Refused("Nobody accused can be recognised in it without a signature.")
    recognised = version.testimony.persons_spoken_about.filter(RECOGNISED)
    for person in recognised.exclude(sign_offs__version=version):
        AccusedSignOff.objects.create(person=person, version=version, signed_by=by)


@transaction.atomic
def end_restriction(restriction: ReportingRestriction, *, by: User) -> None:
    """Only somebody else than who noted it: no date ends a restriction."""
    current = ReportingRestriction.objects.select_for_update().get(pk=restriction.pk)
    if current.ended_at:
        raise Refused("The restriction has ended.")
    if current.noted_by_id == by.pk:
        raise Refused("Who noted a restriction cannot end it: ask somebody else to sign.")
    restriction.ended_by, restriction.ended_at = by, timezone.now()
    restriction.save(update_fields=["ended_by", "ended_at"])


def _what_protects_less(stored: PersonSpokenAbout, person: PersonSpokenAbout) -> list[str]:
    states = [orjson.dumps(protection_of(each)).decode() for each in (stored, person)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT what_protects_less(%s, %s)", states)
        found: list[str] = cursor.fetchone()[0]
    return found


def _keep(person: PersonSpokenAbout, stored: PersonSpokenAbout, names: list[str]) -> None:
    """As it stands now, in what would protect them less."""
    for name in names:
        name = "own_consent" if name == OWN_CONSENT else name
        setattr(person, name, getattr(stored, name))


def _locked(person: PersonSpokenAbout) -> PersonSpokenAbout:
    """As it is stored, and locked after its account, as whoever uses that locks them."""
    Testimony.objects.select_for_update(no_key=True).get(pk=person.testimony_id)
    return PersonSpokenAbout.objects.select_for_update().get(pk=person.pk)


def _open(person: PersonSpokenAbout) -> tuple[PersonSpokenAbout, Loosening]:
    current = _locked(person)
    waiting = waiting_for(current)
    if waiting is None:
        raise Refused("Nothing waits to be agreed to here.")
    return current, waiting


def _drop(person: PersonSpokenAbout) -> None:
    person.loosenings.filter(OPEN).update(dropped_at=timezone.now())
