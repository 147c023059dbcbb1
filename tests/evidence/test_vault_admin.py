"""The vault at the desk: who may look, that each look is written first, and that nothing stays."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from config.roles import ROLES
from evidence import identities
from evidence.identities import Person, RawWords
from evidence.models import ConsentEvidence, Contributor, Identity, RawAccount, VaultLook
from evidence.vault import keyring
from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import address_of, client_of

pytestmark = pytest.mark.django_db

NAME, WORDS, SIGNED = "Canary Wharton", "The canary sang in the cellar", b"%PDF-1.7 a canary signed"
WHY = "She asked us to ring her."


@pytest.fixture
def kept():
    """An account with all that the vault can hold of it."""
    covered = make.covered()
    account, keeper = covered.version.testimony, make.user("recorder")
    person = Person(NAME, date(1999, 3, 14), "canary@example.org", "email")
    identities.record_identity(account.contributor, person, by=keeper)
    identities.record_raw_account(account, RawWords(WORDS, "Ring the canary line"), by=keeper)
    identities.attach_evidence(covered.consent, SIGNED, "application/pdf", by=keeper)
    return covered


@pytest.fixture
def keeper() -> Client:
    return client_of(rows.person("keeper", "safeguarding lead"))


def pages(kept) -> dict[str, str]:
    account = kept.version.testimony
    return {
        "identity": address_of(account.contributor, "identity"),
        "record_identity": address_of(account.contributor, "record_identity"),
        "raw_account": address_of(account, "raw_account"),
        "record_raw": address_of(account, "record_raw"),
        "evidence": address_of(kept.consent, "evidence"),
    }


def answers(client: Client, kept) -> dict[str, int]:
    return {
        name: client.post(address, {"because": WHY}).status_code
        for name, address in pages(kept).items()
    }


def test_a_stranger_is_shown_the_door(client, kept):
    assert set(answers(client, kept).values()) == {302}
    assert not VaultLook.objects.exists()


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"safeguarding lead"}))
def test_no_other_role_looks_or_records(role, kept):
    other = client_of(rows.person("other", role))

    told = answers(other, kept)

    assert set(told.values()) <= {403, 404}
    assert not VaultLook.objects.exists()


def test_a_superuser_is_no_key_to_the_vault(kept):
    root = User.objects.create(username="root", is_staff=True, is_superuser=True)
    addresses = pages(kept)

    told = {
        name: client_of(root).post(addresses[name], {"because": WHY}).status_code
        for name in ("identity", "raw_account", "evidence")
    }

    assert told == {"identity": 403, "raw_account": 403, "evidence": 403}
    assert not VaultLook.objects.exists()


@pytest.mark.parametrize("role", ROLES)
def test_nothing_of_the_vault_stands_on_any_page_before_the_button(role, kept):
    reader = client_of(rows.person("reader", role))
    account = kept.version.testimony
    seen = [
        reader.get(address_of(record, page)).content.decode()
        for record in (account, account.contributor, kept.version, kept.consent)
        for page in ("change", "history")
    ]

    assert not [page for page in seen if "anary" in page]


def test_the_button_asks_why_and_shows_the_identity_once(keeper, kept):
    address = pages(kept)["identity"]

    before = keeper.get(address)
    unsaid = keeper.post(address, {"because": " "})
    told = keeper.post(address, {"because": WHY})

    assert [NAME in page.content.decode() for page in (before, unsaid, told)] == [
        False,
        False,
        True,
    ]
    assert unsaid.context["form"].errors == {"because": ["Say why you have to look."]}
    assert "14 March 1999" in told.content.decode()
    assert "no-store" in told.headers["Cache-Control"]
    looks = VaultLook.objects.values_list("what", "because", "by__username")
    assert list(looks) == [("identity", WHY, "keeper")]


def test_the_raw_account_is_shown_so_too(keeper, kept):
    told = keeper.post(pages(kept)["raw_account"], {"because": WHY})

    assert WORDS in told.content.decode()
    assert "no-store" in told.headers["Cache-Control"]
    assert VaultLook.objects.get().what == "raw_account"


def test_the_evidence_is_downloaded_as_it_was_signed(keeper, kept):
    told = keeper.post(pages(kept)["evidence"], {"because": WHY})

    assert (told.content, told.headers["Content-Type"]) == (SIGNED, "application/pdf")
    assert told.headers["Content-Disposition"].startswith("attachment;")
    assert VaultLook.objects.get().what == "evidence"


@pytest.mark.parametrize("page", ["identity", "raw_account", "evidence"])
def test_a_look_that_fails_is_written_down_all_the_same(keeper, kept, page):
    keyring.current().destroy(kept.consent.contributor_id)

    told = keeper.post(pages(kept)[page], {"because": WHY})

    assert "key was destroyed" in told.context["form"].errors["because"][0]
    assert "anary" not in told.content.decode()
    assert VaultLook.objects.count() == 1


def test_a_look_at_nothing_is_written_down_too(keeper):
    nobody = Contributor.objects.create(label="Nobody yet")

    told = keeper.post(address_of(nobody, "identity"), {"because": WHY})

    assert told.context["nothing"].startswith("Nothing is recorded.")
    assert VaultLook.objects.count() == 1


def identity_form(**changed: str) -> dict[str, str]:
    return {
        "name": NAME,
        "date_of_birth": "2011-06-30",
        "safe_contact_how": "phone",
        "safe_contact": "07700 900123",
        **changed,
    }


def test_an_identity_is_recorded_and_sealed(keeper):
    nobody = Contributor.objects.create(label="Nobody yet")

    keeper.post(address_of(nobody, "record_identity"), identity_form())

    assert identities.open_identity(nobody) == Person(
        NAME, date(2011, 6, 30), "07700 900123", "phone"
    )
    assert NAME.encode() not in bytes(Identity.objects.get().sealed)


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"name": ""}, {"name": ["This field is required."]}),
        (
            {"date_of_birth": "2199-01-01"},
            {"date_of_birth": ["The date of birth lies in the future."]},
        ),
        (
            {"safe_contact": ""},
            {"safe_contact": ["Give the safe address or number together with which of the two "
                              "it is."]},
        ),
    ],
)  # fmt: skip
def test_an_identity_that_makes_no_sense_is_refused_at_its_field(keeper, changed, errors):
    nobody = Contributor.objects.create(label="Nobody yet")

    told = keeper.post(address_of(nobody, "record_identity"), identity_form(**changed))

    assert told.context["form"].errors == errors
    assert not Identity.objects.exists()


def test_a_raw_account_is_recorded(keeper):
    account = make.testimony()

    keeper.post(address_of(account, "record_raw"), {"words": WORDS, "supporter": "An aunt"})

    assert identities.open_raw_account(account) == RawWords(WORDS, supporter="An aunt")
    assert WORDS.encode() not in bytes(RawAccount.objects.get().sealed)


def test_evidence_that_is_not_what_it_claims_is_refused_at_its_field(keeper):
    given = make.covered().consent
    disguised = SimpleUploadedFile("form.pdf", b"\x89PNG\r\n\x1a\n....", "application/pdf")

    told = keeper.post(address_of(given, "attach"), {"file": disguised})

    assert list(told.context["form"].errors) == ["file"]
    assert not ConsentEvidence.objects.exists()


def test_evidence_is_attached_once(keeper):
    given = make.covered().consent
    signed = SimpleUploadedFile("form.pdf", SIGNED, "application/pdf")

    keeper.post(address_of(given, "attach"), {"file": signed})
    page = keeper.get(address_of(given, "change"))

    assert identities.open_evidence(given).content == SIGNED
    labels = [label for label, _ in page.context["pages"]]
    assert ("Open its evidence" in labels, "Attach its evidence" in labels) == (True, False)


@pytest.mark.parametrize("role", ["safeguarding lead", "data-protection officer"])
def test_the_looks_are_listed_for_those_who_answer_for_them(role, kept, keeper):
    keeper.post(pages(kept)["identity"], {"because": WHY})
    reader = client_of(rows.person("reader", role))

    words = reader.get("/admin/evidence/vaultlook/").content.decode()

    assert (WHY in words, "keeper" in words, NAME in words) == (True, True, False)


def test_an_officer_does_not_see_who_looked(kept):
    officer = client_of(rows.person("officer"))

    assert officer.get("/admin/evidence/vaultlook/").status_code == 403
