"""The consents as a register: what each permits and what rests on it, without an identity."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from evidence.models import AnonymityWaiver, Consent, ConsentState, TestimonyUse


def register() -> list[dict[str, Any]]:
    """One entry a record; testimonies and items by their public ids, copies by the use's id."""
    in_force = Prefetch("uses", TestimonyUse.objects.in_force(), to_attr="in_force")
    records = (
        Consent.objects.select_related("notice")
        .prefetch_related("scopes", "listed__testimony", in_force, "waivers__version")
        .order_by("pk")
    )
    known = {record.pk: record for record in records}
    return [_entry(record, _in_force(record, known)) for record in known.values()]


def _in_force(record: Consent, known: Mapping[UUID, Consent]) -> list[TestimonyUse]:
    """What a renewal left with its holders rests on the renewal, and is listed there."""
    if record.state == ConsentState.REPLACED:
        return []
    uses: list[TestimonyUse] = []
    line: Consent | None = record
    while line and (line is record or line.state == ConsentState.REPLACED):
        uses += line.in_force  # type: ignore[attr-defined]  # the prefetch's own name
        line = known.get(line.replaces_id) if line.replaces_id else None
    return uses


def _entry(record: Consent, uses: list[TestimonyUse]) -> dict[str, Any]:
    return {
        "id": str(record.pk),
        "state": record.state,
        "given_at": record.event_time.isoformat() if record.event_time else None,
        "valid_from": record.validity.lower.isoformat(),
        "valid_until": record.validity.upper.isoformat(),
        "review_due": record.review_due.isoformat(),
        "replaces": str(record.replaces_id) if record.replaces_id else None,
        "notice": {
            "version": record.notice.version,
            "language": record.notice.language,
            "sha256": record.notice.sha256,
        },
        "scopes": _scopes(record),
        **_testimonies(record),
        "waivers": [_waiver(waiver) for waiver in record.waivers.all()],
        "feed_items": sorted(str(use.feed_item) for use in uses if use.feed_item),
        "copies": sorted(str(use.pk) for use in uses if _is_copy(use)),
    }


def _scopes(record: Consent) -> list[dict[str, Any]]:
    return [
        {
            "purpose": scope.purpose,
            "audience": scope.audience,
            "channel": scope.channel,
            "decision": scope.decision,
            "max_identity": scope.get_max_identity_display(),
        }
        for scope in record.scopes.all()
    ]


def _testimonies(record: Consent) -> dict[str, list[str]]:
    listed = record.listed.all()
    return {
        "testimonies": sorted(str(each.testimony.public_id) for each in listed),
        "withdrawn_testimonies": sorted(
            str(each.testimony.public_id) for each in listed if each.withdrawn_at
        ),
    }


def _waiver(waiver: AnonymityWaiver) -> dict[str, str]:
    """Where somebody may be named, and whether it holds; not what it tells."""
    is_signed = waiver.pressure_checked_at and waiver.legal_sign_off_at
    state = "void" if waiver.voided_at else "holds" if is_signed else "unsigned"
    return {
        "id": str(waiver.pk),
        "publication": waiver.publication,
        "version": str(waiver.version.public_id),
        "state": state,
    }


def _is_copy(use: TestimonyUse) -> bool:
    return use.feed_item is None
