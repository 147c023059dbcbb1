"""Contributors at the desk: holds, erasure, links, and what stands before each button."""

import pytest
from django.test import Client
from django.urls import reverse

from config.roles import ROLES
from evidence.models import (
    Consent,
    ConsentState,
    Contributor,
    ErasureRequest,
    OwnPageLink,
    RetentionHold,
)
from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import address_of, client_of, press

pytestmark = pytest.mark.django_db

PAGES = ("hold", "erase", "link", "end_links", "withdraw")
GIVEN = {"retention_hold": "police", "is_sure": "on", "made_for": "contributor"}


@pytest.fixture
def keeper() -> Client:
    return client_of(rows.person("keeper", "safeguarding lead"))


@pytest.fixture
def whose() -> Contributor:
    return make.covered().consent.contributor


def test_a_stranger_is_shown_the_door(client, whose):
    assert {client.post(address_of(whose, page), GIVEN).status_code for page in PAGES} == {302}


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"safeguarding lead"}))
def test_who_else_may_do_what(role, whose):
    other = client_of(rows.person("other", role))
    done = {page for page in PAGES if other.post(address_of(whose, page), GIVEN).status_code == 302}

    assert done == ({"hold", "erase"} if role == "data-protection officer" else set())


def test_what_we_keep_to_is_edited_and_the_hold_is_not(keeper, whose):
    given = {"label": "Robin's friend", "do_not_contact": "on", "retention_hold": "police"}

    answer = keeper.post(address_of(whose, "change"), given)

    whose.refresh_from_db()
    assert (answer.status_code, whose.label, whose.do_not_contact) == (302, "Robin's friend", True)
    assert (whose.lifelong_anonymity, whose.retention_hold) == (False, RetentionHold.NONE)


def test_a_hold_is_set_and_said(keeper, whose):
    words = keeper.post(address_of(whose, "hold"), GIVEN, follow=True).content.decode()

    whose.refresh_from_db()
    assert whose.retention_hold == RetentionHold.POLICE
    assert "The hold is now: police." in words


def test_the_hold_that_stands_is_refused_at_its_field(keeper, whose):
    page = keeper.post(address_of(whose, "hold"), {"retention_hold": "none"})

    assert page.context["form"].errors == {"retention_hold": ["That is the hold as it stands."]}


def test_an_erasure_wants_a_tick_and_says_before_what_it_takes_back(keeper, whose):
    before = keeper.get(address_of(whose, "erase")).context
    unsure = keeper.post(address_of(whose, "erase"))

    assert before["shown"].radius.sentence == "Nothing that rests on it is in use now."
    assert unsure.context["form"].errors == {"is_sure": ["Tick that they asked for it."]}
    assert not ErasureRequest.objects.exists()


def test_an_erasure_destroys_and_says_so(keeper, whose):
    words = keeper.post(address_of(whose, "erase"), GIVEN, follow=True).content.decode()

    whose.refresh_from_db()
    assert whose.erased_at is not None
    assert "Everything was withdrawn and erased" in words
    assert keeper.get(address_of(whose, "change")).context["pages"] == []


def test_a_hold_lets_an_erasure_withdraw_only_and_they_are_told(keeper, whose):
    Contributor.objects.filter(pk=whose.pk).update(retention_hold=RetentionHold.LEGAL_CLAIM)

    lead = keeper.get(address_of(whose, "erase")).context["lead"]
    keeper.post(address_of(whose, "erase"), GIVEN)
    asked = ErasureRequest.objects.get()
    press(keeper, asked, "told")

    whose.refresh_from_db()
    assert "A hold stands (legal claim)" in lead
    assert (whose.erased_at, Consent.objects.get().state) == (None, ConsentState.WITHDRAWN)
    assert (asked.held_because, asked.told_at is not None) == ("legal_claim", True)


def test_everything_is_withdrawn_with_one_button(keeper, whose):
    words = keeper.post(address_of(whose, "withdraw"), follow=True).content.decode()

    assert Consent.objects.get().state == ConsentState.WITHDRAWN
    assert "Consents that have ended: 1." in words


def test_a_link_is_shown_once_and_only_its_hash_is_kept(keeper, whose):
    answer = keeper.post(address_of(whose, "link"), GIVEN)

    link, words = answer.context["link"], answer.content.decode()
    kept = OwnPageLink.objects.get()
    assert link in words
    assert "no-store" in answer.headers["Cache-Control"]
    assert (kept.sha256 in link, kept.made_by.username) == (False, "keeper")
    assert link not in keeper.get(address_of(whose, "change")).content.decode()
    assert link not in keeper.get(address_of(whose, "history")).content.decode()


def test_links_are_ended_with_one_button_and_none_opens_the_page(keeper, whose, client):
    opened = [keeper.post(address_of(whose, "link"), GIVEN).context["link"] for _ in range(2)]
    before = {client.get(link).status_code for link in opened}
    offered = _pages(keeper, whose)

    words = keeper.post(address_of(whose, "end_links"), follow=True).content.decode()
    again = keeper.post(address_of(whose, "end_links")).context["form"]

    assert (before, {client.get(link).status_code for link in opened}) == ({200}, {404})
    assert "Links to their page that were ended: 2." in words
    assert "Links to their page that were ended: 2." in _history(keeper, whose)
    assert offered - _pages(keeper, whose) == {"End the links to their own page"}
    assert again.errors == {"__all__": ["There is no link to their page that could be ended."]}


def _pages(keeper: Client, whose: Contributor) -> set[str]:
    return {label for label, _ in keeper.get(address_of(whose, "change")).context["pages"]}


def _history(keeper: Client, whose: Contributor) -> str:
    return keeper.get(address_of(whose, "history")).content.decode()


def test_a_link_for_a_parent_is_refused_at_its_field_where_no_parent_decides(keeper, whose):
    page = keeper.post(address_of(whose, "link"), {"made_for": "parent"})

    assert "There is nothing that a parent may decide here" in str(page.context["form"].errors)
    assert list(page.context["form"].errors) == ["made_for"]


def test_the_ledgers_are_for_those_who_answer_for_them(whose):
    lists = ("withdrawalledger", "erasureledger", "erasurerequest", "vaultlook")
    addresses = [reverse(f"admin:evidence_{name}_changelist") for name in lists]

    may = {
        role
        for role in ROLES
        if {client_of(rows.person(role)).get(address).status_code for address in addresses} == {200}
    }

    assert may == {"safeguarding lead", "data-protection officer"}
