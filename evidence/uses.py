"""Every use is a row: nothing leaves that is not written here first, and the database checks it."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from evidence.models import (
    Audience,
    Channel,
    Consent,
    Purpose,
    Testimony,
    TestimonyUse,
    TestimonyVersion,
    VersionState,
)
from evidence.permission import Use, may_be_used, refusals
from evidence.refusing import Refused
from publishing import publication
from publishing.models import Kind

Render = Callable[[TestimonyVersion, datetime], publication.Rendering]


@transaction.atomic
def record_use(
    version: TestimonyVersion, use: Use, *, artefact_sha256: str, feed_item: uuid.UUID | None = None
) -> TestimonyUse:
    """Write one use, of one recipient's copy or one feed item; raises Refused with the reasons.

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
        identity=version.identity,
        used_on=use.at,
        feed_item=feed_item,
        artefact_sha256=artefact_sha256,
    )
