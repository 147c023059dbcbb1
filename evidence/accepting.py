"""Letting an inconsistent claim stand, with a reason, for as long as nothing in it changes."""

import hashlib
import json
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Prefetch, QuerySet

from evidence.models import Claim, ClaimAcceptance, ClaimInput, Verdict
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


def standing_acceptances(claims: QuerySet[Claim]) -> dict[str, ClaimAcceptance]:
    """Of each claim by its key, where one stands; three queries however many claims there are."""
    rows = claims.exclude(acceptances=None).prefetch_related(
        Prefetch("inputs", _in_order(ClaimInput.objects.all())),
        Prefetch("acceptances", ClaimAcceptance.objects.select_related("accepted_by")),
    )
    found: dict[str, ClaimAcceptance] = {}
    for claim in rows:
        now = _hash(claim, claim.inputs.all())
        fitting = (each for each in claim.acceptances.all() if each.fingerprint == now)
        if acceptance := next(fitting, None):
            found[claim.key] = acceptance
    return found


def fingerprint(claim: Claim) -> str:
    """A hash of all that the verdict rests on: what is stated, and each input as it is now."""
    return _hash(claim, _in_order(claim.inputs.all()))


def _in_order(inputs: QuerySet[ClaimInput]) -> QuerySet[ClaimInput]:
    return inputs.select_related("statistic").order_by("position", "pk")


def _hash(claim: Claim, inputs: Iterable[ClaimInput]) -> str:
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
