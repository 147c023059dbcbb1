"""Testimony and consent at the desk: written once, moved by buttons, never deleted."""

import pytest
from django.test import Client
from django.urls import reverse

from evidence.models import (
    Consent,
    ConsentState,
    Contributor,
    Decision,
    IdentifyingFeature,
    IdentityForm,
    Testimony,
    TestimonyVersion,
    VersionState,
)
from publishing.models import PublishedItem
from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import address_of, buttons, client_of, form_of, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> Client:
    """The client of a safeguarding lead who wrote nothing of what is there."""
    return client_of(rows.person("keeper", "safeguarding lead"))


def test_a_new_version_takes_the_next_number_and_its_writers_name(keeper):
    account = make.testimony()
    make.version(account)

    keeper.post(
        reverse("admin:evidence_testimonyversion_add"),
        {
            "testimony": account.pk,
            "text": "Other words.",
            "attribution": "Robin",
            "identity": IdentityForm.PSEUDONYM,
            "anonymity_note": "A pseudonym.",
            "features-TOTAL_FORMS": 1,
            "features-INITIAL_FORMS": 0,
            "features-0-kind": "place",
            "features-0-told": "a town by the sea",
        },
    )

    made = account.versions.get(text="Other words.")
    assert (made.number, made.written_by.username, made.state) == (2, "keeper", VersionState.DRAFT)
    assert [str(each) for each in made.features.all()] == ["Place: a town by the sea"]


def test_a_version_is_written_on_its_testimonys_page_too(keeper):
    account = make.testimony()

    new = {
        "versions-TOTAL_FORMS": 1,
        "versions-0-text": "What happened.",
        "versions-0-attribution": "Robin",
        "versions-0-identity": IdentityForm.PSEUDONYM,
        "versions-0-anonymity_note": "A pseudonym.",
    }
    keeper.post(address_of(account, "change"), form_of(keeper, account, **new))

    assert account.versions.get().written_by.username == "keeper"


def test_that_words_were_approved_is_recorded_and_the_words_stay(keeper):
    words = make.version(make.testimony(), contributor_approved_at=None)

    keeper.post(
        address_of(words, "change"),
        form_of(
            keeper,
            words,
            text="Sharper words.",
            contributor_approved_at_0="2026-01-05",
            contributor_approved_at_1="12:00",
            jigsaw_reviewed_at_0="2026-01-05",
            jigsaw_reviewed_at_1="12:00",
        ),
    )

    words.refresh_from_db()
    assert (words.text, words.contributor_approved_at is not None) == ("What happened to me.", True)


def test_a_second_person_clears_a_version(keeper):
    words = make.version(make.testimony())

    press(keeper, words, "clear")

    assert (words.state, words.cleared_by.username) == (VersionState.CLEARED, "keeper")


def test_whoever_wrote_a_version_is_not_offered_to_clear_it():
    words = make.version(make.testimony())
    writer = client_of(rows.person("officer", "safeguarding lead"))

    assert buttons(writer, words) == []
    assert "whoever wrote it cannot clear it" in press(writer, words, "clear")


def test_what_is_missing_before_clearing_is_said(keeper):
    words = make.version(make.testimony(), contributor_approved_at=None)

    assert "the contributor has not approved these words" in press(keeper, words, "clear")


def test_a_consent_is_given_paused_resumed_and_withdrawn(keeper):
    given = rows.consent()
    states = []

    for act in ("give", "pause", "resume", "withdraw"):
        press(keeper, given, act)
        states.append(given.state)

    assert states == [
        ConsentState.GIVEN,
        ConsentState.SUSPENDED,
        ConsentState.GIVEN,
        ConsentState.WITHDRAWN,
    ]
    assert buttons(keeper, given) == []


def test_a_consent_that_has_ended_stays_so(keeper):
    given = rows.consent()
    press(keeper, given, "give")
    press(keeper, given, "withdraw")

    assert "The consent is withdrawn and cannot change any more." in press(keeper, given, "resume")


def test_a_given_consent_is_not_edited_on_its_page(keeper):
    given = make.covered().consent
    new = {
        "scopes-TOTAL_FORMS": 2,
        "scopes-1-decision": Decision.PERMIT,
        "scopes-1-purpose": "media",
        "scopes-1-audience": "press",
        "scopes-1-channel": "press_release",
        "scopes-1-max_identity": IdentityForm.PSEUDONYM,
        "scopes-1-max_edits": "none",
    }

    keeper.post(
        address_of(given, "change"),
        form_of(keeper, given, **new, jurisdiction="SC", age_at_consent=99),
    )

    given.refresh_from_db()
    assert (given.jurisdiction, given.age_at_consent) == ("EW", 34)
    assert [scope.key for scope in given.scopes.all()] == [
        "policy_briefing:parliament_members:briefing_pack"
    ]


def test_what_a_cleared_version_tells_of_the_person_stays_as_it_was_judged(keeper):
    words = make.version(make.testimony())
    IdentifyingFeature.objects.create(version=words, kind="age", told="14")
    press(keeper, words, "clear")

    page = keeper.get(address_of(words, "change"))

    [lines] = page.context["inline_admin_formsets"]
    assert (lines.has_add_permission, lines.has_change_permission, lines.has_delete_permission) == (
        False,
        False,
        False,
    )


@pytest.mark.parametrize("model", [Contributor, Testimony, TestimonyVersion, Consent])
def test_nothing_of_it_is_deleted(keeper, model):
    make.covered()
    record = model.objects.get()

    assert keeper.get(address_of(record, "delete")).status_code == 403


def test_a_consent_longer_than_two_years_is_refused_at_its_field(keeper):
    given = rows.consent()

    page = keeper.post(
        address_of(given, "change"),
        form_of(keeper, given, validity_0="2025-01-01", validity_1="2028-01-01"),
    )

    assert page.context["adminform"].form.errors == {
        "validity": ["A consent is valid for two years at most."]
    }


def test_the_buttons_are_for_safeguarding_alone():
    given = rows.consent()
    officer = client_of(rows.person("officer"))

    answer = officer.post(address_of(given, "act"), {"act": "withdraw"})

    given.refresh_from_db()
    assert (answer.status_code, given.state) == (404, ConsentState.REQUESTED)


def test_the_safeguarding_lead_puts_an_account_on_the_website_and_takes_it_off(keeper) -> None:
    account = make.covered("website_feed").version.testimony

    press(keeper, account, "put_on_website")
    shown = PublishedItem.objects.filter(pk=account.public_id).exists()
    press(keeper, account, "take_off_website")

    assert (shown, PublishedItem.objects.filter(pk=account.public_id).exists()) == (True, False)


def test_an_account_without_a_consent_for_it_stays_off_the_website(keeper) -> None:
    account = make.covered("briefing_pack").version.testimony

    page = press(keeper, account, "put_on_website")

    assert "The consent does not cover this: website." in page
    assert not PublishedItem.objects.exists()
