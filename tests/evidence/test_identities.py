"""The vault's door: what goes in comes out, for those who may look, and each look is on record."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.utils import timezone

from evidence import identities
from evidence.identities import Person, RawWords, SafeContact
from evidence.models import ConsentEvidence, Identity, Looked, RawAccount, VaultLook
from evidence.recognising import DOCX, LARGEST, recognised
from evidence.refusing import Refused
from evidence.vault import keyring
from evidence.vault.refusals import KeyDestroyed
from tests import factories as make

ANNA = Person("Anna Example", date(2001, 2, 3), "anna@example.org", SafeContact.EMAIL, "", "Rings.")
PDF = b"%PDF-1.7 signed by Anna Example"


def with_permission(name: str = "lead", *codenames: str) -> User:
    user = make.user(name)
    group = Group.objects.get_or_create(name="vault")[0]
    group.permissions.set(Permission.objects.filter(codename__in=codenames or ALL))
    user.groups.add(group)
    return user


ALL = ("view_identity", "view_rawaccount", "view_consentevidence")


def docx(part: str = "word/document.xml", kind: bytes = b"wordprocessingml.document.main+xml"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("[Content_Types].xml", b"<Types>" + kind + b"</Types>")
        package.writestr(part, b"<w:document/>")
    return file.getvalue()


@pytest.mark.django_db
class TestVault:
    def test_who_somebody_is_comes_out_as_it_went_in(self) -> None:
        contributor = make.testimony().contributor
        identities.record_identity(contributor, ANNA, by=make.user("officer"))

        found = identities.identity_of(contributor, by=with_permission(), because="To ring back")

        assert found == ANNA
        [look] = VaultLook.objects.values_list("contributor", "what", "because", "by__username")
        assert look == (contributor.pk, Looked.IDENTITY, "To ring back", "lead")

    def test_nothing_of_it_can_be_read_in_the_row(self) -> None:
        contributor = make.testimony().contributor
        identities.record_identity(contributor, ANNA, by=make.user("officer"))

        sealed = bytes(Identity.objects.get().sealed)

        assert not any(word in sealed for word in (b"Anna", b"2001", b"email", b"Rings"))

    def test_the_account_in_full_and_the_signed_form_too(self) -> None:
        covered = make.covered()
        raw = RawWords("All of it.", "We stop.", "Her aunt")
        identities.record_raw_account(covered.version.testimony, raw, by=make.user("officer"))
        identities.attach_evidence(covered.consent, PDF, "application/pdf", by=make.user("officer"))
        lead = with_permission()

        account = identities.raw_account_of(
            covered.version.testimony, by=lead, because="To clear it"
        )
        signed = identities.evidence_of(covered.consent, by=lead, because="To check it")

        assert account == raw
        assert signed is not None
        assert (signed.content, signed.media_type) == (PDF, "application/pdf")
        assert b"Anna" not in bytes(ConsentEvidence.objects.get().sealed)
        assert list(VaultLook.objects.order_by("at").values_list("what", flat=True)) == [
            Looked.RAW_ACCOUNT,
            Looked.EVIDENCE,
        ]

    def test_a_new_record_replaces_the_old_one(self) -> None:
        contributor = make.testimony().contributor
        identities.record_identity(contributor, ANNA, by=make.user("officer"))
        other = Person("Anna Other", None)
        identities.record_identity(contributor, other, by=make.user("officer"))

        assert identities.open_identity(contributor) == other

    def test_in_another_row_it_does_not_open(self) -> None:
        one, two = make.testimony("One"), make.testimony("Two")
        two.contributor, contributor = one.contributor, one.contributor
        two.save(update_fields=["contributor"])
        for account in (one, two):
            identities.record_raw_account(account, RawWords(account.title), by=make.user("officer"))
        sealed = RawAccount.objects.get(testimony=one).sealed
        RawAccount.objects.filter(testimony=two).update(sealed=sealed)

        with pytest.raises(Refused, match="is not what was sealed there"):
            identities.open_raw_account(two)
        assert contributor == two.contributor

    def test_nothing_recorded_is_none(self) -> None:
        testimony, lead = make.testimony(), with_permission()

        assert identities.identity_of(testimony.contributor, by=lead, because="x") is None
        assert identities.raw_account_of(testimony, by=lead, because="x") is None

    def test_a_superuser_without_the_permission_opens_nothing(self) -> None:
        contributor = make.testimony().contributor
        root = User.objects.create_superuser("root")

        with pytest.raises(Refused, match="You may not look at the identity"):
            identities.identity_of(contributor, by=root, because="I can")

        assert not VaultLook.objects.exists()

    @pytest.mark.parametrize("given", ["view_rawaccount", "view_consentevidence"])
    def test_each_part_has_a_permission_of_its_own(self, given) -> None:
        user = with_permission("lead", given)

        with pytest.raises(Refused, match="You may not look"):
            identities.identity_of(make.testimony().contributor, by=user, because="x")

    def test_a_permission_of_their_own_counts_and_one_of_somebody_inactive_does_not(self) -> None:
        user = make.user("lead")
        user.user_permissions.add(Permission.objects.get(codename="view_identity"))
        assert identities.may_look(user, Looked.IDENTITY)

        User.objects.filter(pk=user.pk).update(is_active=False)

        assert not identities.may_look(user, Looked.IDENTITY)

    @pytest.mark.parametrize("because", ["", "  ", "x" * 201])
    def test_a_look_says_why(self, because) -> None:
        contributor = make.testimony().contributor

        with pytest.raises(Refused, match="Say why you have to look"):
            identities.identity_of(contributor, by=with_permission(), because=because)

    def test_a_destroyed_key_opens_nothing_and_the_look_stands(self) -> None:
        contributor = make.testimony().contributor
        identities.record_identity(contributor, ANNA, by=make.user("officer"))
        keyring.current().destroy(contributor.pk)

        with pytest.raises(KeyDestroyed):
            identities.identity_of(contributor, by=with_permission(), because="To ring back")

        assert VaultLook.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"name": " "}, "Say what the person is called"),
            ({"date_of_birth": timezone.localdate() + timedelta(days=1)}, "lies in the future"),
            ({"safe_contact_how": "pigeon"}, "email, phone, post or none"),
            ({"safe_contact_how": "none"}, "Give the safe address"),
            ({"safe_contact": ""}, "Give the safe address"),
        ],
    )
    def test_a_person_who_makes_no_sense_is_refused(self, changes, why) -> None:
        told = {**ANNA.__dict__, **changes}

        with pytest.raises(Refused, match=why):
            identities.record_identity(
                make.testimony().contributor, Person(**told), by=make.user("officer")
            )

        assert not Identity.objects.exists()

    def test_evidence_is_attached_once(self) -> None:
        consent = make.covered().consent
        identities.attach_evidence(consent, PDF, "application/pdf", by=make.user("officer"))

        with pytest.raises(Refused, match="attached already"):
            identities.attach_evidence(consent, PDF, "application/pdf", by=make.user("officer"))


@pytest.mark.django_db(transaction=True)
class TestALookIsKept:
    def test_within_a_transaction_nobody_can_look(self) -> None:
        contributor = make.testimony().contributor
        identities.record_identity(contributor, ANNA, by=make.user("officer"))
        lead = with_permission()

        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            identities.identity_of(contributor, by=lead, because="To ring back")

        assert not VaultLook.objects.exists()

    def test_it_stands_where_opening_fails(self, keyring_folder) -> None:
        contributor = make.testimony().contributor
        identities.record_identity(contributor, ANNA, by=make.user("officer"))
        (keyring_folder / f"{contributor.pk}.key").unlink()

        with pytest.raises(Refused, match="has no key"):
            identities.identity_of(contributor, by=with_permission(), because="To ring back")

        assert VaultLook.objects.count() == 1


MP3 = b"\xff\xfb\x90\x00" + bytes(100)
M4A = b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00"


@pytest.mark.parametrize(
    ("content", "claimed", "kind"),
    [
        (PDF, "application/pdf", "application/pdf"),
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n...", "image/png", "image/png"),
        (docx(), DOCX, DOCX),
        (MP3, "audio/mp3", "audio/mpeg"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00\x00", "audio/mpeg", "audio/mpeg"),
        (M4A, "audio/x-m4a", "audio/mp4"),
        (M4A, "video/mp4", "video/mp4"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/x-wav", "audio/wav"),
        (b"OggS\x00\x02", "application/ogg", "audio/ogg"),
        ("Ich sage “ja”.\r\n".encode(), "text/plain; charset=utf-8", "text/plain"),
    ],
)
def test_a_file_is_known_by_its_bytes(content, claimed, kind) -> None:
    assert recognised(content, claimed) == kind


@pytest.mark.parametrize(
    ("content", "claimed", "why"),
    [
        (b"", "text/plain", "is empty"),
        (PDF, "image/png", "says that it is a PNG picture and is a PDF"),
        (b"<html>", "application/pdf", "says that it is a PDF and is plain text"),
        (PDF, "application/x-made-up", "says that it is “application/x-made-up” and is a PDF"),
        (PDF, "", "says that it is of no stated kind and is a PDF"),
        (b"MZ\x90\x00", "application/pdf", "no kind that is kept"),
        (docx("xl/workbook.xml"), DOCX, "no kind that is kept"),
        (docx(kind=b"ms-word.document.macroEnabled.main+xml"), DOCX, "no kind that is kept"),
        (b"PK\x03\x04 torn", DOCX, "no kind that is kept"),
        (b"\xff\xfe\x00\x00", "audio/mpeg", "no kind that is kept"),
        (b"GIF89a\x00", "image/png", "no kind that is kept"),
        (b"%PDF-" + bytes(LARGEST), "application/pdf", "larger than 20 MB"),
    ],
)
def test_what_it_is_not_is_refused(content, claimed, why) -> None:
    with pytest.raises(Refused, match=why):
        recognised(content, claimed)
