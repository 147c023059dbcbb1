"""Amendments and members at the desk: who judged what, what became of it, and who stands for it."""

import re

import pytest
from django.utils import timezone

from campaigns.models import AskAmendment, Sponsor
from tests import factories as make
from tests.campaigns import packing
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import address_of, client_of, form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def link() -> AskAmendment:
    """As the lead judged it."""
    amendment = packing.amendment(packing.stage(), ["Insert the following new Clause—"])
    ask = packing.ask()
    ask.targets.add(make.organisation())
    return AskAmendment.objects.create(
        ask=ask,
        amendment=amendment,
        relation="delivers",
        checked_by=make.user("lead"),
        checked_at=timezone.now(),
    )


@pytest.mark.parametrize(
    ("side", "lines"), [("ask", "amendment_links"), ("amendment", "ask_links")]
)
def test_a_judgement_bears_the_name_of_whoever_changed_it(link, side: str, lines: str) -> None:
    record, officer = getattr(link, side), client_of(rows.person("officer"))
    before = link.checked_at
    assert "by lead, " in officer.get(address_of(record, "change")).content.decode()

    changed = form_of(officer, record, **{f"{lines}-0-relation": "opposes"})
    assert officer.post(address_of(record, "change"), changed).status_code == 302

    link.refresh_from_db()
    assert (link.relation, str(link.checked_by)) == ("opposes", "officer")
    assert link.checked_at > before
    assert link.text_sha256_when_linked == link.amendment.stands().text_sha256
    assert "by officer, " in officer.get(address_of(record, "change")).content.decode()


@pytest.mark.parametrize(
    "change", [{"ask_links-0-relation": "opposes"}, {"ask_links-0-DELETE": "on"}]
)
def test_what_an_amendments_page_says_of_an_ask_is_read_by_a_colleague_of_the_ask(link, change):
    officer = client_of(rows.person("officer"))
    assert link.ask.is_approved

    changed = form_of(officer, link.amendment, **change)
    assert officer.post(address_of(link.amendment, "change"), changed).status_code == 302

    link.ask.refresh_from_db()
    assert (link.ask.review_state, str(link.ask.last_edited_by)) == ("draft", "officer")


@pytest.mark.parametrize("side", ["ask", "amendment"])
def test_whoever_changes_something_else_judges_nothing(link, side: str) -> None:
    record, officer = getattr(link, side), client_of(rows.person("officer"))

    changed = form_of(officer, record, title="Another title")
    assert officer.post(address_of(record, "change"), changed).status_code == 302

    link.refresh_from_db()
    assert str(link.checked_by) == "lead"
    assert link.ask.is_approved == (side == "amendment")


def cells(page: str, name: str) -> list[str]:
    """What stands in one column, from the top."""
    found = re.findall(rf"<td[^>]*field-{name}[^>]*>(.*?)</td>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


def test_a_members_page_lists_what_they_put_their_name_to() -> None:
    member, stage = packing.member(), packing.stage()
    tabled = packing.amendment(stage, number="270A", decision="NotMoved")
    draft = packing.own_draft(stage, slug="draft", tabled_as=tabled)
    unknown = packing.amendment(stage, slug="unknown", title="Another body")
    packing.amendment(stage, slug="of-another", title="Not hers")
    for amendment in (tabled, draft, unknown):
        Sponsor.objects.create(amendment=amendment, member=member, role="supporting")

    page = client_of(rows.person("officer")).get(address_of(member, "change")).content.decode()

    assert cells(page, "amendment") == [str(tabled), str(draft), str(unknown)]
    assert cells(page, "bill") == ["Example Bill"] * 3
    assert cells(page, "stage") == ["Lords Report"] * 3
    assert cells(page, "number") == ["270A", "ours, none", "not known"]
    assert cells(page, "decision") == ["NotMoved", "tabled as 270A", "not known"]
    assert address_of(tabled, "change") in page


@pytest.mark.parametrize(
    ("tabling", "number", "said"),
    [
        ("", None, "not yet tabled"),
        ("with_member", None, "not yet tabled (with a member)"),
        ("", "270A", "tabled as 270A"),
    ],
)
def test_the_list_says_how_far_a_draft_of_ours_has_come(tabling, number, said) -> None:
    stage = packing.stage()
    tabled = packing.amendment(stage, slug="tabled", number=number) if number else None
    packing.own_draft(stage, tabling=tabling, tabled_as=tabled)

    page = client_of(rows.person("officer")).get("/admin/campaigns/amendment/").content.decode()

    assert said in cells(page, "decision")
