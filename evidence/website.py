"""A testimony on the website: one use of its cleared version, which ends when the consent ends."""

import hashlib
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evidence import ledgers
from evidence.models import (
    Audience,
    Channel,
    Consent,
    Outcome,
    Purpose,
    Testimony,
    TestimonyUse,
    TestimonyVersion,
    VersionState,
)
from evidence.permission import Permit, Use, may_be_used, refusals
from evidence.refusing import Refused
from evidence.uses import record_use
from publishing import publication
from publishing.documents import document_for
from publishing.encoding import encode
from publishing.models import Kind

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations  # its types alone are needed


def website_use() -> Use:
    """What the website does with a testimony, from today on."""
    return Use(
        purpose=Purpose.PUBLIC_AWARENESS,
        audience=Audience.PUBLIC,
        channel=Channel.WEBSITE_FEED,
        at=timezone.localdate(),
        publication="website",
    )


@transaction.atomic
def put_on_website(testimony: Testimony) -> TestimonyUse:
    """Publish the cleared version that tells most of what its consent permits.

    Raises Refused where none may be used so. Uses that it replaces are marked superseded. The item
    expires with the consent, by itself. What rests on it is rendered anew afterwards: to wait for
    that while a consent is held would hold up a withdrawal.
    """
    standing = _locked(testimony)
    version = _fitting(testimony)
    form = document_for(Kind.TESTIMONY)(version)
    same = (use for use in standing if _rests_on(use) == (version.pk, version.consent_id))
    used = next(same, None) or record_use(
        version,
        website_use(),
        artefact_sha256=hashlib.sha256(encode(form.data)).hexdigest(),
        feed_item=testimony.public_id,
    )
    testimony.uses.live_on_website().exclude(pk=used.pk).update(
        recalled_at=timezone.now(), outcome=Outcome.SUPERSEDED
    )
    publication.write(
        kind=Kind.TESTIMONY,
        id=testimony.public_id,
        title=form.title_of(version),
        document=form.data,
        search_text=form.prose_of(version),
        facets=form.facets_of(version),
        expires_at=used.consent.validity.upper,
    )
    transaction.on_commit(partial(_render_followers, testimony), robust=True)
    return used


@transaction.atomic
def _render_followers(testimony: Testimony) -> None:
    publication.render_followers(testimony)


def _rests_on(use: TestimonyUse) -> tuple[UUID, UUID]:
    """Its words and its consent: what an ended consent carried is put there anew by the next."""
    return use.version_id, use.consent_id


def _fitting(testimony: Testimony) -> "WithAnnotations[TestimonyVersion, Permit]":
    cleared = testimony.versions.filter(state=VersionState.CLEARED).order_by("-identity", "-number")
    if (most := cleared.first()) is None:
        raise Refused(f"{testimony} has no cleared version.")
    permitted = may_be_used(website_use()).filter(testimony=testimony)
    fitting = permitted.order_by("-identity", "-number").first()
    if fitting is None:
        raise Refused(f"{most}: " + " ".join(refusals(most, website_use())))
    return fitting


@transaction.atomic
def take_off_website(testimony: Testimony) -> bool:
    """Take it off at once, whatever the consent permits; False where it was not there."""
    standing = _locked(testimony)
    testimony.uses.live_on_website().update(recalled_at=timezone.now(), outcome=Outcome.DESTROYED)
    ledgers.export_after_commit()
    return bool(standing)


def may_be_shown(testimony: Testimony) -> bool:
    return may_be_used(website_use()).filter(testimony=testimony).exists()


def is_on_website(testimony: Testimony) -> bool:
    """Not once its consent has run out, though nothing called the use back: it may return."""
    return testimony.uses.live_on_website().in_force().exists()


def _locked(testimony: Testimony) -> list[TestimonyUse]:
    """The uses in force, locked as a withdrawal locks: the consent, the account, uses, the item.

    One of this moment thus either waits for us, or is seen here.
    """
    consents = Consent.objects.filter(testimonies=testimony).order_by("pk")
    list(consents.select_for_update(of=("self",)).values_list("pk"))
    Testimony.objects.select_for_update(no_key=True).get(pk=testimony.pk)
    standing = list(testimony.uses.live_on_website().order_by("pk").select_for_update())
    publication.take_turns([testimony.public_id])
    return standing
