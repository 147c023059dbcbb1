"""People in an account, restrictions and waivers at the desk: who signs, and who is refused."""

import hashlib

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from config.roles import ROLES
from evidence.models import (
    AnonymityWaiver,
    Contributor,
    ContributorIs,
    Jurisdiction,
    Life,
    PersonSpokenAbout,
    PrivacyNotice,
    ReportingRestriction,
    Teller,
)
from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import address_of, buttons, client_of, form_of, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> Client:
    return client_of(rows.person("keeper", "safeguarding lead"))


@pytest.fixture
def lawyer() -> Client:
    return client_of(rows.person("lawyer", "legal reviewer"))


def restriction() -> ReportingRestriction:
    return ReportingRestriction.objects.create(
        testimony=make.testimony("Restricted"), kind="court_order", noted_by=make.user("keeper")
    )


def somebody(**fields: object) -> PersonSpokenAbout:
    about = {"contributor_is": ContributorIs.PARENT, "life": Life.LIVING, **fields}
    return make.person_spoken_about(make.testimony("Of somebody"), **about)


def waiver_form(covered: make.Covered, **changed: object) -> dict[str, object]:
    return {
        "consent": covered.consent.pk,
        "version": covered.version.pk,
        "publication": "website",
        "matter": "That it happened to her.",
        "signed_at_0": "2026-01-05",
        "signed_at_1": "12:00",
        "age_when_signed": 34,
        "given_by": "complainant",
        "document": SimpleUploadedFile("waiver.pdf", b"%PDF- signed"),
        **changed,
    }


def waiver(covered: make.Covered) -> AnonymityWaiver:
    return make.waiver(covered.consent, covered.version, "website")


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"safeguarding lead", "legal reviewer"}))
def test_nobody_else_signs(role):
    other = client_of(rows.person("other", role))
    held = restriction(), somebody(life=Life.DIED), waiver(make.covered(title="Another"))
    acts = ("end", "review_death", "sign_off")

    codes = {
        other.post(address_of(record, "act"), {"act": act}).status_code
        for record, act in zip(held, acts, strict=True)
    }

    assert codes <= {403, 404}


def test_a_restriction_is_noted_on_the_accounts_page(keeper):
    account = make.testimony()
    new = {"restrictions-TOTAL_FORMS": 1, "restrictions-0-kind": "CA89_s97"}

    keeper.post(address_of(account, "change"), form_of(keeper, account, **new))

    noted = account.restrictions.get()
    assert (noted.kind, noted.noted_by.username, noted.ended_at) == ("CA89_s97", "keeper", None)


def test_a_restriction_ends_by_the_signature_of_another_person(keeper, lawyer):
    noted = restriction()

    assert buttons(keeper, noted) == []
    press(lawyer, noted, "end")
    assert (noted.ended_by.username, noted.ended_at is not None) == ("lawyer", True)


def test_who_noted_a_restriction_cannot_end_it():
    both = rows.person("keeper", "safeguarding lead", "legal reviewer")
    noted = restriction()

    words = press(client_of(both), noted, "end")

    assert "Who noted a restriction cannot end it" in words
    assert noted.ended_at is None


def test_a_death_is_recorded_and_then_reviewed(keeper):
    person, lead = somebody(), client_of(rows.person("lead", "safeguarding lead"))

    keeper.post(address_of(person, "change"), form_of(keeper, person, life=Life.DIED))
    person.refresh_from_db()
    offered = buttons(keeper, person), buttons(lead, person)
    press(lead, person, "review_death")

    assert (person.life, person.death_noted_by.username) == (Life.DIED, "keeper")
    assert offered == ([], ["review_death"])
    assert person.death_reviewed_by.username == "lead"


def test_a_death_noted_with_the_account_is_reviewed_by_somebody_else(keeper):
    account = make.testimony()
    new = {
        "persons_spoken_about-TOTAL_FORMS": 1,
        "persons_spoken_about-0-contributor_is": "parent",
        "persons_spoken_about-0-life": "died",
        "persons_spoken_about-0-max_identity": 2,
    }

    keeper.post(address_of(account, "change"), form_of(keeper, account, **new))

    noted = account.persons_spoken_about.get()
    assert (noted.life, noted.death_noted_by.username) == (Life.DIED, "keeper")
    assert "ask a colleague" in press(keeper, noted, "review_death")
    page = keeper.get(address_of(account, "change")).content.decode()
    assert f'<a href="{address_of(noted, "change")}"' in page


