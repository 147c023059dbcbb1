"""A waiver of anonymity: one person checks for pressure, and another signs for the law."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from evidence import ledgers
from evidence.models import AnonymityWaiver
from evidence.refusing import Refused


@transaction.atomic
def check_pressure(waiver: AnonymityWaiver, *, by: User) -> None:
    """Somebody spoke with the complainant alone, and there was no pressure."""
    current = _open(waiver)
    if current.pressure_checked_by_id:
        raise Refused("That is checked already.")
    if current.legal_sign_off_by_id == by.pk:
        raise Refused("Who signed for the law cannot check for pressure too.")
    waiver.pressure_checked_by, waiver.pressure_checked_at = by, timezone.now()
    waiver.save(update_fields=["pressure_checked_by", "pressure_checked_at"])


@transaction.atomic
def sign_off(waiver: AnonymityWaiver, *, by: User) -> None:
    current = _open(waiver)
    if current.legal_sign_off_by_id:
        raise Refused("It is signed for the law already.")
    if current.pressure_checked_by_id == by.pk:
        raise Refused("Who checked for pressure cannot sign for the law too.")
    waiver.legal_sign_off_by, waiver.legal_sign_off_at = by, timezone.now()
    waiver.save(update_fields=["legal_sign_off_by", "legal_sign_off_at"])


@transaction.atomic
def void(waiver: AnonymityWaiver) -> None:
    """End it for good; what names somebody there is called back by the database."""
    _open(waiver)
    waiver.voided_at = timezone.now()
    waiver.save(update_fields=["voided_at"])
    ledgers.export_after_commit()


def _open(waiver: AnonymityWaiver) -> AnonymityWaiver:
    current = AnonymityWaiver.objects.select_for_update().get(pk=waiver.pk)
    if current.voided_at:
        raise Refused("The waiver is void, and stays so.")
    return current
