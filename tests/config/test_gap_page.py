"""The page of the gap board: who may see it, what stands on it, how often it asks the database."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Ask, EvidenceLink, EvidenceRole
from evidence import consenting
from tests import factories as make
from tests.campaigns import packing
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import address_of, buttons, client_of, press

pytestmark = pytest.mark.django_db

PAGE = "/admin/gaps/"


@pytest.fixture
def reader() -> Client:
    return client_of(rows.person("reader"))


def words(client: Client) -> str:
    return " ".join(client.get(PAGE).content.decode().split())


def test_a_stranger_is_sent_to_the_door_and_whoever_may_not_see_asks_is_refused(client):
    assert client.get(PAGE).status_code == 302
    nobody = client_of(User.objects.create(username="nobody", is_staff=True))
    assert nobody.get(PAGE).status_code == 403


def test_without_an_ask_the_page_says_so(reader):
    assert "No ask is made at present." in words(reader)


def test_an_ask_is_shown_with_what_carries_it_and_each_gap_with_the_act_that_mends_it(reader):
    ask = packing.ask()
    EvidenceLink.objects.create(
        ask=ask,
        role=EvidenceRole.COUNTER_EVIDENCE,
        statistic=packing.figure(),
        reason="It fell elsewhere.",
    )

    said = words(reader)

    assert '<li class="ask-none"><strong>0</strong> figures</li>' in said
    assert "<li><strong>1</strong> against it</li>" in said
    assert "Counter-evidence: 1,437, Wales, 2016/17 (example-2023) (It fell elsewhere.)" in said
    suggestions = reverse("admin:campaigns_ask_suggestions", args=[ask.pk])
    assert f'<a href="{suggestions}" class="text-link">See which amendments could' in said


def test_the_title_of_an_account_is_for_those_who_may_see_accounts(reader):
    covered = make.covered(title="A title to keep")
    ask = packing.ask()
    EvidenceLink.objects.create(
        ask=ask, role=EvidenceRole.SHOWS_PROBLEM, testimony_version=covered.version
    )
    consenting.withdraw(covered.consent)

    officer = client_of(rows.person("officer"))

    assert "A title to keep" not in words(reader)
    assert "An account that is linked may not be used in a briefing pack today." in words(reader)
    assert "The account “A title to keep” may not be used" in words(officer)
    assert covered.version.text not in words(officer)


def test_the_titles_of_several_accounts_are_for_those_who_may_see_accounts(reader):
    ask = packing.ask()
    for title in ("A title to keep", "Another to keep"):
        covered = make.covered(title=title)
        EvidenceLink.objects.create(
            ask=ask, role=EvidenceRole.SHOWS_PROBLEM, testimony_version=covered.version
        )
        consenting.withdraw(covered.consent)
    none = "None of the 2 accounts linked may be used in a briefing pack today"

    assert f"<p>{none}.</p>" in words(reader)
    assert "to keep" not in words(reader)
    told = words(client_of(rows.person("officer")))
    assert f"<p>{none}: “A title to keep” and “Another to keep”.</p>" in told


def test_asks_beyond_the_first_page_are_on_the_next(reader):
    campaign = packing.campaign()
    Ask.objects.bulk_create(
        Ask(slug=f"ask-{n}", campaign=campaign, title=f"Ask {n}", change_wanted="It should.",
            position=n, year=2024, last_edited_by=make.user("officer"))
        for n in range(30)
    )  # fmt: skip

    first, second = reader.get(PAGE), reader.get(f"{PAGE}?page=2")

    assert (len(first.context["asks"]), len(second.context["asks"])) == (15, 15)
    assert first.context["totals"][0] == (30, "asks are made")


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_as_many_queries_for_three_asks_as_for_one(reader, number):
    figure, against = packing.figure(), packing.figure("99", 2017)
    campaign = packing.campaign()
    for n in range(number):
        ask = Ask.objects.create(
            slug=f"ask-{n}", campaign=campaign, title=f"Ask {n}", change_wanted="77,000 more.",
            position=n, year=2024, last_edited_by=make.user("officer"),
        )  # fmt: skip
        links = EvidenceLink.objects
        links.create(ask=ask, role=EvidenceRole.SHOWS_PROBLEM, statistic=figure)
        links.create(ask=ask, role=EvidenceRole.COUNTER_EVIDENCE, statistic=against)
    reader.get(PAGE)

    with CaptureQueriesContext(connection) as captured:
        reader.get(PAGE)

    assert len(captured) == 19


def test_the_evidence_is_judged_by_one_button_and_by_whoever_changes_it():
    ask = packing.ask()
    link = EvidenceLink.objects.create(
        ask=ask, role=EvidenceRole.SHOWS_PROBLEM, statistic=packing.figure()
    )
    officer = client_of(rows.person("officer"))

    assert "judge" in buttons(officer, ask)
    assert "by nobody yet" in officer.get(address_of(ask, "change")).content.decode()
    assert "You have judged 1 piece of evidence." in press(officer, ask, "judge")

    link.refresh_from_db()
    assert (str(link.judged_by), link.judged_at is not None) == ("officer", True)
    assert "judge" not in buttons(officer, ask)
    assert "by officer, " in officer.get(address_of(ask, "change")).content.decode()
