"""Where it is safe to reach somebody, for the machine alone: it reads this, and tells nobody."""

from evidence.identities import SafeContact, open_identity, write_look
from evidence.models import Contributor, Identity, Looked
from evidence.vault.sealing import KeyDestroyed

EMAIL = SafeContact.EMAIL
BECAUSE = "A code or a link was asked for on their own page."


def safe_contact_of(contributor: Contributor) -> tuple[str, str] | None:
    """How and where, or None if no safe way is on record.

    The look is written down first, as one by nobody; so not within a transaction.
    """
    if not Identity.objects.filter(contributor=contributor).exists():
        return None
    write_look(contributor, Looked.IDENTITY, by=None, because=BECAUSE)
    try:
        person = open_identity(contributor)
    except KeyDestroyed:
        return None
    if person is None or person.safe_contact_how == SafeContact.NONE:
        return None
    return person.safe_contact_how, person.safe_contact
