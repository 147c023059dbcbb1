"""Clearing a version: the act that lets words be used at all, by a second person."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from evidence import ledgers
from evidence.models import Teller, Testimony, TestimonyVersion, VersionState
from evidence.permission import CLEAR_PROCEEDINGS, CLEAR_SAFEGUARDING
from evidence.refusing import Refused


@transaction.atomic
def clear(version: TestimonyVersion, *, by: User) -> None:
    """Clear it for use; an earlier one that is known as far as this one is superseded.

    Others stay: where a consent is narrowed, a version that tells less takes the place.
    """
    _lock(version)
    missing = _missing(version, by=by)
    if missing:
        raise Refused(f"{version} cannot be cleared: {'; '.join(missing)}.")
    TestimonyVersion.objects.filter(
        testimony=version.testimony, identity=version.identity, state=VersionState.CLEARED
    ).update(state=VersionState.SUPERSEDED)
    version.state = VersionState.CLEARED
    version.cleared_by = by
    version.save(update_fields=["state", "cleared_by"])


@transaction.atomic
def recall(version: TestimonyVersion) -> None:
    """Take it out of use for good; the database calls back what it is used in."""
    _lock(version)
    if version.state not in {VersionState.CLEARED, VersionState.SUPERSEDED}:
        raise Refused(f"{version} is {version.get_state_display().lower()}, so it is not in use.")
    version.state = VersionState.RECALLED
    version.save(update_fields=["state"])
    ledgers.export_after_commit()


@transaction.atomic
def begin(version: TestimonyVersion, testimony: Testimony, *, by: User) -> None:
    """Give a version that is about to be written its number and its writer."""
    Testimony.objects.select_for_update().get(pk=testimony.pk)  # two writers, two numbers
    last = testimony.versions.aggregate(last=Max("number"))["last"] or 0
    version.number = last + 1
    version.written_by = by


def _lock(version: TestimonyVersion) -> None:
    """Take the row, and its state of now."""
    current = TestimonyVersion.objects.select_for_update().get(pk=version.pk)
    version.state = current.state


def _missing(version: TestimonyVersion, *, by: User) -> list[str]:
    testimony = version.testimony
    restrictions = testimony.restrictions.filter(ended_at__isnull=True)
    conditions = {
        "it is no longer a draft": version.state == VersionState.DRAFT,
        "whoever wrote it cannot clear it": version.written_by_id != by.pk,
        "the contributor has not approved these words": bool(version.contributor_approved_at),
        "the jigsaw check is not recorded": bool(
            version.jigsaw_reviewed_by_id and version.jigsaw_reviewed_at
        ),
        "safeguarding is not settled": testimony.safeguarding in CLEAR_SAFEGUARDING,
        "legal proceedings are not settled": testimony.proceedings in CLEAR_PROCEEDINGS,
        "a reporting restriction is open": not restrictions.exists(),
        "it is not on record whom it was done to": testimony.teller == Teller.COMPLAINANT
        or testimony.persons_spoken_about.filter(is_complainant=True).exists(),
    }
    return [sentence for sentence, holds in conditions.items() if not holds]
