"""Whole documents: what leaves of each kind of record, and nothing else."""

from datetime import date
from typing import Any

import pytest

from campaigns.models import AmendmentLine, AmendmentOrigin, Member, Sponsor
from evidence.models import (
    Claim,
    ClaimInput,
    ClaimType,
    InputRole,
    Organisation,
    Snapshot,
    SourceKind,
)
from publishing.encoding import decode
from publishing.models import PublishedItem
from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db


def document(record: Any) -> dict[str, Any]:
    return decode(PublishedItem.objects.get(pk=record.pk).body)


def envelope(record: Any, kind: str, segment: str, title: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "id": str(record.pk),
        "title": title,
        "updated_at": making.utc(PublishedItem.objects.get(pk=record.pk).updated_at),
        "url": f"http://localhost:8000/api/v1/{segment}/{record.pk}/",
    }


def test_a_source_with_its_chain() -> None:
    police = make.organisation("police")
    foi = making.approved(
        make.source(
            "foi", kind=SourceKind.FOI_RESPONSE, publisher=police, held=False, published_on=None
        )
    )
    release = making.approved(make.source("release", kind=SourceKind.CHARITY_RELEASE))
    unapproved = make.source("draft")
    release.derived_from.add(foi)
    report = make.source(
        "report",
        title="A rise in Wales",
        url="https://example.org/rise",
        licence="OGL v3.0",
        summary="Our own words.",
        accessed_on=date(2026, 11, 3),
        reliability_note="For colleagues only.",
    )
    report.derived_from.add(release, unapproved)
    Snapshot(source=report, text="Snapshot words.", taken_at=make.moment(0)).set_hash()
    making.approved(report)

    assert document(report) == {
        **envelope(report, "source", "sources", "A rise in Wales"),
        "licence": "OGL v3.0",
        "key": "report",
        "source_kind": "news_report",
        "title_is_ours": False,
        "authors": None,
        "publisher": "The example-charity",
        "original_url": "https://example.org/rise",
        "doi": None,
        "date": "22 February 2023",
        "published_on": "2023-02-22",
        "accessed_on": "2026-11-03",
        "language": "en-GB",
        "summary": "Our own words.",
        "held": True,
        "retracted_on": None,
        "retraction_note": None,
        "chain": [
            {
                "id": str(release.pk),
                "title": "Report release",
                "publisher": "The example-charity",
                "url": None,
                "date": "22 February 2023",
                "held": True,
            },
            {
                "id": str(foi.pk),
                "title": "Report foi",
                "publisher": "The police",
                "url": None,
                "date": None,
                "held": False,
            },
        ],
        "citation_text": "'A rise in Wales' The example-charity (22 February 2023) "
        "<https://example.org/rise> accessed 3 November 2026",
    }


def test_a_circle_of_sources_ends() -> None:
    one, two = making.approved(make.source("one")), making.approved(make.source("two"))
    one.derived_from.add(two)
    two.derived_from.add(one)

    making.approved(make.source("three")).derived_from.add(one)
    source = making.approved(make.source("four"))

    assert document(source)["chain"] == []


def statistic(**fields: object) -> Any:
    return making.approved(
        make.statistic(
            "1,437",
            source=making.approved(make.source(url="https://example.org/rise", licence="OGL v3.0")),
            **fields,
        )
    )


def test_a_statistic() -> None:
    figure = statistic(
        qualifier="over",
        caveat="Four forces.",
        wording_to_avoid="Not: doubled.",
        approved_wording="Over 1,437 offences.",
        printed_period=make.financial_year(2017),
    )

    assert document(figure) == {
        **envelope(figure, "statistic", "statistics", "Image crimes, Wales, 2016/17"),
        "licence": "OGL v3.0",
        "display_value": "over 1,437",
        "value": 1437,
        "unit": "count",
        "qualifier": "over",
        "measure": "Image crimes",
        "area": {"name": "Wales", "gss_code": "W92000004"},
        "period": {"start": "2016-04-01", "end": "2017-03-31", "label": "2016/17"},
        "printed_period": {"start": "2017-04-01", "end": "2018-03-31", "label": "2017/18"},
        "source": {
            "id": str(figure.source_id),
            "title": "Report example-2023",
            "publisher": "The example-charity",
            "url": "https://example.org/rise",
            "date": "22 February 2023",
        },
        "comparability": "comparable",
        "caveat": "Four forces.",
        "verdict": None,
        "approved_wording": "Over 1,437 offences.",
        "wording_to_avoid": "Not: doubled.",
        "spoken": None,
        "citation_text": "'Report example-2023' The example-charity (22 February 2023) "
        "<https://example.org/rise>",
        "chart": None,
    }


