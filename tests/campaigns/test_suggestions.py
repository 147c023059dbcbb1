"""Amendments that read like an ask: offered, never linked alone."""

import pytest
from django.urls import reverse

from campaigns.models import AskAmendment
from campaigns.suggestions import link, suggested_for
from evidence import review
from evidence.refusing import Refused
from tests import factories as make
from tests.campaigns import packing
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import client_of

pytestmark = pytest.mark.django_db

BODY = "(1) The Secretary of State must set up a body that speaks for children who use services."
CYCLES = "(1) A local authority must provide stands for cycles at every railway station."


@pytest.fixture
def ask():
    made = packing.ask("A statutory body that speaks for children")
    stage = packing.stage()
    stage.bill.campaigns.add(made.campaign)
    packing.amendment(stage, [BODY], slug="body", title="Body for children", number="1")
    packing.amendment(stage, [CYCLES], slug="cycles", title="Stands for cycles", number="2")
    return made


def test_what_reads_like_the_ask_is_suggested_with_the_words_they_share(ask):
    [candidate] = suggested_for(ask)

    assert candidate.amendment.slug == "body"
    assert 0.15 <= candidate.similarity <= 1
    assert {"body", "children", "speaks"} <= set(candidate.words)
    assert not AskAmendment.objects.exists()


def test_what_is_linked_retired_or_of_a_bill_that_nobody_follows_is_not_suggested(ask):
    [candidate] = suggested_for(ask)
    amendment = candidate.amendment
    bill = amendment.stage.bill

    bill.campaigns.clear()
    assert suggested_for(ask) == []
    bill.campaigns.add(ask.campaign)
    link(ask, amendment, relation="delivers", confidence="sure", by=make.user("officer"))
    assert suggested_for(ask) == []
    AskAmendment.objects.all().delete()
    review.retire(amendment, by=make.user("lead"))
    assert suggested_for(ask) == []


def test_a_link_says_who_made_it_how_sure_they_are_and_of_which_wording(ask):
    [candidate] = suggested_for(ask)
    by = make.user("officer")

    made = link(ask, candidate.amendment, relation="delivers", confidence="likely", by=by)

    assert (made.relation, made.confidence, made.checked_by) == ("delivers", "likely", by)
    assert made.checked_at is not None
    ask.refresh_from_db()
    assert (ask.review_state, ask.last_edited_by) == ("draft", by)
    assert made.text_sha256_when_linked == candidate.amendment.stands().text_sha256 != ""


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"relation": "", "confidence": "sure"}, "Say what the amendment would do"),
        ({"relation": "delivers", "confidence": ""}, "Say how sure you are"),
    ],
)
def test_a_link_without_a_judgement_is_refused(ask, said, sentence):
    with pytest.raises(Refused, match=sentence):
        link(ask, suggested_for(ask)[0].amendment, by=make.user("officer"), **said)


def test_a_second_link_is_refused(ask):
    said = {"relation": "delivers", "confidence": "sure", "by": make.user("officer")}
    amendment = suggested_for(ask)[0].amendment
    link(ask, amendment, **said)

    with pytest.raises(Refused, match="linked already"):
        link(ask, amendment, **said)


def test_one_button_on_the_asks_page_links_and_a_reader_has_none(ask):
    address = reverse("admin:campaigns_ask_suggestions", args=[ask.pk])
    officer, reader = (client_of(rows.person(name)) for name in ("officer", "reader"))
    [candidate] = suggested_for(ask)
    said = {"amendment": candidate.amendment.pk, "relation": "delivers", "confidence": "sure"}

    assert b">Link it<" not in reader.get(address).content
    assert reader.post(address, said).status_code == 403
    assert b">Link it<" in officer.get(address).content
    assert not AskAmendment.objects.exists()
    officer.post(address, said)
    assert [str(each.checked_by) for each in AskAmendment.objects.all()] == ["officer"]


def test_what_lacks_is_said_at_its_field_and_only_candidates_are_linked(ask):
    address = reverse("admin:campaigns_ask_suggestions", args=[ask.pk])
    officer = client_of(rows.person("officer"))
    [candidate] = suggested_for(ask)

    lacking = officer.post(address, {"amendment": candidate.amendment.pk}).content.decode()
    other = rows.amendment(7)
    officer.post(address, {"amendment": other.pk, "relation": "delivers", "confidence": "sure"})

    assert "Say how sure you are." in lacking
    assert not AskAmendment.objects.exists()


def test_a_suggestion_takes_as_many_queries_for_three_amendments_as_for_one(
    ask, django_assert_num_queries
):
    with django_assert_num_queries(3):
        suggested_for(ask)
    stage = suggested_for(ask)[0].amendment.stage
    for number in range(2):
        packing.amendment(stage, [BODY], slug=f"more-{number}", title="Body for children")

    with django_assert_num_queries(3):
        assert len(suggested_for(ask)) == 3
