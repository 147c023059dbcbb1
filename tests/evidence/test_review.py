"""Two people see a record before it leaves: by our own functions, and by the database."""

import pytest

from evidence import review
from evidence.models import Claim, ClaimInput, ClaimType, ReviewState
from tests import factories as make
from tests.refusing import refused_by, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make.user("officer")


@pytest.fixture
def lead():
    return make.user("lead")


@pytest.fixture
def approved(officer, lead):
    record = make.source()
    review.submit(record, by=officer)
    review.approve(record, by=lead)
    return record


def test_whoever_edited_last_cannot_approve(officer) -> None:
    record = make.source()
    review.submit(record, by=officer)

    with pytest.raises(review.Refused, match="somebody else has to approve"):
        review.approve(record, by=officer)
    with refused_by("source_approver_is_not_last_editor"):
        run(
            "UPDATE evidence_source SET review_state = 'approved', approved_by_id = %s, "
            "approved_at = now()",
            officer.pk,
        )


def test_a_colleague_approves(approved, lead) -> None:
    approved.refresh_from_db()

    assert (approved.review_state, approved.approved_by) == (ReviewState.APPROVED, lead)
    assert approved.is_approved


def test_the_editor_cannot_be_swapped_on_the_way(officer, lead) -> None:
    review.submit(make.source(), by=officer)

    with refused_by("review_keeps_the_last_editor"):
        run(
            "UPDATE evidence_source SET review_state = 'approved', approved_by_id = %s, "
            "approved_at = now(), last_edited_by_id = %s",
            officer.pk,
            lead.pk,
        )


def test_a_record_starts_as_a_draft() -> None:
    with refused_by("review_starts_as_draft"):
        make.source(review_state="in_review")


def test_an_approved_record_cannot_be_edited_in_place(approved) -> None:
    with refused_by("review_edit_makes_a_draft"):
        run("UPDATE evidence_source SET title = 'Another title'")


def test_what_is_in_review_cannot_be_edited_in_place(officer) -> None:
    review.submit(make.source(), by=officer)

    with refused_by("review_edit_makes_a_draft"):
        run("UPDATE evidence_source SET title = 'Another title'")


def test_an_edit_makes_it_a_draft_of_the_editor(approved, lead) -> None:
    review.edit(approved, by=lead)
    approved.title = "Another title"
    approved.save()

    approved.refresh_from_db()
    assert (approved.review_state, approved.last_edited_by, approved.approved_by) == (
        ReviewState.DRAFT,
        lead,
        None,
    )


@pytest.mark.parametrize("state", ["approved", "sent_back"])
def test_nothing_skips_the_review(state: str, lead) -> None:
    make.source()

    with refused_by("review_moves_are_permitted"):
        run(
            "UPDATE evidence_source SET review_state = %s, approved_by_id = %s, "
            "approved_at = now()",
            state,
            lead.pk,
        )


def test_sending_back_says_what_is_missing(officer, lead) -> None:
    record = make.source()
    review.submit(record, by=officer)

    with pytest.raises(review.Refused, match="Say what is missing"):
        review.send_back(record, by=lead, note=" ")
    review.send_back(record, by=lead, note="The date is missing.")

    record.refresh_from_db()
    assert (record.review_state, record.review_note) == ("sent_back", "The date is missing.")


def test_a_draft_cannot_be_approved_past_the_review(lead) -> None:
    with pytest.raises(review.Refused, match="It is draft, so it cannot become approved"):
        review.approve(make.source(), by=lead)


def test_a_stale_page_cannot_approve_what_was_edited_meanwhile(officer, lead) -> None:
    record = make.source()
    review.submit(record, by=officer)
    stale = type(record).objects.get(pk=record.pk)
    review.edit(record, by=lead)

    with pytest.raises(review.Refused):
        review.approve(stale, by=lead)


def test_an_unknown_state_is_refused() -> None:
    make.source()

    with refused_by("review_moves_are_permitted"):
        run("UPDATE evidence_source SET review_state = 'blessed'")


@pytest.fixture
def claim(officer) -> Claim:
    made = Claim.objects.create(
        key="up",
        type=ClaimType.ABSOLUTE_CHANGE,
        wording="Up",
        source=make.source(),
        last_edited_by=officer,
    )
    ClaimInput.objects.create(claim=made, role="from", statistic=make.statistic())
    review.submit(made, by=officer)
    return made


def test_the_inputs_of_a_claim_are_part_of_what_is_reviewed(claim) -> None:
    with refused_by("review_covers_its_lines"):
        ClaimInput.objects.all().delete()
    with refused_by("review_covers_its_lines"):
        ClaimInput.objects.create(
            claim=claim, role="to", statistic=make.statistic(period=make.financial_year(2017))
        )


def test_a_claim_is_approved_after_what_it_rests_on(claim, lead) -> None:
    with pytest.raises(review.Refused) as refused:
        review.approve(claim, by=lead)

    assert str(refused.value) == (
        "It cannot be approved yet: its source, example-2023, is not approved; its input, "
        "1,437, Wales, 2016/17 (example-2023), is not approved."
    )


def test_a_figure_is_approved_after_its_source(officer, lead) -> None:
    statistic = make.statistic()
    review.submit(statistic, by=officer)

    with pytest.raises(review.Refused, match="its source, example-2023, is not approved"):
        review.approve(statistic, by=lead)
