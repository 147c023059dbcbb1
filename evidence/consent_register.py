"""The consents as a register: what each permits and what rests on it, without an identity."""

from typing import Any

from evidence.models import Consent, TestimonyUse


def register() -> list[dict[str, Any]]:
    """One entry a record; testimonies and items by their public ids, copies by the use's id."""
    records = Consent.objects.prefetch_related("scopes", "testimonies", "uses").order_by("pk")
    return [_entry(record) for record in records]


def _entry(record: Consent) -> dict[str, Any]:
    uses = [use for use in record.uses.all() if use.recalled_at is None]
    return {
        "id": str(record.pk),
        "state": record.state,
        "valid_from": record.validity.lower.isoformat(),
        "valid_until": record.validity.upper.isoformat(),
        "scopes": [
            {
                "purpose": scope.purpose,
                "audience": scope.audience,
                "channel": scope.channel,
                "decision": scope.decision,
                "max_identity": scope.get_max_identity_display(),
            }
            for scope in record.scopes.all()
        ],
        "testimonies": sorted(str(each.public_id) for each in record.testimonies.all()),
        "feed_items": sorted(str(use.feed_item) for use in uses if use.feed_item),
        "copies": sorted(str(use.pk) for use in uses if _is_copy(use)),
    }


def _is_copy(use: TestimonyUse) -> bool:
    return use.feed_item is None
