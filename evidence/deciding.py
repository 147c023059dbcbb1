"""Deciding on a number in prose: it rests on this figure or claim, or needs none because ..."""

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from evidence.models import Claim, NumberDecision, Reviewed, Statistic
from evidence.prose_binding import same, unbound_numbers
from evidence.refusing import Refused


@transaction.atomic
def bind(record: Reviewed, number: str, *, to: Statistic | Claim, by: User) -> NumberDecision:
    """Say which of the figures and claims that the record links a number in its prose rests on."""
    if to not in record.bound_figures():
        raise Refused(f"“{to}” is not linked here: link it first, then bind the number to it.")
    kind = "statistic" if isinstance(to, Statistic) else "claim"
    return _decide(record, number, by=by, **{kind: to})


@transaction.atomic
def waive(record: Reviewed, number: str, *, reason: str, by: User) -> NumberDecision:
    """Say why a number in its prose needs no figure."""
    if not reason.strip():
        raise Refused("Say why the number needs no figure.")
    return _decide(record, number, by=by, waiver=reason.strip())


def _decide(record: Reviewed, number: str, *, by: User, **decided: object) -> NumberDecision:
    if same(number) not in {same(each.text) for each in unbound_numbers(record)}:
        raise Refused(f"“{number}” does not stand there unbound any more.")
    nothing = {"statistic": None, "claim": None, "waiver": ""}
    decision, _ = NumberDecision.objects.update_or_create(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        number=same(number),
        defaults={**nothing, **decided, "decided_by": by},
    )
    return decision
