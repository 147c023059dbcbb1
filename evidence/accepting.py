"""Letting an inconsistent claim stand, with a reason, for as long as nothing in it changes."""

import hashlib
import json

from django.contrib.auth.models import User
from django.db import transaction

from evidence.models import Claim, ClaimAcceptance, Verdict
from evidence.refusing import Refused


@transaction.atomic
def accept(claim: Claim, *, reason: str, by: User) -> ClaimAcceptance:
    """Accept the claim as printed although the arithmetic does not hold."""
    current = Claim.objects.select_for_update().get(pk=claim.pk)
    if current.verdict != Verdict.INCONSISTENT:
        raise Refused("Only an inconsistent claim needs to be accepted.")
    if not reason.strip():
        raise Refused("Say why the claim may stand.")
    return ClaimAcceptance.objects.create(
        claim=current, reason=reason.strip(), fingerprint=fingerprint(current), accepted_by=by
    )


def standing_acceptance(claim: Claim) -> ClaimAcceptance | None:
    """The acceptance that still fits what the claim says now, if there is one."""
    now = fingerprint(claim)
    return next((each for each in claim.acceptances.all() if each.fingerprint == now), None)


def fingerprint(claim: Claim) -> str:
    """A hash of all that the verdict rests on: what is stated, and each input as it is now."""
    inputs = claim.inputs.select_related("statistic").order_by("position", "pk")
    rests_on = {
        "claim": [
            claim.type,
            claim.stated,
            claim.qualifier,
            claim.days,
            claim.base,
            claim.weighted,
            str(claim.period_id),
        ],
        "inputs": [
            [
                each.role,
                str(each.statistic_id),
                each.statistic.value_printed,
                str(each.statistic.value),
                each.statistic.unit,
                each.statistic.qualifier,
            ]
            for each in inputs
        ],
    }
    return hashlib.sha256(json.dumps(rests_on).encode()).hexdigest()
