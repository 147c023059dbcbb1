"""Sign-offs on those an account speaks of, and on what a court forbids to report."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from evidence.models import Life, PersonSpokenAbout, ReportingRestriction
from evidence.refusing import Refused


@transaction.atomic
def review_death(person: PersonSpokenAbout, *, by: User) -> None:
    """Somebody decided that the account may be used although a person in it has died."""
    current = PersonSpokenAbout.objects.select_for_update().get(pk=person.pk)
    if current.life != Life.DIED:
        raise Refused("No death is recorded here.")
    if current.death_reviewed_at:
        raise Refused("That is decided already.")
    person.death_reviewed_by, person.death_reviewed_at = by, timezone.now()
    person.save(update_fields=["death_reviewed_by", "death_reviewed_at"])


@transaction.atomic
def sign_for_accused(person: PersonSpokenAbout, *, by: User) -> None:
    """A lawyer decided that an accused person may be recognised."""
    current = PersonSpokenAbout.objects.select_for_update().get(pk=person.pk)
    if not current.is_accused:
        raise Refused("Nobody is accused here.")
    if current.legal_sign_off_at:
        raise Refused("That is signed already.")
    person.legal_sign_off_by, person.legal_sign_off_at = by, timezone.now()
    person.save(update_fields=["legal_sign_off_by", "legal_sign_off_at"])


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
