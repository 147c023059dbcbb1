"""Tells who holds the copy of a use: for recalls, and for what a withdrawal takes back."""

from django.urls import reverse

from campaigns.models import CopyUse
from evidence.holders import Holding, tells_who_holds
from evidence.models import TestimonyUse

COPIES = (
    CopyUse.objects.order_by()
    .select_related("copy__member", "copy__version__pack")
    .defer("copy__version__content", "copy__version__manifest")
)


def holding(use: TestimonyUse) -> Holding | None:
    found: CopyUse | None = getattr(use, "copy_use", None)
    if found is None:
        return None
    copy = found.copy
    url = reverse("admin:campaigns_packversion_change", args=[copy.version_id])
    return Holding(str(copy.member), str(copy.version), url)


tells_who_holds("copy_use", COPIES, holding, seen_by="campaigns.view_copy")
