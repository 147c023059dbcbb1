"""The receipt of a consent: the fields of ISO/IEC TS 27560:2023, and the same in plain words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from evidence.consenting import LIVE_STATES
from evidence.models import (
    IRREVOCABLE,
    Consent,
    ConsentScope,
    Decision,
)
from evidence.own_page.words import HOW_KNOWN, in_plain_words
from evidence.refusing import Refused

RIGHTS = (
    "You can see what we hold of you, have it put right, have it erased, and complain to the "
    "Information Commissioner’s Office (ico.org.uk)."
)


@dataclass(frozen=True)
class Permitted:
    """One thing that was agreed to, or withdrawn since."""

    words: str
    how_known: str
    can_be_called_back: bool
    is_withdrawn: bool


@dataclass(frozen=True)
class Receipt:
    """`record` is for machines, by the standard's names; the rest is for the person."""

    record: dict[str, Any]
    permitted: tuple[Permitted, ...]
    accounts: tuple[str, ...]
    given_at: str
    ends_at: str


@transaction.atomic
def issue(consent: Consent) -> None:
    """Once: a later one is the same receipt, printed again."""
    current = Consent.objects.select_for_update().get(pk=consent.pk)
    if current.state not in LIVE_STATES:
        raise Refused("A receipt is given for a consent that is given.")
    if current.receipt_issued_at:
        raise Refused("The receipt was issued already: print it again.")
    consent.receipt_issued_at = timezone.now()
    consent.save(update_fields=["receipt_issued_at"])


def receipt_of(consent: Consent) -> Receipt:
    scopes = list(consent.scopes.order_by("pk"))
    permits = [each for each in scopes if each.decision == Decision.PERMIT]
    denied = {each.key for each in scopes if each.decision == Decision.DENY}
    return Receipt(
        record=_record(consent, permits),
        permitted=tuple(_permitted(each, scopes, each.key in denied) for each in _firsts(permits)),
        accounts=tuple(
            str(listing.testimony)
            for listing in consent.listed.filter(withdrawn_at=None).select_related("testimony")
        ),
        given_at=_day(consent.event_time) if consent.event_time else "not given yet",
        ends_at=_day(consent.validity.upper),
    )


def _firsts(permits: list[ConsentScope]) -> list[ConsentScope]:
    """Each thing once: later rows of it only narrow."""
    found: dict[str, ConsentScope] = {}
    for each in permits:
        found.setdefault(each.key, each)
    return list(found.values())


def _permitted(scope: ConsentScope, scopes: list[ConsentScope], is_denied: bool) -> Permitted:
    least = min(each.max_identity for each in scopes if each.key == scope.key)
    return Permitted(
        words=in_plain_words(scope.purpose, scope.audience, scope.channel),
        how_known=HOW_KNOWN[scope.max_identity if is_denied else least],
        can_be_called_back=scope.channel not in IRREVOCABLE,
        is_withdrawn=is_denied,
    )


def _record(consent: Consent, permits: list[ConsentScope]) -> dict[str, Any]:
    notice = consent.notice
    return {
        "schema_version": consent.schema_version,
        "record_id": str(consent.pk),
        "pii_principal_id": str(consent.contributor_id),
        "receipt_issued_at": _iso(consent.receipt_issued_at),
        "pii_processing": {
            "privacy_notice": {"version": notice.version, "sha256": notice.sha256},
            "language": notice.language,
            "purposes": sorted({each.purpose for each in permits}),
            "lawful_basis": f"UK GDPR Article {consent.lawful_basis}",
            "special_category_condition": f"UK GDPR Article {consent.special_category_condition}",
            "pii_information": [
                {"pii_type": "testimony", "special_pii_category": True, "pii_optional": True}
            ],
            "pii_controllers": _lines(notice.controllers),
            "recipient_third_parties": _lines(notice.recipients),
            "storage_locations": [notice.storage_location],
            "retention_period": f"P{notice.retention_months}M",
            "processing_methods": sorted({each.key for each in permits}),
            "jurisdictions": [consent.jurisdiction],
            "withdrawal_method": notice.withdrawal_method,
            "privacy_rights": RIGHTS,
        },
        "event": _event(consent),
    }


def _event(consent: Consent) -> dict[str, Any]:
    return {
        "event_type": "explicit",
        "event_state": consent.state,
        "event_time": _iso(consent.event_time),
        "validity_duration": [_iso(consent.validity.lower), _iso(consent.validity.upper)],
        "entity_id": consent.expressed_by,
        "indication_method": consent.indication_method,
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _day(moment: datetime) -> str:
    return date_format(localtime(moment), "j F Y")
