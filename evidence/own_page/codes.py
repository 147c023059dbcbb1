"""The six digits that open the page: made, and tried. Only a keyed hash of them is kept."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from evidence.models import OwnPageCode, OwnPageLink
from evidence.own_page.links import one_asker_at_a_time

DIGITS = 6
LASTS = timedelta(minutes=15)
TRIES = 5
SENDS_AN_HOUR = 3
# Whoever holds a stolen link guesses at most 8 x 5 of a million codes in a day.
SENDS_A_DAY = 8


@transaction.atomic
def make_code(link: OwnPageLink) -> str | None:
    """A code to be sent; None where enough were sent lately."""
    one_asker_at_a_time(link.contributor)
    if not may_be_sent(link):
        return None
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    OwnPageCode.objects.create(
        link=link, sha256=hash_of(link, code), expires_at=timezone.now() + LASTS
    )
    return code


def may_be_sent(link: OwnPageLink) -> bool:
    """Counted over all of the person's links: another link gives no further codes."""
    sent = OwnPageCode.objects.filter(link__contributor=link.contributor_id)
    now = timezone.now()
    return (
        sent.filter(sent_at__gt=now - timedelta(hours=1)).count() < SENDS_AN_HOUR
        and sent.filter(sent_at__gt=now - timedelta(days=1)).count() < SENDS_A_DAY
    )


@transaction.atomic
def opens_with(link: OwnPageLink, given: str) -> bool:
    """Whether it is a code of this link; it is used up by that, and so are the others.

    A wrong one counts against every code that is out. What cannot be a code at all, as an empty
    field, counts against none.
    """
    digits = "".join(each for each in given if each in "0123456789")
    if len(digits) != DIGITS:
        return False
    open_codes = list(_open(link).order_by("pk").select_for_update())
    hashed = hash_of(link, digits)
    right = [constant_time_compare(each.sha256, hashed) for each in open_codes]
    tried = OwnPageCode.objects.filter(pk__in=[each.pk for each in open_codes])
    if any(right):
        tried.update(used_at=timezone.now())
    else:
        tried.update(tries=F("tries") + 1)
    return any(right)


def hash_of(link: OwnPageLink, code: str) -> str:
    told = f"{link.pk}:{code}"
    return salted_hmac("evidence.own_page.codes", told, algorithm="sha256").hexdigest()


def _open(link: OwnPageLink) -> QuerySet[OwnPageCode]:
    return link.codes.filter(used_at=None, tries__lt=TRIES, expires_at__gt=timezone.now())
