"""Tells the recalls who holds the copy that is called back."""

from django.db.models import Prefetch
from django.urls import reverse

from campaigns.models import CopyUse
from evidence.admin.holding import Holding, tells_who_holds
from evidence.models import RecallTask

COPIES = (
    CopyUse.objects.order_by()
    .select_related("copy__member", "copy__version__pack")
    .defer("copy__version__content", "copy__version__manifest")
)


def holding(task: RecallTask) -> Holding | None:
    found: CopyUse | None = getattr(task.use, "copy_use", None)
    if found is None:
        return None
    copy = found.copy
    url = reverse("admin:campaigns_packversion_change", args=[copy.version_id])
    return Holding(str(copy.member), str(copy.version), url)


tells_who_holds(Prefetch("use__copy_use", COPIES), holding)
