"""What an issued version rests on: its blocks and items, their hashes, its checks and consents."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from django.conf import settings

from campaigns.briefing import Briefing
from campaigns.briefing.interchange import from_data, to_data
from campaigns.building import printed
from campaigns.composing.gathered import Account
from campaigns.models import Pack, PackFormat, PackItem, PackVersion, StopPassed
from campaigns.packs import Composition
from evidence.models import Claim, Reviewed
from evidence.refusing import Refused

SCHEMA = "attest-pack-2"
# Not signed as they stand, since an erasure takes words out of them: of the blocks the signed hash
# of the JSON document speaks.
SCRUBBED = frozenset({"signature", "briefing", "refusals"})
# What a review changes about a record without changing what it says.
BOOKKEEPING = frozenset(
    {"review_state", "last_edited_by_id", "approved_by_id", "approved_at", "review_note"}
    | {"created_at", "updated_at", "checked_at"}
)

type Documents = Mapping[PackFormat, bytes]


def documents(briefing: Briefing, *, issued_at: datetime) -> Documents:
    """Every format of a version, so that a file can be known for ours whichever it is in."""
    return {format: printed(briefing, format, timestamp=issued_at) for format in PackFormat}


def manifest(
    composition: Composition,
    briefing: Briefing,
    made: Documents,
    passed: Sequence[StopPassed] = (),
    *,
    number: int,
    issued_at: datetime,
) -> dict[str, Any]:
    """Ids and hashes for whoever checks, and the blocks, from which every format can be remade.

    It is signed here, so that nothing is added to it afterwards.
    """
    told = {
        "schema": SCHEMA,
        **_of_pack(composition.pack),
        "number": number,
        "issued_at": issued_at.isoformat(),
        "verify_at": f"{settings.SITE_URL}/verify/",
        **_of_composition(composition),
        "passed": [_passed(each) for each in passed],
        "documents": {format.value: sha256(content) for format, content in made.items()},
        "briefing": to_data(briefing),
    }
    return {**told, "signature": _signature(told)}


def _of_pack(pack: Pack) -> dict[str, Any]:
    return {
        "pack": {"slug": pack.slug, "sha256": fingerprint(pack)},
        "not_before": pack.not_before.isoformat() if pack.not_before else None,
        "not_after": pack.not_after.isoformat() if pack.not_after else None,
        "submitted_by": pack.last_edited_by_id,
        "approved_by": pack.approved_by_id,
    }


def _of_composition(composition: Composition) -> dict[str, Any]:
    return {
        "use": str(composition.use),
        "used_on": composition.use.at.isoformat(),
        "items": [_item(record) for record in composition.records],
        "testimonies": [_testimony(account) for account in composition.accounts],
        "left_out": _left_out(composition),
        "consents": sorted({str(account.consent_id) for account in composition.accounts}),
        "checks": [_check(claim) for claim in composition.claims],
        "refusals": list(composition.refusals),
        "warnings": list(composition.warnings),
    }


def is_signed(version: PackVersion) -> bool:
    """Whether one of our keys signed what the version rests on, its bytes and its number."""
    told, signature = version.manifest, version.manifest.get("signature")
    if not isinstance(signature, dict) or signature.get("key") not in _known_keys():
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["key"]))
        key.verify(bytes.fromhex(signature["value"]), _signed_part(told))
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    row = (version.number, version.sha256, version.not_after)
    ends = told["not_after"] and datetime.fromisoformat(told["not_after"])
    return row == (told["number"], told["documents"][PackFormat.PDF], ends)


def _signature(told: Mapping[str, Any]) -> dict[str, str]:
    value = _own_key().sign(_signed_part(told)).hex()
    return {"algorithm": "ed25519", "key": _public(_own_key()), "value": value}


def without_words(told: Mapping[str, Any]) -> dict[str, Any]:
    """What stays as it was issued, also when an account in it is erased."""
    return {name: value for name, value in told.items() if name not in SCRUBBED}


def _signed_part(told: Mapping[str, Any]) -> bytes:
    return json.dumps(without_words(told), sort_keys=True, ensure_ascii=False).encode()


def _own_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.PACK_SIGNING_KEY))


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def _known_keys() -> set[str]:
    return {_public(_own_key()), *settings.PACK_SIGNED_BEFORE}


def _passed(each: StopPassed) -> dict[str, str]:
    return {
        "stop": each.stop,
        "sentence": each.sentence,
        "reason": each.reason,
        "by": each.passed_by.get_full_name() or each.passed_by.get_username(),
        "at": each.passed_at.isoformat(),
    }


def rebuilt(version: PackVersion, format: str) -> bytes:
    """A version again as it was issued, in any format, from its manifest alone.

    Raises Refused where an account in it was erased since.
    """
    return printed(briefing_of(version), format, timestamp=version.issued_at)


def briefing_of(version: PackVersion) -> Briefing:
    if version.why_gone:
        raise Refused(version.why_gone)
    return cast(Briefing, from_data(version.manifest["briefing"]))


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


def _left_out(composition: Composition) -> list[str]:
    """Accounts that were chosen and not printed: their titles stand among the refusals."""
    chosen = PackItem.objects.filter(section__pack=composition.pack).exclude(testimony_version=None)
    printed_here = {account.version.pk for account in composition.accounts}
    ids = set(chosen.values_list("testimony_version", flat=True))
    return sorted(str(each) for each in ids - printed_here)


def _check(claim: Claim) -> dict[str, str]:
    told = {"claim": claim.key, "verdict": claim.verdict, "recomputed": claim.recomputed}
    return {**told, "reason": claim.reason}