def test_what_protects_less_waits_for_somebody_else(keeper, lawyer):
    person = somebody(is_accused=True)
    less = form_of(keeper, person, is_complainant="", max_identity=3, contributor_is="friend")

    words = keeper.post(address_of(person, "change"), less, follow=True).content.decode()
    person.refresh_from_db()
    before = (person.is_complainant, person.max_identity, person.contributor_is)
    page = lawyer.get(address_of(person, "change")).content.decode()
    offered = buttons(keeper, person), buttons(lawyer, person)
    press(lawyer, person, "agree")

    change = (
        "complainant “no” instead of “yes” and "
        "as far as “pseudonym” instead of “in their words, anonymous”"
    )
    assert f"somebody else has to agree first: {change}." in words
    assert "changed successfully" not in words
    assert (
        f"keeper proposed to protect them less, and somebody else has to agree: {change}." in page
    )
    assert before == (True, 2, "friend")
    assert offered == (["drop"], ["agree", "drop"])
    assert (person.is_complainant, person.max_identity, person.is_accused) == (False, 3, True)


def test_whoever_agrees_has_read_what_is_proposed_now(keeper, lawyer):
    person = somebody(is_accused=True)
    keeper.post(address_of(person, "change"), form_of(keeper, person, is_accused=""))
    seen = lawyer.get(address_of(person, "change")).context["seen"]
    keeper.post(address_of(person, "change"), form_of(keeper, person, is_complainant=""))

    answer = lawyer.post(
        address_of(person, "act"), {"act": "agree", "seen": seen}, follow=True
    ).content.decode()
    press(lawyer, person, "agree")
    page = lawyer.get(address_of(person, "change")).content.decode()

    assert "It has changed since you opened this page: read it again first." in answer
    assert (person.is_accused, person.is_complainant) == (True, False)
    assert "keeper proposed to protect them less, and lawyer agreed" in page
    log = LogEntry.objects.filter(object_id=str(person.pk)).order_by("pk")
    assert [each.get_change_message() for each in log] == [
        "Proposed: accused “no” instead of “yes”",
        "Proposed: complainant “no” instead of “yes”",
        "Agreed: it holds from now on.",
    ]


def test_a_lawyer_signs_for_those_who_were_accused_when_they_read_it(lawyer):
    person = somebody(is_accused=True, is_identifiable=True)
    words = make.version(person.testimony)
    seen = lawyer.get(address_of(words, "change")).context["seen"]
    make.person_spoken_about(person.testimony, is_accused=True, is_identifiable=True)

    lawyer.post(address_of(words, "act"), {"act": "sign_for_accused", "seen": seen})

    assert not person.sign_offs.exists()


@pytest.mark.parametrize(
    ("role", "is_told"), [("officer", False), ("administrator", False), ("legal reviewer", True)]
)
def test_that_somebody_is_accused_is_told_to_who_may_see_who_is_in_it(role, is_told):
    person = somebody(is_accused=True, is_identifiable=True)
    words = make.version(person.testimony)

    page = client_of(rows.person("reader", role)).get(address_of(words, "change"))

    assert ("accused" in page.content.decode()) == is_told


def test_the_history_of_an_account_tells_nothing_of_who_is_in_it(keeper, lawyer):
    account = make.testimony()
    words = make.version(account)
    new = {
        "title": "Another title",
        "persons_spoken_about-TOTAL_FORMS": 1,
        "persons_spoken_about-0-contributor_is": "parent",
        "persons_spoken_about-0-life": "living",
        "persons_spoken_about-0-max_identity": 2,
        "persons_spoken_about-0-is_accused": "on",
        "persons_spoken_about-0-is_identifiable": "on",
        "restrictions-TOTAL_FORMS": 1,
        "restrictions-0-kind": "CA89_s97",
    }
    keeper.post(address_of(account, "change"), form_of(keeper, account, **new))
    assert account.persons_spoken_about.get().is_accused
    press(lawyer, words, "sign_for_accused")
    assert account.persons_spoken_about.get().sign_offs.exists()

    officer = client_of(rows.person("officer", "officer"))
    told = [
        page.context["action_list"][0].get_change_message()
        for page in (officer.get(address_of(each, "history")) for each in (account, words))
    ]

    assert told == ["Changed Title and lines.", "Signed."]


def test_a_title_that_was_cleared_is_refused_at_its_field(keeper):
    account = make.covered(title="As it was cleared").version.testimony

    page = keeper.post(
        address_of(account, "change"), form_of(keeper, account, title="It names her")
    )

    account.refresh_from_db()
    assert (account.title, list(page.context["adminform"].form.errors)) == (
        "As it was cleared",
        ["title"],
    )


