"""Links to somebody's own page: made, found, ended. Only their hash is kept."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from evidence import ledgers
from evidence.models import Contributor, LinkFor, OwnPageLink
from evidence.own_page.reach import consents_within
from evidence.refusing import Refused

LASTS = timedelta(days=30)
NEW_LINKS_A_DAY = 3


def make_link(
    contributor: Contributor,
    made_for: str = LinkFor.CONTRIBUTOR,
    *,
    by: User | None,
    lasts: timedelta = LASTS,
) -> str:
    """The whole address, told once: it cannot be looked up again. `by` is None for the machine."""
    if contributor.erased_at:
        raise Refused("This contributor was erased, so there is no page of theirs any more.")
    if made_for == LinkFor.PARENT and not consents_within(contributor, LinkFor.PARENT).exists():
        raise Refused(
            "There is nothing that a parent may decide here: no consent rests on a parent for a "
            "child under 16 who was assessed as not competent."
        )
    token = secrets.token_urlsafe(32)
    OwnPageLink.objects.create(
        contributor=contributor,
        made_for=made_for,
        sha256=hash_of(token),
        made_by=by,
        expires_at=timezone.now() + lasts,
    )
    return settings.SITE_URL + reverse("own_page:start", args=[token])


def find(token: str) -> OwnPageLink | None:
    """The link, if it still opens a page."""
    link = known(token)
    return link if link and opens(link) else None


def known(token: str) -> OwnPageLink | None:
    """The link, though it may have expired or been ended."""
    links = OwnPageLink.objects.select_related("contributor")
    return links.filter(sha256=hash_of(token)).first()


def opens(link: OwnPageLink) -> bool:
    ended = link.ended_at or link.contributor.erased_at
    return not ended and link.expires_at > timezone.now()


@transaction.atomic
def end_links(contributor: Contributor) -> int:
    """End all that somebody has, also those that ran out; returns how many.

    None is renewed then: who holds one that was stolen may read the mail of the safe contact too.
    """
    one_asker_at_a_time(contributor)
    ended = contributor.own_page_links.filter(ended_at=None).update(ended_at=timezone.now())
    ledgers.export_after_commit()
    return ended


@transaction.atomic
def renew(link: OwnPageLink) -> str | None:
    """Another link in place of one that ran out; None where it may not be."""
    one_asker_at_a_time(link.contributor)
    link.refresh_from_db(fields=["ended_at"])
    if not may_be_renewed(link):
        return None
    try:
        return make_link(link.contributor, link.made_for, by=None)
    except Refused:
        return None


def may_be_renewed(link: OwnPageLink) -> bool:
    """Nobody has ended it, and not too many were asked for."""
    if link.ended_at:
        return False
    made = OwnPageLink.objects.filter(contributor=link.contributor_id, made_by=None)
    day_ago = timezone.now() - timedelta(days=1)
    return made.filter(made_at__gt=day_ago).count() < NEW_LINKS_A_DAY


def one_asker_at_a_time(contributor: Contributor) -> None:
    """Whoever else asks for a link or a code of theirs, or ends their links, waits until then."""
    list(contributor.own_page_links.order_by("pk").select_for_update().values_list("pk"))


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
