"""What an issued version rests on: its blocks and items, their hashes, its checks and consents."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from campaigns.briefing import Briefing
from campaigns.briefing.interchange import from_data, to_data
from campaigns.building import printed
from campaigns.composing.gathered import Account
from campaigns.models import PackFormat, PackVersion
from campaigns.packs import Composition
from evidence.models import Claim, Reviewed

SCHEMA = "attest-pack-1"
# What a review changes about a record without changing what it says.
BOOKKEEPING = frozenset(
    {"review_state", "last_edited_by_id", "approved_by_id", "approved_at", "review_note"}
    | {"created_at", "updated_at", "checked_at"}
)

type Documents = Mapping[PackFormat, bytes]


def documents(briefing: Briefing, *, issued_at: datetime) -> Documents:
    """Every format of a version, so that a file can be known for ours whichever it is in."""
    return {format: printed(briefing, format, timestamp=issued_at) for format in PackFormat}


def manifest(composition: Composition, briefing: Briefing, made: Documents) -> dict[str, Any]:
    """Ids and hashes for whoever checks, and the blocks, from which every format can be remade."""
    pack = composition.pack
    return {
        "schema": SCHEMA,
        "pack": {"slug": pack.slug, "sha256": fingerprint(pack)},
        "approved_by": pack.approved_by_id,
        "use": str(composition.use),
        "used_on": composition.use.at.isoformat(),
        "items": [_item(record) for record in composition.records],
        "testimonies": [_testimony(account) for account in composition.accounts],
        "consents": sorted({str(account.consent_id) for account in composition.accounts}),
        "checks": [_check(claim) for claim in composition.claims],
        "refusals": list(composition.refusals),
        "warnings": list(composition.warnings),
        "documents": {format.value: sha256(content) for format, content in made.items()},
        "briefing": to_data(briefing),
    }


def rebuilt(version: PackVersion, format: str) -> bytes:
    """A version again as it was issued, in any format, from its manifest alone."""
    briefing = cast(Briefing, from_data(version.manifest["briefing"]))
    return printed(briefing, format, timestamp=version.issued_at)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def fingerprint(record: Reviewed) -> str:
    """The hash of what a record says, the same before and after a review of the same words."""
    fields = record._meta.concrete_fields
    said = {
        field.attname: field.value_to_string(record)
        for field in fields
        if field.attname not in BOOKKEEPING
    }
    return sha256(json.dumps(said, sort_keys=True).encode())


def _item(record: Reviewed) -> dict[str, str]:
    kind = str(record._meta.model_name)
    return {"kind": kind, "id": str(record.pk), "sha256": fingerprint(record)}


def _testimony(account: Account) -> dict[str, Any]:
    return {
        "version": str(account.version.pk),
        "consent": str(account.consent_id),
        "scope": account.scope_id,
        "speech": account.speech,
        "sha256": sha256(account.version.text.encode()),
    }


def _check(claim: Claim) -> dict[str, str]:
    told = {"claim": claim.key, "verdict": claim.verdict, "recomputed": claim.recomputed}
    return {**told, "reason": claim.reason}
