"""Whole documents of the second floor: what leaves of a record, and nothing else."""

from datetime import date

import pytest

from campaigns.models import AmendmentLine, AmendmentOrigin, Member, Sponsor
from evidence.models import (
    Organisation,
)
from tests import factories as make
from tests.publishing import making
from tests.publishing.making import body_of, envelope

pytestmark = pytest.mark.django_db


def test_a_campaign() -> None:
    campaign = making.campaign()
    campaign.organisations.add(make.organisation())
    making.approved(campaign)

    assert body_of(campaign) == {
        **envelope(campaign, "campaign", "campaigns", "Online safety"),
        "licence": "All rights reserved",
        "slug": "online-safety",
        "summary": "Safe services for children.",
        "organisations": [{"name": "The example-charity", "website": None}],
    }


def test_an_ask_with_what_is_published_of_its_evidence() -> None:
    figure, hidden = (
        making.approved(make.statistic()),
        make.statistic(area=make.area("E92000001", "England")),
    )
    ask = making.ask(rationale="It works elsewhere.", position=3)
    making.approved(figure.source)
    making.approved(ask.campaign)
    ask.targets.add(Organisation.objects.create(key="gov", name="His Majesty's Government"))
    ask.evidence.create(role="shows_problem", statistic=figure, reason="For colleagues only.")
    ask.evidence.create(role="public_support", statistic=hidden)
    ask.evidence.create(role="shows_problem", testimony_version=making.on_website().version)
    ask.evidence.create(role="answers_objection", source=figure.source)
    ask.objections.create(objection="For colleagues only.")
    amendment = making.approved(making.amendment(making.stage(making.bill())))
    ask.amendment_links.create(amendment=amendment, relation="delivers", note="Colleagues only.")
    making.approved(ask)

    assert body_of(ask) == {
        **envelope(ask, "ask", "asks", "A statutory advocate"),
        "licence": "All rights reserved",
        "slug": "advocate",
        "campaign": {"id": str(ask.campaign_id), "title": "Online safety"},
        "change_wanted": "Someone speaks for children.",
        "rationale": "It works elsewhere.",
        "precedent": None,
        "year": 2023,
        "status": "active",
        "outcome": None,
        "outcome_on": None,
        "targets": [{"name": "His Majesty's Government", "website": None}],
        "evidence": [
            {"id": str(figure.pk), "kind": "statistic", "role": "shows_problem"},
            {"id": str(figure.source_id), "kind": "source", "role": "answers_objection"},
        ],
        "amendments": [{"id": str(amendment.pk), "relation": "delivers"}],
    }


def test_a_bill_with_its_stages() -> None:
    bill = making.bill()
    making.stage(bill, "Report", date(2023, 7, 19), date(2023, 7, 6))
    making.stage(bill, "")
    making.approved(bill)

    assert body_of(bill) == {
        **envelope(bill, "bill", "bills", "Online Safety Bill"),
        "licence": "Open Parliament Licence v3.0",
        "slug": "online-safety-bill",
        "parliament_id": 3137,
        "session": "2022-23",
        "original_url": "https://bills.parliament.uk/bills/3137",
        "act_title": "Online Safety Act 2023",
        "royal_assent_on": "2023-10-26",
        "stages": [
            {"house": "lords", "name": "Report", "sittings": ["2023-07-06", "2023-07-19"]},
            {"house": None, "name": None, "sittings": []},
        ],
    }


def test_an_amendment_of_which_little_is_known() -> None:
    amendment = making.approved(making.amendment(making.stage(making.bill(), "")))

    assert body_of(amendment) == {
        **envelope(amendment, "amendment", "amendments", "Advocacy body"),
        "licence": "Open Parliament Licence v3.0",
        "slug": "advocacy-body",
        "origin": "parliament",
        "parliament_id": None,
        "bill": None,
        "stage": {"house": None, "name": None},
        "number": None,
        "position_in_bill": None,
        "decision": None,
        "decided_on": None,
        "considered_on": None,
        "sponsors": [],
        "text": None,
        "explanatory_statement": None,
        "note": None,
        "original_url": None,
    }


def test_an_amendment_with_sponsors_and_words() -> None:
    bill = making.approved(making.bill())
    amendment = making.amendment(making.stage(bill), number="270A", decision="NotMoved")
    for position, text in enumerate(["After Clause 142,", "insert the following new Clause"]):
        AmendmentLine.objects.create(amendment=amendment, position=position, text=text)
    member = Member.objects.create(name="Lord Example", house="lords")
    Sponsor.objects.create(amendment=amendment, member=member, role="lead")
    making.approved(amendment)

    shown = body_of(amendment)

    assert shown["title"] == "Amendment 270A: Advocacy body"
    assert shown["bill"] == {"id": str(bill.pk), "title": "Online Safety Bill"}
    assert shown["stage"] == {"house": "lords", "name": "Report"}
    assert shown["sponsors"] == [{"name": "Lord Example", "house": "lords", "role": "lead"}]
    assert shown["text"] == "After Clause 142,\ninsert the following new Clause"
    assert (shown["number"], shown["decision"]) == ("270A", "NotMoved")


def test_a_draft_of_ours_is_not_parliaments() -> None:
    draft = making.amendment(making.stage(making.bill()), origin=AmendmentOrigin.OWN_DRAFT)

    shown = body_of(making.approved(draft))

    assert (shown["origin"], shown["licence"]) == ("own_draft", "All rights reserved")
    assert shown["title"] == "Draft of our own: Advocacy body"
