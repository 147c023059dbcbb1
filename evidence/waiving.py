"""A waiver of anonymity: one person checks for pressure, and another signs for the law.

What forbids one is asked of the database, which refuses by the same rule.
"""

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from evidence import ledgers
from evidence.models import AnonymityWaiver, Consent
from evidence.refusing import Refused

LIFELONG = "anonymity_waiver_not_while_lifelong"


def why_not_recorded(consent: Consent, *, is_own: bool) -> str:
    """Why no waiver of the contributor's own, or of another, is taken; empty where one is.

    It may be recorded while lifelong anonymity is still ticked, and is signed after.
    """
    rule, sentence = _forbidden(consent, is_own=is_own)
    return "" if rule == LIFELONG else sentence


def why_not_signed(waiver: AnonymityWaiver) -> str:
    """Why nobody can sign it now; empty if they can."""
    return _forbidden(waiver.consent, is_own=waiver.complainant_id is None)[1]


def _forbidden(consent: Consent, *, is_own: bool) -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(rule, ''), coalesce(why_no_waiver(rule), '') "
            "FROM what_forbids_a_waiver(%s, %s) AS rule",
            [consent.pk, is_own],
        )
        rule, sentence = cursor.fetchone()
    return rule, sentence


@transaction.atomic
def check_pressure(waiver: AnonymityWaiver, *, by: User) -> None:
    """Somebody spoke with the complainant alone, and there was no pressure."""
    current = _unsigned(waiver)
    if current.pressure_checked_by_id:
        raise Refused("That is checked already.")
    if current.legal_sign_off_by_id == by.pk:
        raise Refused("Who signed for the law cannot check for pressure too.")
    waiver.pressure_checked_by, waiver.pressure_checked_at = by, timezone.now()
    waiver.save(update_fields=["pressure_checked_by", "pressure_checked_at"])


@transaction.atomic
def sign_off(waiver: AnonymityWaiver, *, by: User) -> None:
    current = _unsigned(waiver)
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


def _unsigned(waiver: AnonymityWaiver) -> AnonymityWaiver:
    current = _open(waiver)
    if why_not := why_not_signed(current):
        raise Refused(why_not)
    return current
