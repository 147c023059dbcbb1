"""Numbers in prose: borne out by what a record links, bound or waived by a person, or refused."""

import pytest
from django.urls import reverse

from campaigns.models import EvidenceLink, EvidenceRole, Objection, PackItem, PackSection
from evidence import deciding, review
from evidence.checking import check_claims
from evidence.models import Claim, NumberDecision, ReviewState
from evidence.prose_binding import unbound_numbers
from evidence.refusing import Refused
from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import client_of

pytestmark = pytest.mark.django_db


def ask(rationale: str = "", **fields: str):
    made = rows.ask()
    made.objections.all().delete()
    for name, text in {"rationale": rationale, **fields}.items():
        setattr(made, name, text)
    made.save()
    return made


def link(record, statistic) -> None:
    EvidenceLink.objects.create(ask=record, role=EvidenceRole.SHOWS_PROBLEM, statistic=statistic)


def told(record) -> list[str]:
    return [f"{each.text}, {each.place}" for each in unbound_numbers(record)]


@pytest.fixture
def officer():
    return rows.person("officer")


@pytest.fixture
def reviewer():
    return rows.person("reviewer")


def test_a_number_that_nothing_bears_out_stands_with_its_place() -> None:
    record = ask("1 in 4 children met it.", precedent="It halved, in 2019.")
    Objection.objects.create(ask=record, objection="It costs £3 million.", answer="It saves 20%.")

    assert told(record) == [
        "1 in 4, the rationale",
        "halved, the precedent",
        "£3 million, objection 1",
        "20%, the answer to objection 1",
    ]


def test_a_linked_figure_bears_out_its_number() -> None:
    record = ask("Police recorded 1,437 offences, and then 2,061.")
    link(record, make.statistic("1,437"))

    assert told(record) == ["2,061, the rationale"]


def test_a_claim_that_rests_on_linked_figures_alone_bears_out_its_own() -> None:
    claim = rows.claim()
    record = ask("Offences rose by 43%.")
    first, second = (each.statistic for each in claim.inputs.all())
    link(record, first)

    assert told(record) == ["43%, the rationale"]
    link(record, second)
    assert told(record) == []


def test_a_figure_bears_out_its_own_wording_and_its_claims_theirs() -> None:
    claim = rows.claim()
    check_claims(Claim.objects.all())
    figure = claim.inputs.first().statistic
    figure.approved_wording = "1,437 offences, 43% more than before; 17 were solved."

    assert told(figure) == ["17, the approved wording"]


def test_a_pack_rests_on_what_is_chosen_for_it() -> None:
    pack = rows.pack()
    section = PackSection.objects.get(pack=pack)
    section.text = "There were 1,437 offences, 950 of them online."
    section.save()
    PackItem.objects.create(section=section, statistic=make.statistic("1,437"))

    assert told(pack) == ["950, the section “Summary”"]


def test_approval_waits_for_an_unbound_number(officer, reviewer) -> None:
    record = ask("1 in 4 children met it.")
    review.submit(record, by=officer)

    with pytest.raises(Refused, match="“1 in 4” in the rationale is bound to no figure"):
        review.approve(record, by=reviewer)


def test_a_waived_number_can_be_approved(officer, reviewer) -> None:
    record = ask("1 in 4 children met it.")
    review.submit(record, by=officer)
    deciding.waive(record, "1 in 4", reason="A figure of speech.", by=officer)

    review.approve(record, by=reviewer)

    assert record.review_state == ReviewState.APPROVED


def test_a_binding_falls_with_its_figure(officer) -> None:
    record, figure = ask("Two-fifths were girls."), make.statistic("1,437")
    link(record, figure)
    deciding.bind(record, "Two-fifths", to=figure, by=officer)
    held = told(record)

    review.retire(figure, by=officer)

    assert (held, told(record)) == ([], ["Two-fifths, the rationale"])


def test_a_number_can_be_decided_again_once_its_binding_fell(officer) -> None:
    record, figure = ask("Two-fifths were girls."), make.statistic("1,437")
    link(record, figure)
    deciding.bind(record, "Two-fifths", to=figure, by=officer)
    review.retire(figure, by=officer)

    deciding.waive(record, "two-fifths", reason="As they told us.", by=officer)

    [decision] = NumberDecision.objects.all()
    assert (decision.statistic, decision.waiver) == (None, "As they told us.")


def test_a_number_is_bound_to_a_linked_figure_only(officer) -> None:
    record = ask("1 in 4 children met it.")

    with pytest.raises(Refused, match="is not linked here"):
        deciding.bind(record, "1 in 4", to=make.statistic("1,437"), by=officer)


def test_a_number_that_is_not_there_is_not_waived(officer) -> None:
    with pytest.raises(Refused, match="does not stand there unbound"):
        deciding.waive(ask("Many."), "1 in 4", reason="So it is.", by=officer)


def test_a_waiver_needs_a_reason(officer) -> None:
    with pytest.raises(Refused, match="Say why"):
        deciding.waive(ask("1 in 4 did."), "1 in 4", reason=" ", by=officer)


def number_address(record) -> str:
    return reverse("admin:campaigns_ask_number", args=[record.pk])


def test_the_page_lists_what_is_open_and_a_form_binds_it(officer) -> None:
    record, figure = ask("Two-fifths were girls."), make.statistic("1,437")
    link(record, figure)
    client = client_of(officer)
    page = client.get(reverse("admin:campaigns_ask_change", args=[record.pk])).content.decode()

    answer = client.post(
        number_address(record), {"number": "Two-fifths", "figure": str(figure.pk)}, follow=True
    )

    assert "“Two-fifths” in the rationale" in page
    assert "“Two-fifths” is bound to" in answer.content.decode()
    assert NumberDecision.objects.get().statistic == figure


def test_a_reader_decides_nothing() -> None:
    record = ask("1 in 4 did.")

    answer = client_of(rows.person("reader")).post(
        number_address(record), {"number": "1 in 4", "note": "Why not."}
    )

    assert (answer.status_code, NumberDecision.objects.count()) == (403, 0)
