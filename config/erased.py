"""What libraries keep that may hold words of somebody who was erased: taken out for everybody.

None of them says whose words it keeps, and what they keep is of no use for long.
"""

from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.tasks import TaskResultStatus

from config.models import DeadLetter, Job
from evidence.erasing import cleaner
from evidence.models import Consent, Testimony, TestimonyVersion

# What keeps somebody signed in. All else is what the desk told them, or held between two pages.
SIGNED_IN = ("_auth_user_", "_session_", "account_", "mfa")


@cleaner
def sessions(_erased: Collection[UUID]) -> None:
    """Expired ones go; of the others what keeps their owner signed in is left."""
    SessionStore.clear_expired()
    for row in Session.objects.all():
        store = SessionStore(row.session_key)
        held = [key for key, _ in store.items() if not key.startswith(SIGNED_IN)]
        for key in held:
            del store[key]
        if held:
            store.save()


@cleaner
def finished_tasks(_erased: Collection[UUID]) -> None:
    """What they were given and what they answered; nobody reads either once they are done."""
    done = [TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED]
    Job.objects.filter(status__in=done).delete()


@cleaner
def dead_letters(erased: Collection[UUID]) -> None:
    """Those that name something of theirs: nobody can have it tried again."""
    names = _names_of(erased)
    for letter in DeadLetter.objects.all():
        text = f"{letter.args} {letter.kwargs}"
        if any(name in text for name in names):
            letter.delete()


@cleaner
def letters_on_disk(_erased: Collection[UUID]) -> None:
    """Letters that were written to files, where no other way of sending is set."""
    for mailer in settings.MAILERS.values():
        folder = mailer.get("OPTIONS", {}).get("file_path")
        for file in Path(folder).glob("*") if folder else ():
            if file.is_file():
                file.unlink(missing_ok=True)


def _names_of(erased: Collection[UUID]) -> set[str]:
    theirs = Q(contributor__in=erased)
    accounts = Testimony.objects.filter(theirs).values_list("pk", flat=True)
    consents = Consent.objects.filter(theirs).values_list("pk", flat=True)
    versions = TestimonyVersion.objects.filter(testimony__contributor__in=erased)
    ids = {*erased, *accounts, *consents, *versions.values_list("pk", flat=True)}
    return {name for each in ids for name in (str(each), each.hex)}
