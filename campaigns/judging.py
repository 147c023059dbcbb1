"""Putting one's name to the role and the strength of the evidence under an ask."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from campaigns.models import Ask, EvidenceLink
from evidence.refusing import Refused


@transaction.atomic
def judge(ask: Ask, *, by: User) -> int:
    """Judge what nobody has judged yet as it stands; how many pieces that were."""
    count = put_name_to(ask.evidence.filter(judged_by=None), by=by)
    if not count:
        raise Refused("All of its evidence has been judged.")
    return count


def put_name_to(links: Iterable[EvidenceLink], *, by: User) -> int:
    ids = [link.pk for link in links]
    return EvidenceLink.objects.filter(pk__in=ids).update(judged_by=by, judged_at=timezone.now())
