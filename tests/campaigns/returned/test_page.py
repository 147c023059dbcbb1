"""The page of a returned Word file: ticked wording is taken over, and the pack is a draft again."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.models import Pack, PackSection
from campaigns.returned.taking import CHANGED
from config.roles import ensure_roles
from evidence.models import ReviewState
from tests import factories as make
from tests.campaigns import packing
from tests.campaigns.returned.test_comparing import MORE, TOLD, pack, word
from tests.campaigns.returned.word_files import below, edited, paragraph, remarked
from tests.campaigns.test_jigsaw import signed_in

pytestmark = pytest.mark.django_db

RIGHTS = ("campaigns.view_pack", "campaigns.change_pack", "evidence.view_testimonyversion")


@pytest.fixture
def officer(client):
    ensure_roles()
    return signed_in(client, *RIGHTS)


def address(of: Pack) -> str:
    return f"/admin/campaigns/pack/{of.pk}/returned/"


def sent(client, of: Pack, file: bytes):
    upload = SimpleUploadedFile("briefing.docx", file)
    return client.post(address(of), {"file": upload})


def offer_in(answer) -> str:
    return re.search(r'name="offer" value="([^"]+)"', answer.text)[1]


def problem(of: Pack) -> tuple[str, str]:
    section = PackSection.objects.get(pack=of, kind="problem")
    return section.heading, section.text


def changed(of: Pack) -> bytes:
    file = edited(word(of), ("The problem", "What happens"), ("cannot hear", "never hears"))
    return below(file, "never hears them.", paragraph("It is late."))


def test_what_is_ticked_is_taken_over_and_nothing_else(officer) -> None:
    of = packing.approved(pack())

    shown = sent(officer, of, changed(of))
    answer = officer.post(address(of), {"offer": offer_in(shown), "take": ["1", "2"]}, follow=True)

    assert "2 changes were taken over: the pack is your draft" in answer.text
    assert problem(of) == (
        "The problem",
        f"{TOLD}\n\nA regulator alone never hears them.\n\nIt is late.",
    )
    of.refresh_from_db()
    assert (of.review_state, of.last_edited_by.username) == (ReviewState.DRAFT, "reviewer")


def test_looking_at_a_file_writes_nothing(officer) -> None:
    of = packing.approved(pack())

    sent(officer, of, changed(of))

    of.refresh_from_db()
    assert (of.review_state, problem(of)) == (
        ReviewState.APPROVED,
        ("The problem", f"{TOLD}\n\n{MORE}"),
    )


def test_both_sides_remarks_and_reasons_stand_on_the_page(officer) -> None:
    of = pack()
    file = edited(word(of), ("a tough regulator", "a weak regulator"))

    shown = sent(officer, of, remarked(file, MORE, "Is it so?", "A Peer")).text

    assert "<del>tough</del>" in shown
    assert "<ins>weak</ins>" in shown
    assert "A quotation is never taken from a file" in shown
    assert "A Peer remarks:</strong> Is it so?" in shown


def test_a_pack_that_changed_meanwhile_keeps_its_words(officer) -> None:
    of = pack()
    shown = sent(officer, of, changed(of))
    PackSection.objects.filter(pack=of, kind="problem").update(text=f"{TOLD}\n\nRewritten.")

    answer = officer.post(address(of), {"offer": offer_in(shown), "take": ["0", "1"]})

    assert CHANGED in answer.text
    assert problem(of) == ("The problem", f"{TOLD}\n\nRewritten.")


@pytest.mark.parametrize("offer", ["made up", "eyJhIjoxfQ:1x:abc"])
def test_an_offer_that_we_did_not_make_is_refused(officer, offer) -> None:
    of = pack()

    answer = officer.post(address(of), {"offer": offer, "take": ["0"]})

    assert CHANGED in answer.text


def test_an_offer_for_one_pack_is_none_for_another(officer) -> None:
    of = pack()
    offer = offer_in(sent(officer, of, changed(of)))
    other = packing.pack(slug="other")

    assert CHANGED in officer.post(address(other), {"offer": offer, "take": ["0"]}).text


def test_a_file_that_cannot_be_read_says_so_at_its_field(officer) -> None:
    answer = sent(officer, pack(), b"%PDF")

    assert "This is no Word file: choose the .docx that came back." in answer.text


@pytest.mark.parametrize("missing", RIGHTS[1:])
def test_who_may_not_edit_or_read_accounts_sees_nothing_of_it(client, missing) -> None:
    ensure_roles()
    of = pack(make.covered(text="A canary account."))
    signed_in(client, *(each for each in RIGHTS if each != missing))

    answer = client.get(address(of))

    assert answer.status_code == 403
    assert "canary" not in answer.text
