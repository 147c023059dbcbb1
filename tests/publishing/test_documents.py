"""Whole documents of the first floor: what leaves of a record, and nothing else."""

from datetime import date
from typing import Any

import pytest
from django.utils.timezone import localdate

from evidence import review
from evidence.checking import check_claims
from evidence.models import (
    Claim,
    ClaimInput,
    ClaimType,
    InputRole,
    Snapshot,
    SourceKind,
    Statement,
)
from publishing.encoding import decode
from publishing.models import PublishedItem
from tests import factories as make
from tests.publishing import making
from tests.publishing.making import body_of, envelope

pytestmark = pytest.mark.django_db


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

    assert body_of(report) == {
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
        "statements": [],
        "citation_text": "'A rise in Wales' The example-charity (22 February 2023) "
        "<https://example.org/rise> accessed 3 November 2026",
    }


def test_a_circle_of_sources_ends() -> None:
    one, two = making.approved(make.source("one")), making.approved(make.source("two"))
    one.derived_from.add(two)
    two.derived_from.add(one)

    making.approved(make.source("three")).derived_from.add(one)
    source = making.approved(make.source("four"))

    assert body_of(source)["chain"] == []


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

    assert body_of(figure) == {
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
        "claims": [],
        "approved_wording": "Over 1,437 offences.",
        "wording_to_avoid": "Not: doubled.",
        "spoken": None,
        "citation_text": "'Report example-2023' The example-charity (22 February 2023) "
        "<https://example.org/rise>",
        "chart": None,
        "corrections": [],
    }


@pytest.mark.parametrize(("stored", "shown"), [("1437", 1437), ("43.42", 43.42), ("-0.5", -0.5)])
def test_a_value_is_a_number(stored: str, shown: float) -> None:
    figure = statistic(unit="rate", value=stored, value_printed=stored)

    assert repr(body_of(figure)["value"]) == repr(shown)


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

    assert body_of(figure)["verdict"] == shown


def a_rise() -> tuple[Any, Any, Claim]:
    before = making.approved(make.statistic("1,000", period=make.financial_year(2015)))
    after = making.approved(make.statistic("1,430"))
    claim = Claim.objects.create(
        key="up",
        type=ClaimType.PERCENT_CHANGE,
        wording="Up by two fifths.",
        stated="43%",
        source=after.source,
        last_edited_by=make.user("officer"),
    )
    for role, figure in ((InputRole.FROM, before), (InputRole.TO, after)):
        ClaimInput.objects.create(claim=claim, role=role, statistic=figure)
    check_claims(Claim.objects.all())
    claim.refresh_from_db()
    return before, after, making.approved(claim)


def test_a_figure_shows_the_working_of_what_rests_on_it() -> None:
    before, after, claim = a_rise()

    assert body_of(before)["claims"] == body_of(after)["claims"]
    assert body_of(after)["claims"] == [
        {
            "id": str(claim.pk),
            "type": "percent_change",
            "wording": "Up by two fifths.",
            "stated": "43%",
            "source": {
                "id": str(after.source_id),
                "title": "Report example-2023",
                "publisher": "The example-charity",
                "url": None,
                "date": "22 February 2023",
            },
            "inputs": [
                {"id": str(before.pk), "role": "from"},
                {"id": str(after.pk), "role": "to"},
            ],
            "verdict": "consistent",
            "recomputed": "43",
            "reason": claim.reason,
            "approved_on": localdate().isoformat(),
        }
    ]
    assert "1,000" in claim.reason


def test_a_working_is_not_shown_without_all_its_figures() -> None:
    before, after, _ = a_rise()

    review.edit(before, by=make.user("officer"))
    before.save()
    making.approved(after.source)
    being_edited = body_of(after)["claims"]
    making.approved(before)
    approved_again = body_of(after)["claims"]
    making.retired(before)

    assert (being_edited, len(approved_again), body_of(after)["claims"]) == ([], 1, [])


def test_an_edit_changes_no_verdict_in_public_before_it_is_approved() -> None:
    before, after, _ = a_rise()
    published = body_of(after)

    review.edit(before, by=make.user("officer"))
    before.value_printed, before.value = "1,300", 1300
    before.correction_note = "Two digits were swapped."
    before.save()
    [checked] = check_claims(Claim.objects.all())
    while_edited = body_of(after)
    making.approved(before)

    assert checked.claim.verdict == "inconsistent"
    assert while_edited == published
    shown = body_of(after)
    assert (shown["verdict"], shown["claims"][0]["verdict"]) == ("inconsistent", "inconsistent")
    assert shown["claims"][0]["reason"] == checked.claim.reason


def test_a_working_goes_with_its_claim() -> None:
    _, after, claim = a_rise()

    making.retired(claim)

    assert body_of(after)["claims"] == []


def test_a_source_tells_the_statements_that_are_approved() -> None:
    source = making.approved(make.source())
    said, draft = (
        Statement.objects.create(
            speaker=speaker,
            role="Chair",
            organisation=make.organisation("board"),
            source=source,
            gist="Too little is done.",
            words=words,
            said_in="2023",
            last_edited_by=make.user("officer"),
        )
        for speaker, words in (("The chair", "too little"), ("A draft", "unread"))
    )
    making.approved(said)

    assert body_of(source)["statements"] == [
        {
            "id": str(said.pk),
            "speaker": "The chair",
            "role": "Chair",
            "organisation": "The board",
            "said_in": "2023",
            "gist": "Too little is done.",
            "words": "too little",
        }
    ]
    making.retired(said)
    assert body_of(source)["statements"] == []
    assert draft.is_approved is False


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
