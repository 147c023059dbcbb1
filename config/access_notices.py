"""Nobody changes how an account gets in, or what it may do about people, unseen: it is mailed.

An administrator sets passwords and gives roles, and could come in as a safeguarding lead. Whoever
keeps that account is told; if it decides about people or sees who they are, so is whoever is told
of withdrawals.
"""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.core.mail import EmailMessage
from django.db.models import Q
from django.tasks import task
from django.urls import reverse

SUBJECT = "Attest: the access of an account has changed"
ABOUT_PEOPLE = (  # of the evidence floor
    "view_identity",
    "view_rawaccount",
    "view_consentevidence",
    "add_ownpagelink",
    "change_consent",
    "change_personspokenabout",
    "agree_personspokenabout",
    "check_anonymitywaiver",
    "sign_off_anonymitywaiver",
    "sign_off_reportingrestriction",
    "sign_off_testimonyversion",
    "hold_contributor",
    "erase_contributor",
)


def is_about_people(user: User) -> bool:
    """By its roles, also while it is inactive: it may be made active again."""
    held = Permission.objects.filter(Q(group__user=user) | Q(user=user))
    about = held.filter(content_type__app_label="evidence", codename__in=ABOUT_PEOPLE)
    return user.is_superuser or about.exists()


def tell(user: User, what: str, *, by: User, also: Iterable[str] = ()) -> None:
    """Mail leaves once the change is committed. Nobody is told of what they did themselves."""
    if by == user:
        return
    watching = settings.SAFEGUARDING_ALERT_TO if is_about_people(user) else []
    for address in sorted({user.email, *also, *watching} - {""}):
        mail_change.enqueue(address, user.get_username(), what, by.get_username())


@task
def mail_change(address: str, account: str, what: str, by: str) -> None:
    page = f"{settings.SITE_URL}{reverse('admin:index')}"
    body = (
        f"{what}: the account “{account}”, by “{by}”.\n\n"
        "If nobody asked for that, tell the safeguarding lead at once, and have the account made "
        f"inactive.\n{page}\n"
    )
    EmailMessage(SUBJECT, body, to=[address]).send()
