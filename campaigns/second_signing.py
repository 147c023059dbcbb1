"""The second signature, where a setting let a pack go out with one: within a working day."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.models import Pack, PackVersion, SecondSignature
from evidence.refusing import Refused


def unsigned() -> QuerySet[PackVersion]:
    """Those that still wait for it, the longest wait first."""
    waiting = PackVersion.objects.filter(
        second_signature_due__isnull=False, second_signature=None, recall=None
    )
    return waiting.order_by("second_signature_due").defer("content", "manifest")


def overdue() -> QuerySet[PackVersion]:
    return unsigned().filter(second_signature_due__lt=timezone.now())


@transaction.atomic
def sign(version: PackVersion, *, by: User) -> SecondSignature:
    """By somebody who neither wrote the pack nor issued it."""
    Pack.objects.select_for_update(of=("self",)).get(pk=version.pack_id)
    found = PackVersion.objects.defer("content").get(pk=version.pk)
    if found.second_signature_due is None or SecondSignature.objects.filter(version=found).exists():
        raise Refused("No second signature is wanted.")
    if by.pk in (found.issued_by_id, found.manifest["submitted_by"]):
        raise Refused("Whoever wrote or issued it cannot sign it too: ask a colleague.")
    return SecondSignature.objects.create(version=found, issued_by=found.issued_by, signed_by=by)