def test_who_told_it_is_refused_at_its_field_once_its_words_are_cleared(keeper):
    account = make.testimony(teller=Teller.SOMEBODY_CLOSE)
    make.person_spoken_about(account)
    make.cleared(account)

    page = keeper.post(
        address_of(account, "change"), form_of(keeper, account, teller="complainant")
    )

    assert list(page.context["adminform"].form.errors) == ["teller"]


def test_a_proposal_is_dropped(keeper, lawyer):
    person = somebody()
    keeper.post(address_of(person, "change"), form_of(keeper, person, is_complainant=""))

    press(lawyer, person, "drop")

    assert person.is_complainant
    assert (buttons(keeper, person), buttons(lawyer, person)) == ([], [])
    page = keeper.get(address_of(person, "change")).content.decode()
    assert "proposed to protect them less" not in page


def test_another_consent_of_theirs_is_refused_at_its_field(keeper):
    person = somebody(own_consent=make.covered(title="Theirs").consent)
    other = make.covered(title="Another").consent

    page = keeper.post(address_of(person, "change"), form_of(keeper, person, own_consent=other.pk))

    assert page.context["adminform"].form.errors == {
        "own_consent": ["Have the consent that stands here taken away first, then choose another."]
    }


def test_a_person_begins_anonymous_at_their_field(keeper):
    account = make.testimony()
    new = {
        "persons_spoken_about-TOTAL_FORMS": 1,
        "persons_spoken_about-0-contributor_is": "parent",
        "persons_spoken_about-0-life": "living",
        "persons_spoken_about-0-max_identity": 3,
    }

    page = keeper.post(address_of(account, "change"), form_of(keeper, account, **new))

    told = "It begins anonymous: save it so, then propose to go further. Somebody else agrees."
    assert told in page.content.decode()
    assert not account.persons_spoken_about.exists()


def test_an_accused_person_takes_a_lawyers_signature(keeper, lawyer):
    person = somebody(is_accused=True, is_identifiable=True)
    words = make.version(person.testimony)

    refused = keeper.post(address_of(words, "act"), {"act": "sign_for_accused"}).status_code
    waits = lawyer.get(address_of(words, "change")).content.decode()
    signed = press(lawyer, words, "sign_for_accused")

    assert (refused, person.sign_offs.get().signed_by.username) == (403, "lawyer")
    assert "Somebody accused can be recognised in it: a lawyer has to sign first." in waits
    assert "For the law, of somebody accused: lawyer" in signed
    assert buttons(lawyer, words) == []


def test_another_person_goes_no_further_than_a_pseudonym_at_their_field(keeper):
    person = somebody()

    page = keeper.post(address_of(person, "change"), form_of(keeper, person, max_identity=5))

    assert page.context["adminform"].form.errors == {
        "max_identity": ["Only their own anonymity waiver goes as far as a name."]
    }


def test_a_waiver_is_recorded_by_the_hash_of_its_document(keeper):
    covered = make.covered()

    keeper.post(reverse("admin:evidence_anonymitywaiver_add"), waiver_form(covered))

    made = AnonymityWaiver.objects.get()
    assert made.document_sha256 == hashlib.sha256(b"%PDF- signed").hexdigest()
    assert (made.recorded_by.username, made.pressure_checked_by) == ("keeper", None)


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"publication": "everywhere"},
         {"publication": ["Name one publication: website, pack:slug or outlet:name."]}),
        ({"age_when_signed": 15},
         {"age_when_signed": ["A waiver signed under 16 is void, and stays so."]}),
        ({"given_by": "parent"},
         {"given_by": ["Only the complainant can waive; a parent cannot."]}),
        ({"signed_at_0": "2199-01-01"},
         {"signed_at": ["A waiver cannot be signed in the future."]}),
        ({"document": ""}, {"document": ["This field is required."]}),
    ],
)  # fmt: skip
def test_a_waiver_that_is_none_is_refused_at_its_field(keeper, changed, errors):
    page = keeper.post(
        reverse("admin:evidence_anonymitywaiver_add"), waiver_form(make.covered(), **changed)
    )

    assert page.context["adminform"].form.errors == errors


def test_a_waiver_under_scottish_law_is_refused_at_the_consent(keeper):
    covered = make.covered(jurisdiction=Jurisdiction.SCOTLAND)

    page = keeper.post(reverse("admin:evidence_anonymitywaiver_add"), waiver_form(covered))

    assert page.context["adminform"].form.errors == {
        "consent": ["Waivers under Scottish law are not taken until counsel has confirmed how."]
    }


