"""After an erasure this floor cleans its files; for an access request it says who holds copies.

Its rows are cleaned by a trigger.
"""

from collections.abc import Collection
from uuid import UUID

from django.conf import settings

from campaigns.filing import forget
from campaigns.models import CopyUse
from evidence.disclosing import tells_holders
from evidence.erasing import cleaner
from evidence.models import TestimonyUse


@cleaner
def pack_files(_erased: Collection[UUID]) -> None:
    """Every preview is made anew, and no copy lies about that is not held."""
    forget(settings.PACKS)


@tells_holders
def recipients(use: TestimonyUse) -> list[str]:
    """Whose copy of a pack it is."""
    held = CopyUse.objects.filter(use=use).select_related("copy__member", "copy__version__pack")
    held = held.defer("copy__version__content", "copy__version__manifest")
    return [str(each.copy) for each in held]
