"""What the worker sends to a safe contact: a code, or a new link. No word says what it is about."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.tasks import task
from django.utils import timezone

from evidence.models import LinkFor, OwnPageLink
from evidence.own_page import codes, links
from evidence.own_page.contact import EMAIL, safe_contact_of
from evidence.own_page.reach import consents_of

STALE = timedelta(minutes=10)  # after that long nobody sits and waits for it

CODE = """Your code is {code}

Type it into the page that you have open. It works for 15 minutes.
Nobody will ever ask you for it. If you did not ask for a code, you need do nothing.
"""
LINK = """Here is the link that was asked for:

{link}

If you did not ask for it, you need do nothing.
"""


class NotSent(Exception):
    """Says what went wrong and not to whom: the mail program's own words hold the address."""


@task
def send_code(link: str, asked_at: str) -> None:
    """The code is made here, so that no task holds one. A request that grew old is let go.

    It is made for those too whom no mail may reach, so that their asking is counted as well.
    """
    found = None if _is_stale(asked_at) else _link(link)
    if found is None or not links.opens(found):
        return
    code = codes.make_code(found)
    where = _where_to_write(found) if code else ""
    if where:
        _send(where, "Your code", CODE.format(code=code))


@task
def send_link(link: str, asked_at: str) -> None:
    """Another link in place of one that no longer opens a page, as far as it may be sent at all."""
    found = None if _is_stale(asked_at) else _link(link)
    address = links.renew(found) if found and not links.opens(found) else None
    where = _where_to_write(found) if found and address else ""
    if where:
        _send(where, "Your link", LINK.format(link=address))


def _link(pk: str) -> OwnPageLink | None:
    return OwnPageLink.objects.select_related("contributor").filter(pk=pk).first()


def _where_to_write(link: OwnPageLink) -> str:
    """The safe e-mail address, or '' where nothing may be sent or there is nothing to open."""
    if link.contributor.do_not_contact or link.contributor.erased_at:
        return ""
    if link.made_for == LinkFor.PARENT and not consents_of(link).exists():
        return ""  # nor is a child who decides alone told that a parent asked
    how, where = safe_contact_of(link.contributor) or ("", "")
    return where if how == EMAIL else ""


def _send(where: str, subject: str, body: str) -> None:
    headers = {"Auto-Submitted": "auto-generated"}
    message = EmailMessage(subject, body, settings.OWN_PAGE_FROM, [where], headers=headers)
    try:
        message.send()
    except Exception as error:
        raise NotSent(f"The mail could not be sent: {type(error).__name__}.") from None


def _is_stale(asked_at: str) -> bool:
    return datetime.fromisoformat(asked_at) < timezone.now() - STALE
