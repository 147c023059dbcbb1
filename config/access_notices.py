"""Nobody changes how an account gets in, or lets it into the vault, unseen: it is told by mail.

An administrator sets passwords and gives roles, and could come in as a safeguarding lead. Whoever
keeps that account is told, and so is whoever is told of withdrawals if it opens the vault.
"""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.tasks import task
from django.urls import reverse

from evidence.models import Identity

SUBJECT = "Attest: the access of an account has changed"
VAULT = f"{Identity._meta.app_label}.view_{Identity._meta.model_name}"


def opens_the_vault(user: User) -> bool:
    """As the roles stand in the database, and not when this person was read."""
    return User.objects.get(pk=user.pk).has_perm(VAULT)


def tell(user: User, what: str, *, by: User, also: Iterable[str] = ()) -> None:
    """Mail leaves once the change is committed. Nobody is told of what they did themselves."""
    if by == user:
        return
    watching = settings.SAFEGUARDING_ALERT_TO if opens_the_vault(user) else []
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
