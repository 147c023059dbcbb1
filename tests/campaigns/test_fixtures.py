"""The campaign of the fixtures: its asks, the bill as far as it is known, and the one pack."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import DjangoDbBlocker

from campaigns.building import build
from campaigns.models import (
    Amendment,
    Ask,
    AskAmendment,
    Bill,
    Campaign,
    EvidenceLink,
    Member,
    Pack,
    PackItem,
    PackSection,
    Sitting,
    Stage,
)
from evidence import review
from evidence.models import ReviewState
from tests.demo_campaign import load, loaded_with_the_apps_rights
from tests.factories import user

pytestmark = [pytest.mark.long, pytest.mark.django_db]

SITTINGS = {
    "Commons Introduced": ["2022-03-17"],
    "Commons Second reading": ["2022-04-19"],
    "Commons Public Bill Committee": ["2022-05-24", "2022-06-28"],
    "Commons Report": ["2022-07-12", "2022-12-05", "2023-01-17"],
    "Commons Committee on recommitted clauses": [],
    "Commons Third reading": [],
    "Lords First reading": ["2023-01-18"],
    "Lords Second reading": ["2023-02-01"],
    "Lords Committee": ["2023-04-19", "2023-06-22"],
    "Lords Report": ["2023-07-06", "2023-07-10", "2023-07-12", "2023-07-17", "2023-07-19"],
    "Lords Third reading": ["2023-09-06"],
    "Commons Consideration of Lords amendments": [],
    "Lords Commons reasons": ["2023-09-19"],
    "Royal Assent": ["2023-10-26"],
    "Stage not known": [],
}
NOT_MOVED, BY_NUMBER = "advocacy-body-after-clause-142", "lords-report-270a"
AMENDMENTS = {
    NOT_MOVED: ("", "Stage not known", "Not moved", ["Lord Knight of Weymouth (lead)"]),
    BY_NUMBER: (
        "270A",
        "Lords Report",
        "",
        ["Baroness Newlove (added their name)", "Lord Clement-Jones (added their name)"],
    ),
    "lords-report-262a": ("262A", "Lords Report", "", []),
    "lords-report-262b": ("262B", "Lords Report", "", []),
    "lords-report-262c": ("262C", "Lords Report", "", []),
    "lords-report-264a": ("264A", "Lords Report", "", []),
    "lords-report-266a": ("266A", "Lords Report", "", []),
    "commons-report-nc2": (
        "NC2",
        "Commons Report",
        "",
        ["Sir William Cash (added their name)", "Miriam Cates (added their name)"],
    ),
    "draft-child-safety-advocate": ("", "Lords Report", "", []),
}


@pytest.fixture(scope="module", autouse=True)
def campaign(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), loaded_with_the_apps_rights():
        yield


def test_the_five_asks_go_to_those_who_can_grant_them():
    asks = {
        each.slug: (each.year, each.status, {target.key for target in each.targets.all()})
        for each in Ask.objects.all()
    }

    assert asks == {
        "child-safety-advocate": (2023, "active", {"uk-government", "house-of-lords"}),
        "senior-manager-liability": (
            2023,
            "partly_delivered",
            {"uk-government", "house-of-lords"},
        ),
        "pause-default-encryption": (2023, "active", {"meta"}),
        "invest-in-safe-encryption": (2023, "active", {"uk-parliament", "uk-government"}),
        "independent-regulator": (2018, "delivered", {"uk-government"}),
    }


def test_the_unsourced_majority_is_linked_as_the_gap_that_it_is():
    link = EvidenceLink.objects.exclude(gap=None).get()

    assert (link.ask.slug, link.gap.key, link.strength) == (
        "senior-manager-liability",
        "overwhelming-majority",
        "weak",
    )


def test_evidence_against_an_ask_is_kept_too():
    against = EvidenceLink.objects.filter(role="counter_evidence")

    assert {(each.ask.slug, each.statistic.value_printed) for each in against} == {
        ("pause-default-encryption", "4,293"),
        ("independent-regulator", "275"),
    }


def test_the_stages_have_the_days_that_are_known_and_no_others():
    found = {
        str(stage): [str(sitting.date) for sitting in stage.sittings.all()]
        for stage in Stage.objects.all()
    }

    assert found == SITTINGS


def test_the_bill_became_an_act():
    bill = Bill.objects.get()

    assert (bill.parliament_id, bill.act_title, bill.royal_assent_on) == (
        3137,
        "Online Safety Act 2023",
        date(2023, 10, 26),
    )
    assert [each.slug for each in bill.campaigns.all()] == ["online-safety-bill"]


def test_the_amendments_say_what_is_known_and_leave_the_rest_empty():
    found = {
        each.slug: (
            each.number,
            str(each.stage),
            each.decision,
            [str(sponsor) for sponsor in each.sponsors.all()],
        )
        for each in Amendment.objects.all()
    }

    assert found == AMENDMENTS
    assert not Amendment.objects.exclude(decided_on=None).exists()


def test_only_the_draft_of_our_own_has_a_text_and_it_says_that_it_is_one():
    with_text = Amendment.objects.exclude(lines=None).distinct()

    draft = with_text.get()
    assert draft.is_own_draft
    assert "Illustrative draft for demonstration" in draft.title
    assert "Illustrative draft for demonstration" in draft.explanatory_statement
    assert [line.indent for line in draft.lines.all()] == [0, 1, 1, 1, 2, 2, 2, 1]
    assert not Amendment.objects.exclude(pk=draft.pk).exclude(explanatory_statement="").exists()


def test_the_government_amendments_deliver_the_second_ask_in_part():
    links = AskAmendment.objects.filter(ask__slug="senior-manager-liability")

    assert {(each.amendment.number, each.relation) for each in links} == {
        (number, "partly_delivers") for number in ("262A", "262B", "262C", "264A", "266A")
    }


def test_the_pack_is_for_a_day_to_come():
    for pack in Pack.objects.all():
        assert pack.used_on == timezone.localdate() + timedelta(days=30)
        assert str(pack.stage) == "Lords Report"


def test_the_short_pack_fits_on_one_side():
    pack = Pack.objects.get(slug="lords-report-one-side")

    assert len(PdfReader(BytesIO(build(pack, "pdf")[0])).pages) == 1


@pytest.mark.parametrize("file", ["txt", "html"])
def test_every_pack_says_that_its_draft_is_made_up(file: str):
    for pack in Pack.objects.all():
        said = " ".join(build(pack, file)[0].decode().split())

        assert "Draft of our own, not yet tabled." in said
        assert "A demonstration of Attest with public figures and an illustrative draft" in said
        assert (file == "txt") != ("Illustrative draft for demonstration. This amendment" in said)


def test_the_pack_holds_one_fictional_account_and_no_other():
    chosen = PackItem.objects.exclude(testimony_version=None).get()

    assert chosen.testimony_version.testimony.contributor.is_fictional
    assert chosen.section.kind == "case_study"


def test_every_kind_of_section_stands_in_the_pack():
    kinds = PackSection.objects.filter(pack__slug="lords-report").values_list("kind", flat=True)

    assert list(kinds) == [
        "summary", "problem", "bill", "amendment", "why", "questions", "case_study",
    ]  # fmt: skip


def test_everything_is_approved():
    for model in (Campaign, Ask, Bill, Amendment, Pack):
        assert set(model.objects.values_list("review_state", flat=True)) == {ReviewState.APPROVED}


def test_a_second_load_keeps_what_was_edited():
    Stage.objects.filter(name="Report", house="lords").update(name="Report stage")
    Member.objects.filter(name="Baroness Newlove").update(name="The Baroness Newlove")
    Sitting.objects.filter(date="2023-07-06").delete()
    ask = Ask.objects.get(slug="child-safety-advocate")
    review.edit(ask, by=user("officer"))
    ask.slug, ask.title = "advocate", "An advocate for children"
    ask.save()
    ask.objections.all().delete()
    before = {model: model.objects.count() for model in (Stage, Member, Sitting, Ask)}

    report = load()

    ask.refresh_from_db()
    assert report.added.total() == 0
    assert (ask.slug, ask.title, ask.review_state) == (
        "advocate",
        "An advocate for children",
        "draft",
    )
    assert {model: model.objects.count() for model in before} == before
    assert not ask.objections.exists()
