"""Every use is a row: nothing leaves that is not written here first, and the database checks it."""

import uuid

from django.db import transaction

from evidence.models import TestimonyUse, TestimonyVersion
from evidence.permission import Use, may_be_used, refusals
from evidence.refusing import Refused


@transaction.atomic
def record_use(
    version: TestimonyVersion,
    use: Use,
    *,
    artefact_sha256: str,
    feed_item: uuid.UUID | None = None,
    holder: str = "",
) -> TestimonyUse:
    """Write one use, of one recipient's copy or one feed item; raises Refused with the reasons.

    `holder` is for what was handed over by hand; who holds a copy of a pack, its copy knows.

    The trigger `testimony_use_is_covered` looks again, under a lock on the consent: what changed
    since the predicate was read is refused there.
    """
    permitted = may_be_used(use).filter(pk=version.pk).first()
    if permitted is None:
        raise Refused(f"{version}: " + " ".join(refusals(version, use)))
    return TestimonyUse.objects.create(
        version=version,
        testimony_id=version.testimony_id,
        consent_id=permitted.consent_id,
        scope_id=permitted.scope_id,
        waiver_id=permitted.waiver_id,
        publication=use.publication,
        holder=holder,
        identity=version.identity,
        used_on=use.at,
        feed_item=feed_item,
        artefact_sha256=artefact_sha256,
    )
