"""Payloads as the real API sends them beside its schema: each quirk that others have met."""

import json
from datetime import date
from pathlib import Path

import pytest

from campaigns.parliament.client import Unreadable
from campaigns.parliament.mending import mended
from campaigns.parliament.payloads import (
    AmendmentSaid,
    page_of,
    read_amendment,
    read_bill,
    read_member,
    read_publications,
    read_stage,
)

SAMPLES = Path(__file__).resolve().parents[4] / "shared/parliament/samples"


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<b>“Report on conversion practices</b>", "“Report on conversion practices"),
        ("Memberâ€™s explanatory statement", "Member’s explanatory statement"),
        ("leave out &ldquo;must&rdquo;&nbsp;and", "leave out “must” and"),
        ("one<br/>two", "one two"),
        ("fewer than < 5 and > 3", "fewer than < 5 and > 3"),
        ("a\x00b\ud800c", "abc"),
        ("Clause  2,\n page 2", "Clause 2, page 2"),
        ("“curly” stays", "“curly” stays"),
    ],
)
def test_mended(sent, read):
    assert mended(sent) == read


def test_numbers_as_words_and_words_as_numbers():
    said = read_amendment({"amendmentId": "10021041", "pageNumber": 2, "lineNumber": "32"})

    assert (said.parliament_id, said.page_number, said.line_number) == (10021041, "2", "32")


def test_what_was_not_sent_differs_from_what_was_sent_empty():
    said = read_amendment({"amendmentId": 1, "decisionExplanation": None})

    assert said.decision is None
    assert said.decision_explanation == ""
    assert read_amendment({"amendmentId": 1}) == AmendmentSaid.bare(1)


def test_a_summary_that_is_no_list():
    assert read_amendment({"id": 1, "summaryText": "One line"}).summary == "One line"
    assert (
        read_amendment({"id": 1, "summaryText": ["<b>One</b>", None, "two"]}).summary == "One\ntwo"
    )


@pytest.mark.parametrize("house", ["Lords", 2, "2", "lords"])
def test_a_house_is_a_word_or_a_number(house):
    assert read_stage({"id": 1, "house": house}).house == "lords"


def test_no_house_is_empty():
    assert read_stage({"id": 1, "house": "Unassigned"}).house == ""


def test_a_sponsor_without_an_id_is_kept_by_name():
    sent = {"id": 1, "sponsors": [{"name": "Another Member"}, {"name": "The Lead", "isLead": True}]}

    said = read_amendment(sent).sponsors

    assert [(each.name, each.parliament_id, each.is_lead) for each in said] == [
        ("The Lead", None, True),
        ("Another Member", None, False),
    ]


@pytest.mark.parametrize("sent", [None, 7, True, "x", {"date": "2026-03-02"}, [7, None]])
def test_what_is_no_list_of_sittings_or_links_says_nothing(sent):
    stage = {"id": 1, "stageId": 11, "description": "Royal Assent", "stageSittings": sent}
    bill = {"billId": 1, "currentStage": stage}
    listed = {"publications": [{"id": 1, "title": "HL Bill 7", "links": sent}]}

    assert (read_stage(stage).name, read_stage(stage).sittings) == ("Royal Assent", ())
    assert read_bill(bill).royal_assent_on is None
    assert [(each.title, each.url) for each in read_publications(listed)] == [("HL Bill 7", "")]


@pytest.mark.parametrize("sent", [[], None, "x", {}, {"id": True}, {"id": "x"}, {"id": -1}])
def test_what_is_no_amendment_is_said_to_be_none(sent):
    with pytest.raises(Unreadable, match="not an amendment"):
        read_amendment(sent)


@pytest.mark.parametrize(
    "sent",
    [{}, {"items": None, "totalResults": 0}, {"items": []}, {"items": [1], "totalResults": 1}],
)
def test_what_is_no_page_is_said_to_be_none(sent):
    with pytest.raises(Unreadable):
        page_of(read_amendment)(sent)


def test_a_member_who_left():
    seat = {"house": 2, "membershipEndDate": "2026-01-05T00:00:00"}
    said = read_member({"value": {"id": 8, "latestHouseMembership": seat}})

    assert (said.is_current, said.left_on, said.house) == (False, date(2026, 1, 5), "lords")


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples lie beside the repository")
def test_the_real_samples_are_read():
    items = json.loads((SAMPLES / "amendment_search_items_partial.json").read_text())["items"]
    bills = json.loads((SAMPLES / "bills_trimmed_captured_2026-09-13.json").read_text())["items"]

    assert [read_amendment(each).marshalled_list_text for each in items] == [None, "NC42"]
    assert read_amendment(items[1]).summary == (
        "To move the following Clause—\n“Report on conversion practices"
    )
    assert [read_bill(each).royal_assent_on for each in bills] == [
        date(2025, 10, 27),
        date(2010, 7, 27),
        "",
        "",
    ]