@pytest.mark.parametrize(("stored", "shown"), [("1437", 1437), ("43.42", 43.42), ("-0.5", -0.5)])
def test_a_value_is_a_number(stored: str, shown: float) -> None:
    figure = statistic(unit="percent", value=stored)

    assert repr(document(figure)["value"]) == repr(shown)


@pytest.mark.parametrize(
    ("verdicts", "shown"),
    [
        ([], None),
        (["not_testable"], "not_testable"),
        (["not_testable", "consistent"], "consistent"),
        (["consistent", "inconsistent", "not_testable"], "inconsistent"),
        ([""], None),
    ],
)
def test_a_verdict_is_the_worst_that_was_found(verdicts: list[str], shown: str | None) -> None:
    figure = statistic()
    for number, verdict in enumerate(verdicts):
        making.approved(claim_on(figure, f"claim-{number}", verdict))
    claim_on(figure, "a-draft", "inconsistent")

    assert document(figure)["verdict"] == shown


def claim_on(figure: Any, key: str, verdict: str) -> Claim:
    claim = Claim.objects.create(
        key=key, type=ClaimType.SUM, wording="It is.", last_edited_by=make.user("officer")
    )
    ClaimInput.objects.create(claim=claim, role=InputRole.PART, statistic=figure)
    Claim.objects.filter(pk=claim.pk).update(verdict=verdict, reason=verdict and "So it is.")
    claim.refresh_from_db()
    return claim


def test_testimony_says_nothing_of_who_gave_it() -> None:
    covered = making.on_website()
    item = PublishedItem.objects.get()

    assert decode(item.body) == {
        "kind": "testimony",
        "id": str(covered.version.testimony.public_id),
        "title": "An account",
        "updated_at": making.utc(item.updated_at),
        "url": f"http://localhost:8000/api/v1/testimonies/{item.pk}/",
        "licence": "revocable",
        "text": "What happened to me.",
        "attribution": "Robin (a pseudonym)",
        "anonymity_note": "A pseudonym; details are changed.",
        "content_warning": None,
    }


def test_a_campaign() -> None:
    campaign = making.campaign()
    campaign.organisations.add(make.organisation())
    making.approved(campaign)

    assert document(campaign) == {
        **envelope(campaign, "campaign", "campaigns", "Online safety"),
        "licence": "All rights reserved",
        "slug": "online-safety",
        "summary": "Safe services for children.",
        "organisations": [{"name": "The example-charity", "website": None}],
    }


def test_an_ask_with_what_is_published_of_its_evidence() -> None:
    figure, hidden = statistic(), make.statistic(area=make.area("E92000001", "England"))
    ask = making.ask(rationale="It works elsewhere.", position=3)
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

    assert document(ask) == {
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

    assert document(bill) == {
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

    assert document(amendment) == {
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

    shown = document(amendment)

    assert shown["title"] == "Amendment 270A: Advocacy body"
    assert shown["bill"] == {"id": str(bill.pk), "title": "Online Safety Bill"}
    assert shown["stage"] == {"house": "lords", "name": "Report"}
    assert shown["sponsors"] == [{"name": "Lord Example", "house": "lords", "role": "lead"}]
    assert shown["text"] == "After Clause 142,\ninsert the following new Clause"
    assert (shown["number"], shown["decision"]) == ("270A", "NotMoved")


def test_a_draft_of_ours_is_not_parliaments() -> None:
    draft = making.amendment(making.stage(making.bill()), origin=AmendmentOrigin.OWN_DRAFT)

    shown = document(making.approved(draft))

    assert (shown["origin"], shown["licence"]) == ("own_draft", "All rights reserved")
    assert shown["title"] == "Draft of our own: Advocacy body"
