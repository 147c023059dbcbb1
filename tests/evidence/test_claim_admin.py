"""Claims and corrections at the desk: accepted as they stand, fallen when an input changes."""

import pytest
from django.urls import reverse

from evidence import accepting, review
from evidence.checking import check_claims
from evidence.models import Claim, ClaimAcceptance, ClaimInput, Correction
from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import buttons, client_of, press
from tests.publishing import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return rows.person("officer")


@pytest.fixture
def wrong():
    """Both its figures are 1,437, so nothing rose by 43%."""
    claim = rows.claim()
    check_claims(Claim.objects.all())
    claim.refresh_from_db()
    return claim


def read(client, record) -> str:
    name = record._meta.label_lower.replace(".", "_")
    return client.get(reverse(f"admin:{name}_change", args=[record.pk])).content.decode()


def test_an_inconsistent_claim_can_be_accepted_with_a_reason(officer, wrong) -> None:
    client = client_of(officer)

    page = press(client, wrong, "accept", "The source corrected itself by telephone.")

    assert "Accepted, for as long as nothing in it changes." in page
    assert "Accepted as it stands by officer" in page
    assert "The source corrected itself by telephone." in page
    assert "accept" not in buttons(client, wrong)


def test_without_a_reason_it_is_not_accepted(officer, wrong) -> None:
    page = press(client_of(officer), wrong, "accept", " ")

    assert "Say why the claim may stand." in page
    assert not ClaimAcceptance.objects.exists()


def test_a_consistent_claim_offers_no_acceptance(officer, wrong) -> None:
    last = ClaimInput.objects.filter(claim=wrong).last()
    last.statistic.value_printed, last.statistic.value = "2,061", 2061
    last.statistic.save()
    check_claims(Claim.objects.all())

    assert "accept" not in buttons(client_of(officer), wrong)


def test_an_acceptance_that_fell_is_told_and_can_be_given_anew(officer, wrong) -> None:
    accepting.accept(wrong, reason="As they say.", by=make.user("lead"))
    review.edit(wrong, by=officer)
    wrong.stated = "44%"
    wrong.save()
    client = client_of(officer)

    page = read(client, wrong)

    assert (
        "No longer accepted, since the claim or a figure under it changed. It was by lead" in page
    )
    assert "As they say." in page
    assert "accept" in buttons(client, wrong)


def test_a_reader_accepts_nothing(wrong) -> None:
    answer = client_of(rows.person("reader")).post(
        reverse("admin:evidence_claim_act", args=[wrong.pk]), {"act": "accept", "note": "Why not."}
    )

    assert (answer.status_code, ClaimAcceptance.objects.count()) == (403, 0)


def corrected() -> Correction:
    figure = making.approved(make.statistic("1,437"))
    review.edit(figure, by=make.user("officer"))
    figure.value_printed, figure.value = "1,473", 1473
    figure.correction_note = "Two digits were swapped."
    figure.save()
    review.submit(figure, by=make.user("officer"))
    review.approve(figure, by=make.user("lead"))
    return Correction.objects.get()


def test_a_figure_shows_its_corrections(officer) -> None:
    correction = corrected()

    page = read(client_of(officer), correction.statistic)

    assert "1,437, Wales, 2016/17" in page
    assert "Two digits were swapped." in page


def test_a_reader_reads_corrections() -> None:
    correction = corrected()
    client = client_of(rows.person("reader"))

    listed = client.get(reverse("admin:evidence_correction_changelist")).content.decode()

    assert "1,437, Wales, 2016/17" in listed
    assert "Two digits were swapped." in read(client, correction)


def test_the_form_asks_what_was_wrong(officer) -> None:
    page = read(client_of(officer), rows.statistic())

    assert "Only where a figure that is on the website changes: it becomes a correction." in page


def test_before_it_is_retired_a_figure_says_what_rests_on_it(officer, wrong) -> None:
    figure = wrong.inputs.first().statistic

    page = read(client_of(officer), figure)

    assert "Rests on it: 1 claim." in page
    assert reverse("admin:where_used", args=["statistic", figure.pk]) in page
