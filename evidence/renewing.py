"""What a renewal starts from: the old record's own words, for the person to be asked again."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from evidence.consenting import LIVE_STATES
from evidence.models import Consent, ConsentScope, ConsentState, Decision

LASTS = timedelta(days=365)
REVIEWED_AFTER = timedelta(days=270)


@dataclass(frozen=True)
class Renewal:
    """First values of another consent's form: its fields, testimonies and permissions."""

    fields: dict[str, Any]
    testimonies: list[dict[str, Any]]
    scopes: list[dict[str, Any]]


def can_be_renewed(consent: Consent) -> bool:
    """Not what was withdrawn: whoever took their consent back is asked for nothing."""
    begun = consent.renewals.exclude(state=ConsentState.REFUSED)
    return consent.state in LIVE_STATES and not begun.exists()


def renewal_of(record_id: str | None) -> Renewal | None:
    """None where nothing is to be renewed. When it was given, and how old they are, is asked."""
    consent = _found(record_id)
    if consent is None or not can_be_renewed(consent):
        return None
    now = timezone.now()
    listed = consent.listed.filter(withdrawn_at=None)
    return Renewal(
        fields={
            "contributor": consent.contributor_id,
            "replaces": consent.pk,
            "notice": consent.notice_id,
            "jurisdiction": consent.jurisdiction,
            "indication_method": consent.indication_method,
            "competence": consent.competence,
            "expressed_by": consent.expressed_by,
            "validity": [now, now + LASTS],
            "review_due": (now + REVIEWED_AFTER).date(),
        },
        testimonies=[{"testimony": each} for each in listed.values_list("testimony", flat=True)],
        scopes=_still_permitted(list(consent.scopes.order_by("pk"))),
    )


def _found(record_id: str | None) -> Consent | None:
    try:
        return Consent.objects.filter(pk=record_id).first() if record_id else None
    except ValidationError:
        return None


def _still_permitted(scopes: list[ConsentScope]) -> list[dict[str, Any]]:
    """What they have narrowed is asked for no wider than they left it. A denial stays out."""
    denied = {each.key for each in scopes if each.decision == Decision.DENY}
    narrowest: dict[str, ConsentScope] = {}
    for each in scopes:
        known = narrowest.get(each.key)
        if each.key not in denied and (known is None or each.max_identity < known.max_identity):
            narrowest[each.key] = each
    return [
        {
            "decision": each.decision,
            "purpose": each.purpose,
            "audience": each.audience,
            "channel": each.channel,
            "max_identity": each.max_identity,
            "max_edits": each.max_edits,
        }
        for each in narrowest.values()
    ]
