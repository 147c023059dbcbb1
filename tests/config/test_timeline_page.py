"""A bill's timeline: its picture and its table say the same, and what is unknown is said to be."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.issuing import issue
from campaigns.models import Amendment, AskAmendment, Bill, House, Sitting, Stage
from config.pages.timeline_picture import Mark, Row, describe, draw
from tests import factories as make
from tests.campaigns import packing
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import client_of

ROWS = (
    Row("Lords Committee", "lords", (date(2023, 4, 19), date(2023, 6, 22))),
    Row(
        "Lords Report",
        "lords",
        (date(2023, 7, 6),),
        (Mark("270A", date(2023, 7, 6)), Mark("Our draft", None, "not tabled")),
        (Mark("Pack 1", date(2026, 1, 1)),),
    ),
    Row("Royal Assent", "other"),
)


def test_days_stand_on_a_line_and_what_has_none_stands_in_words():
    drawing = draw("Timeline", ROWS, across=1000)

    committee, report, assent = drawing.bands
    assert (committee.days[0], report.days) == (328, [978])
    assert committee.days[1] < report.days[0]
    assert assent.days == []
    assert [each.words for each in report.placed] == [
        "270A",
        "Our draft: not tabled",
        "Pack 1: later, on 1 January 2026",
    ]
    assert [words for _, words in drawing.ticks] == ["May 2023", "Jun 2023", "Jul 2023"]


def test_words_at_the_end_of_the_line_stand_before_their_mark():
    [marked, *_] = draw("Timeline", ROWS, across=1000).bands[1].placed

    assert (marked.anchor, marked.x, marked.text_x) == ("end", 978, 966)


@pytest.mark.parametrize("across", [360, 1000])
def test_all_of_the_picture_is_within_its_width(across):
    long = Row("Lords Report", "lords", (date(2023, 7, 6),), (Mark("A long title " * 9, None),))

    drawing = draw("Timeline", (*ROWS, long), across=across)

    for band in drawing.bands:
        assert all(0 < x < across for x in band.days)
        assert all(len(each.words) * 6.6 < across for each in band.placed)


def test_the_description_tells_how_much_there_is_and_what_is_not_known():
    assert describe(ROWS) == (
        "3 stages from 19 April 2023 to 6 July 2023; the days of 1 are not known. 2 amendments for "
        "our asks, 1 pack issued. The table below says the same in words."
    )


def test_a_bill_of_which_nothing_is_known_is_drawn_too():
    drawing = draw("Timeline", (Row("Stage not known", "other"),), across=1000)

    assert drawing.description.startswith("1 stages with no day known")


@pytest.fixture
def bill(db) -> Bill:
    stage = packing.stage()
    Sitting.objects.create(stage=stage, date=date(2023, 7, 19), note="Last day")
    Stage.objects.create(bill=stage.bill, house=House.COMMONS, name="Third reading", position=1)
    amendment = packing.amendment(
        stage, number="270A", decision="NotMoved", considered_on=date(2023, 7, 19)
    )
    AskAmendment.objects.create(ask=packing.ask(), amendment=amendment, relation="delivers")
    return stage.bill


def page_of(bill: Bill, role: str = "reader"):
    client = client_of(rows.person(role))
    return client.get(reverse("admin:timeline_of", args=[bill.pk]))


def test_the_page_shows_a_picture_with_a_title_and_a_table(bill):
    said = " ".join(page_of(bill).content.decode().split())

    assert '<title id="timeline-1000-title">Timeline of the Example Bill</title>' in said
    assert '<desc id="timeline-1000-desc">2 stages from 19 July 2023' in said
    assert '19 July 2023 <span class="desk-quiet">last day</span>' in said
    assert "Not moved. Delivers: A statutory advocate." in said
    assert said.count("not known</span>") == 1


def test_a_draft_of_ours_says_what_it_was_tabled_as(bill):
    tabled = Amendment.objects.get(number="270A")
    ask = AskAmendment.objects.get(amendment=tabled).ask
    for slug, fields in {"one": {"tabled_as": tabled}, "two": {"tabling": "with_counsel"}}.items():
        draft = packing.own_draft(tabled.stage, slug=slug, **fields)
        AskAmendment.objects.create(ask=ask, amendment=draft, relation="delivers")

    said = " ".join(page_of(bill).content.decode().split())

    assert "Tabled as 270A. Delivers: A statutory advocate." in said
    assert "Not yet tabled (with counsel). Delivers: A statutory advocate." in said
    assert "Our draft: tabled as 270A" in said
    assert "ever tabled" not in said


def test_a_pack_that_was_sent_stands_at_its_stage(bill, settings, tmp_path):
    settings.PACKS = tmp_path / "packs"
    pack = packing.approved(packing.pack(("problem", [packing.figure()])))
    issue(pack, to=[packing.member()], by=make.user("campaign lead"))

    reader, officer = (page_of(bill, role).content.decode() for role in ("reader", "officer"))

    assert "A voice for children, version 1" in reader
    assert "1 copy" in reader
    assert "/admin/campaigns/packversion/" not in reader
    assert "/admin/campaigns/packversion/" in officer


def test_without_a_bill_in_the_address_the_newest_is_shown_or_that_there_is_none(db):
    client = client_of(rows.person("reader"))

    assert "There is no bill yet." in client.get("/admin/timeline/").text
    packing.stage()
    assert client.get("/admin/timeline/").context["bill"].slug == "example-bill"


def test_a_stranger_is_sent_to_the_door(client, bill):
    assert client.get(reverse("admin:timeline_of", args=[bill.pk])).status_code == 302


def test_the_page_takes_as_many_queries_for_three_stages_as_for_one(bill):
    def queries() -> int:
        page_of(bill)
        with CaptureQueriesContext(connection) as captured:
            assert page_of(bill).status_code == 200
        return len(captured)

    before = queries()
    for number in range(2):
        stage = Stage.objects.create(bill=bill, house=House.LORDS, name=f"Day {number}")
        Sitting.objects.create(stage=stage, date=date(2023, 8, 1 + number))
        amendment = packing.amendment(stage, slug=f"a-{number}", number=str(number))
        ask = AskAmendment.objects.get(amendment__number="270A").ask
        AskAmendment.objects.create(ask=ask, amendment=amendment, relation="opposes")

    assert queries() == before