def test_a_waiver_of_who_consented_as_a_child_is_refused_at_the_consent(keeper):
    covered = make.covered(**make.child(15))

    page = keeper.post(reverse("admin:evidence_anonymitywaiver_add"), waiver_form(covered))

    assert page.context["adminform"].form.errors == {
        "consent": [
            "The consent was given under 16, and a child cannot waive their anonymity: record a "
            "consent of their own from 16 on first."
        ]
    }


UNTICK = (
    "Lifelong anonymity is ticked on the contributor&#x27;s page: untick it there first, if they "
    "themselves want to be named."
)


def test_nobody_signs_while_lifelong_anonymity_is_ticked_and_the_page_says_where(keeper, lawyer):
    covered = make.covered()
    made = waiver(covered)
    contributor = Contributor.objects.filter(pk=covered.consent.contributor_id)
    contributor.update(lifelong_anonymity=True)

    said = [press(keeper, made, "check_pressure"), press(lawyer, made, "sign_off")]

    assert all(f"Nobody can sign it yet. {UNTICK}" in words for words in said)
    assert all(words.count(UNTICK) == 2 for words in said)
    assert (made.pressure_checked_by, made.legal_sign_off_by) == (None, None)
    contributor.update(lifelong_anonymity=False)
    assert UNTICK not in press(keeper, made, "check_pressure")


def test_a_tick_that_a_waiver_stands_against_is_refused_at_its_field(keeper):
    covered = make.covered()
    make.signed_waiver(covered.consent, covered.version)
    whose = covered.consent.contributor

    page = keeper.post(
        reverse("admin:evidence_contributor_change", args=[whose.pk]),
        {"label": whose.label, "is_fictional": "on", "lifelong_anonymity": "on"},
    )

    assert page.context["adminform"].form.errors == {
        "lifelong_anonymity": [
            "A signed waiver lets them be named: void it first, which calls that back."
        ]
    }


def test_where_somebody_close_tells_it_whose_anonymity_it_is_has_to_be_said(keeper):
    covered = make.covered()
    account = covered.version.testimony
    account.teller = Teller.SOMEBODY_CLOSE
    account.save()

    page = keeper.post(reverse("admin:evidence_anonymitywaiver_add"), waiver_form(covered))

    assert list(page.context["adminform"].form.errors) == ["complainant"]


def test_two_people_sign_a_waiver(keeper, lawyer):
    made = waiver(make.covered())

    press(keeper, made, "check_pressure")
    press(lawyer, made, "sign_off")

    signed = (made.pressure_checked_by.username, made.legal_sign_off_by.username)
    assert signed == ("keeper", "lawyer")
    assert buttons(lawyer, made) == []


def test_one_person_cannot_sign_twice():
    both = client_of(rows.person("both", "safeguarding lead", "legal reviewer"))
    made = waiver(make.covered())

    press(both, made, "check_pressure")
    words = press(both, made, "sign_off")

    assert "Who checked for pressure cannot sign for the law too." in words
    assert made.legal_sign_off_by is None


def test_a_void_waiver_stays_so(keeper, lawyer):
    made = waiver(make.covered())

    press(keeper, made, "void")
    words = press(lawyer, made, "sign_off")

    assert "The waiver is void, and stays so." in words


NOTICE = {
    "version": "2026-02",
    "language": "en-GB",
    "text": "What we ask you.",
    "covers": ["media:press:print", "media:press:social"],
    "controllers": "An example charity",
    "recipients": "Newspapers",
    "storage_location": "Here",
    "retention_months": 24,
    "backup_days": 35,
    "withdrawal_method": "Ring us.",
}


def test_a_notice_is_added_with_the_hash_of_its_words_and_never_edited(keeper):
    keeper.post(reverse("admin:evidence_privacynotice_add"), NOTICE)
    made = PrivacyNotice.objects.get()

    page = keeper.get(address_of(made, "change")).content.decode()
    answer = keeper.post(address_of(made, "change"), {**NOTICE, "text": "Other words."})

    made.refresh_from_db()
    assert made.covers == ["media:press:print", "media:press:social"]
    assert (made.sha256, answer.status_code) == (
        hashlib.sha256(b"What we ask you.").hexdigest(),
        403,
    )
    assert "Media, to Press: Social media (cannot be called back)" in page


def test_what_a_notice_asks_for_is_ticked_and_the_irrevocable_is_marked(keeper):
    address = reverse("admin:evidence_privacynotice_add")

    words = keeper.get(address).content.decode()
    refused = keeper.post(address, {**NOTICE, "covers": []})

    assert words.count('name="covers"') == 6 * 6 * 8
    assert words.count("<span>cannot be called back</span>") == 6 * 6 * 4
    assert refused.context["adminform"].form.errors == {
        "covers": ["Tick at least one thing that the notice asks for."]
    }
