"""Review at the desk: an officer edits, a colleague approves, a refusal is a sentence."""

import pytest
from django.test import Client
from django.urls import reverse

from evidence import review
from evidence.models import Claim, ClaimInput, ReviewState, Source
from tests.config import desk_rows as rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return rows.person("officer")


@pytest.fixture
def reviewer():
    return rows.person("reviewer")


@pytest.fixture
def approved(officer, reviewer):
    record = rows.source()
    review.submit(record, by=officer)
    review.approve(record, by=reviewer)
    return record


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def form_of(client: Client, record, **changed: object) -> dict[str, object]:
    """What the browser would send back, with some fields changed."""
    page = client.get(address_of(record, "change"))
    forms = [page.context["adminform"].form]
    for formset in page.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    sent = {}
    for form in forms:
        for field in form:
            value = field.value()
            sent[field.html_name] = "" if value is None or value is False else value
    return {**sent, **changed}


def address_of(record, page: str) -> str:
    name = record._meta.label_lower.replace(".", "_")
    return reverse(f"admin:{name}_{page}", args=[record.pk])


def press(client: Client, record, act: str, note: str = "") -> str:
    """Press a button and read the page that follows."""
    pressed = {"act": act, "note": note}
    answer = client.post(address_of(record, "act"), pressed, follow=True)
    record.refresh_from_db()
    return answer.content.decode()


def buttons(client: Client, record) -> list[str]:
    return [act.name for act in client.get(address_of(record, "change")).context["acts"]]


def test_a_new_record_is_a_draft_of_whoever_made_it(officer):
    publisher = rows.source().publisher

    client_of(officer).post(
        reverse("admin:evidence_source_add"),
        {
            "key": "new",
            "kind": "survey",
            "title": "A survey",
            "publisher": publisher.pk,
            "language": "en-GB",
            "held": "on",
            "snapshots-TOTAL_FORMS": 0,
            "snapshots-INITIAL_FORMS": 0,
        },
    )

    made = Source.objects.get(key="new")
    assert (made.review_state, made.last_edited_by) == (ReviewState.DRAFT, officer)


def test_an_edit_makes_what_was_approved_a_draft_again(approved, officer):
    client = client_of(officer)

    client.post(address_of(approved, "change"), form_of(client, approved, title="Better"))

    approved.refresh_from_db()
    assert (approved.title, approved.review_state) == ("Better", ReviewState.DRAFT)
    assert (approved.last_edited_by, approved.approved_by) == (officer, None)


def test_saving_without_a_change_keeps_the_approval(approved, officer):
    client = client_of(officer)

    client.post(address_of(approved, "change"), form_of(client, approved))

    approved.refresh_from_db()
    assert approved.review_state == ReviewState.APPROVED


def test_a_changed_line_makes_its_record_a_draft_again(officer):
    claim = rows.claim()
    review.submit(claim, by=officer)
    client = client_of(officer)

    sent = form_of(client, claim, **{"inputs-0-position": 7})
    client.post(address_of(claim, "change"), sent)

    claim.refresh_from_db()
    assert claim.review_state == ReviewState.DRAFT
    assert ClaimInput.objects.filter(claim=claim, position=7).exists()


def test_saving_a_claim_checks_it(officer):
    claim = rows.claim()
    client = client_of(officer)

    client.post(address_of(claim, "change"), form_of(client, claim, stated="44%"))

    claim.refresh_from_db()
    assert claim.verdict == "inconsistent"


def test_an_editor_submits_and_is_not_offered_to_approve(officer):
    record = rows.source()
    client = client_of(officer)

    press(client, record, "submit")

    assert record.review_state == ReviewState.IN_REVIEW
    assert buttons(client, record) == []


def test_an_officer_may_not_approve_even_by_hand(officer):
    record = rows.source()
    review.submit(record, by=officer)

    answer = client_of(officer).post(address_of(record, "act"), {"act": "approve"})

    record.refresh_from_db()
    assert (answer.status_code, record.review_state) == (403, ReviewState.IN_REVIEW)


def test_a_reviewer_who_edited_last_is_refused_in_a_sentence():
    both = rows.person("both", "officer", "reviewer")
    record = rows.source()
    review.edit(record, by=both)
    review.submit(record, by=both)

    page = press(client_of(both), record, "approve")

    assert "You edited this last, so somebody else has to approve it." in page
    assert record.review_state == ReviewState.IN_REVIEW


def test_a_colleague_approves(officer, reviewer):
    record = rows.source()
    review.submit(record, by=officer)
    client = client_of(reviewer)

    assert buttons(client, record) == ["approve", "send_back"]
    press(client, record, "approve")

    assert (record.review_state, record.approved_by) == (ReviewState.APPROVED, reviewer)


def test_a_record_is_sent_back_with_what_is_missing(officer, reviewer):
    record = rows.source()
    review.submit(record, by=officer)

    press(client_of(reviewer), record, "send_back", "Which month?")

    page = client_of(officer).get(address_of(record, "change")).content.decode()
    assert record.review_state == ReviewState.SENT_BACK
    assert "Sent back with: Which month?" in page


def test_sending_back_needs_a_note(officer, reviewer):
    record = rows.source()
    review.submit(record, by=officer)

    page = press(client_of(reviewer), record, "send_back")

    assert "Say what is missing" in page
    assert record.review_state == ReviewState.IN_REVIEW


def test_a_button_answers_to_nothing_but_a_press(officer):
    record = rows.source()

    answer = client_of(officer).get(address_of(record, "act"), {"act": "submit"})

    record.refresh_from_db()
    assert (answer.status_code, record.review_state) == (403, ReviewState.DRAFT)


def test_a_press_needs_the_page_that_it_was_on(officer):
    record = rows.source()
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer, "django.contrib.auth.backends.ModelBackend")

    answer = client.post(address_of(record, "act"), {"act": "submit"})

    assert answer.status_code == 403


def test_a_rule_of_the_database_is_told_at_the_form(officer):
    claim = rows.claim()
    client = client_of(officer)

    sent = form_of(client, claim, **{"inputs-1-role": "from"})
    page = client.post(address_of(claim, "change"), sent).content.decode()

    assert "A claim has one statistic to start from" in page
    assert Claim.objects.get(pk=claim.pk).last_edited_by.username == "officer"


def test_an_excerpt_finds_its_own_place(officer):
    snapshot = rows.snapshot(rows.source())

    client_of(officer).post(
        reverse("admin:evidence_excerpt_add"),
        {"snapshot": snapshot.pk, "exact": "Crimes rose", "prefix": "", "suffix": ""},
    )

    made = snapshot.excerpts.get(exact="Crimes rose")
    assert (made.start, made.end, made.suffix) == (0, 11, " by 43%.")


def test_words_that_are_not_in_the_snapshot_are_refused_at_their_field(officer):
    snapshot = rows.snapshot(rows.source())

    answer = client_of(officer).post(
        reverse("admin:evidence_excerpt_add"), {"snapshot": snapshot.pk, "exact": "Crimes fell"}
    )

    assert answer.context["adminform"].form.errors == {
        "exact": ["The snapshot does not say these words: copy them exactly as they stand."]
    }


def test_nothing_reviewed_is_deleted(officer):
    record = rows.source()

    answer = client_of(officer).post(address_of(record, "delete"), {"post": "yes"})

    assert answer.status_code == 403
