"""The door of the vault: who somebody is, their account in full, and what they signed.

Whoever looks is written down first. That row is committed before anything is opened, so it stands
also where opening fails; hence nobody can look from within a transaction, which could take the row
back. A second connection would not do: it cannot see a contributor that is not committed yet.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from evidence import ledgers
from evidence.broken_rules import sentence_for
from evidence.models import (
    Consent,
    ConsentEvidence,
    Contributor,
    Identity,
    Looked,
    RawAccount,
    Testimony,
    VaultLook,
)
from evidence.recognising import recognised
from evidence.refusing import Refused
from evidence.vault.sealing import seal, seal_json, unseal, unseal_json

LONGEST_REASON = 200
NEEDED = {
    Looked.IDENTITY: "view_identity",
    Looked.RAW_ACCOUNT: "view_rawaccount",
    Looked.EVIDENCE: "view_consentevidence",
}


class SafeContact(models.TextChoices):
    """The way by which it is safe to reach somebody."""

    EMAIL = "email", "E-mail"
    PHONE = "phone", "Phone"
    POST = "post", "Post"
    NONE = "none", "None"


@dataclass(frozen=True)
class Person:
    name: str
    date_of_birth: date | None
    safe_contact: str = ""
    safe_contact_how: str = SafeContact.NONE
    other_contact: str = ""
    notes: str = ""


@dataclass(frozen=True)
class RawWords:
    """An account as it was told, what to do in distress, and who supports the person."""

    words: str
    distress_plan: str = ""
    supporter: str = ""


@dataclass(frozen=True)
class SignedFile:
    content: bytes
    media_type: str
    sha256: str


def record_identity(contributor: Contributor, person: Person, *, by: User) -> None:
    """Seal who they are; what was sealed before is gone."""
    _require_sense(person)
    told = replace(person, name=person.name.strip(), safe_contact=person.safe_contact.strip())
    sealed = seal_json(contributor.pk, _plain(told), _of_identity(contributor))
    with _told_by_its_rule():
        Identity.objects.update_or_create(
            contributor=contributor, defaults={"sealed": sealed, "recorded_by": by}
        )
    ledgers.export_after_commit()


def identity_of(contributor: Contributor, *, by: User, because: str) -> Person | None:
    """None where nothing is recorded."""
    _look(contributor, Looked.IDENTITY, by=by, because=because)
    return open_identity(contributor)


def record_raw_account(testimony: Testimony, raw: RawWords, *, by: User) -> None:
    if not raw.words.strip():
        raise Refused("Write the account down, as it was told.")
    sealed = seal_json(testimony.contributor_id, asdict(raw), _of_raw_account(testimony))
    with _told_by_its_rule():
        RawAccount.objects.update_or_create(
            testimony=testimony, defaults={"sealed": sealed, "recorded_by": by}
        )


def raw_account_of(testimony: Testimony, *, by: User, because: str) -> RawWords | None:
    """None where nothing is recorded."""
    _look(testimony.contributor, Looked.RAW_ACCOUNT, by=by, because=because)
    return open_raw_account(testimony)


def attach_evidence(consent: Consent, content: bytes, media_type: str, *, by: User) -> None:
    """Keep the signed form or recording, once; a picture with its place and time sealed in it."""
    kind = recognised(content, media_type)
    if ConsentEvidence.objects.filter(consent=consent).exists():
        raise Refused("Its evidence is attached already, and stays as it is.")
    with _told_by_its_rule():
        ConsentEvidence.objects.create(
            consent=consent,
            sealed=seal(consent.contributor_id, content, _of_evidence(consent)),
            media_type=kind,
            sha256=hashlib.sha256(content).hexdigest(),
            recorded_by=by,
        )


def evidence_of(consent: Consent, *, by: User, because: str) -> SignedFile | None:
    """None where nothing is attached."""
    _look(consent.contributor, Looked.EVIDENCE, by=by, because=because)
    return open_evidence(consent)


def may_look(user: User, what: Looked) -> bool:
    """Given to them or to a group of theirs: being a superuser alone opens nothing."""
    given = {"content_type__app_label": "evidence", "codename": NEEDED[what]}
    own = Q(**{f"user_permissions__{name}": value for name, value in given.items()})
    by_group = Q(**{f"groups__permissions__{name}": value for name, value in given.items()})
    return User.objects.filter(own | by_group, pk=user.pk, is_active=True).exists()


def write_look(contributor: Contributor, what: Looked, *, by: User | None, because: str) -> None:
    """Durable: a RuntimeError within a transaction, since a look that was taken back is no look."""
    reason = because.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Refused(f"Say why you have to look, in {LONGEST_REASON} characters at most.")
    with transaction.atomic(durable=True):
        if Contributor.objects.filter(pk=contributor.pk, erased_at__isnull=False).exists():
            raise Refused("This contributor was erased: there is nothing to look at.")
        VaultLook.objects.create(contributor=contributor, what=what, because=reason, by=by)


def open_identity(contributor: Contributor) -> Person | None:
    """Without a look: for whoever has written one."""
    row = Identity.objects.filter(contributor=contributor).first()
    if row is None:
        return None
    told = unseal_json(contributor.pk, bytes(row.sealed), _of_identity(contributor))
    born = told.pop("date_of_birth")
    return Person(date_of_birth=date.fromisoformat(born) if born else None, **told)


def open_raw_account(testimony: Testimony) -> RawWords | None:
    """Without a look, as above."""
    row = RawAccount.objects.filter(testimony=testimony).first()
    if row is None:
        return None
    sealed = unseal_json(testimony.contributor_id, bytes(row.sealed), _of_raw_account(testimony))
    return RawWords(**sealed)


def open_evidence(consent: Consent) -> SignedFile | None:
    """Without a look, as above."""
    row = ConsentEvidence.objects.filter(consent=consent).first()
    if row is None:
        return None
    content = unseal(consent.contributor_id, bytes(row.sealed), _of_evidence(consent))
    return SignedFile(content, row.media_type, row.sha256)


def _look(contributor: Contributor, what: Looked, *, by: User, because: str) -> None:
    if not may_look(by, what):
        raise Refused(
            f"You may not look {what.label[0].lower()}{what.label[1:]}: ask the safeguarding lead."
        )
    write_look(contributor, what, by=by, because=because)


def _require_sense(person: Person) -> None:
    if not person.name.strip():
        raise Refused("Say what the person is called.")
    if person.date_of_birth and person.date_of_birth > timezone.localdate():
        raise Refused("The date of birth lies in the future.")
    if person.safe_contact_how not in SafeContact.values:
        raise Refused("The safe way to reach somebody is email, phone, post or none.")
    if (person.safe_contact_how == SafeContact.NONE) == bool(person.safe_contact.strip()):
        raise Refused("Give the safe address or number together with which of the two it is.")


def _plain(person: Person) -> dict[str, Any]:
    born = person.date_of_birth
    return {**asdict(person), "date_of_birth": born.isoformat() if born else None}


# What each sealed value belongs to: put in another row it does not open.


def _of_identity(contributor: Contributor) -> str:
    return f"identity:{contributor.pk}"


def _of_raw_account(testimony: Testimony) -> str:
    return f"raw_account:{testimony.pk}"


def _of_evidence(consent: Consent) -> str:
    return f"consent_evidence:{consent.pk}"


@contextmanager
def _told_by_its_rule() -> Iterator[None]:
    """A transaction in which a rule of the database that refuses says so in its sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused(sentence_for(error)) from error
