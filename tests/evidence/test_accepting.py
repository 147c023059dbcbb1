"""An inconsistent claim may stand with a reason, until one of its inputs changes."""

import pytest

from evidence import review
from evidence.accepting import accept, standing_acceptance
from evidence.checking import check_claims
from evidence.models import Claim, ClaimInput, ClaimType, Verdict
from evidence.refusing import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


def claim(stated: str = "50%") -> Claim:
    made = Claim.objects.create(
        key="up",
        type=ClaimType.PERCENT_CHANGE,
        wording="Up by half",
        stated=stated,
        source=make.source(),
        last_edited_by=make.user("officer"),
    )
    for role, printed, year in (("from", "1,437", 2016), ("to", "2,061", 2021)):
        ClaimInput.objects.create(
            claim=made,
            role=role,
            statistic=make.statistic(printed, period=make.financial_year(year)),
        )
    check_claims(Claim.objects.all())
    made.refresh_from_db()
    return made


def test_a_consistent_claim_needs_no_acceptance() -> None:
    made = claim("43%")

    assert made.verdict == Verdict.CONSISTENT
    with pytest.raises(Refused, match="Only an inconsistent claim"):
        accept(made, reason="It is fine.", by=make.user("lead"))


def test_an_acceptance_says_why() -> None:
    with pytest.raises(Refused, match="Say why"):
        accept(claim(), reason="  ", by=make.user("lead"))


def test_an_acceptance_stands_while_nothing_changes() -> None:
    made = claim()

    accepted = accept(made, reason="The charity rounds to tens.", by=make.user("lead"))

    assert standing_acceptance(made) == accepted
    check_claims(Claim.objects.all())
    assert standing_acceptance(Claim.objects.get()) == accepted


def change_an_input(made: Claim) -> None:
    statistic = made.inputs.get(role="to").statistic
    statistic.value_printed, statistic.value = "2,062", 2062
    statistic.save()


def change_what_is_stated(made: Claim) -> None:
    review.edit(made, by=make.user("officer"))
    made.stated = "51%"
    made.save()


@pytest.mark.parametrize("change", [change_an_input, change_what_is_stated])
def test_an_acceptance_falls_with_a_change(change) -> None:
    made = claim()
    accept(made, reason="The charity rounds to tens.", by=make.user("lead"))

    change(made)

    assert standing_acceptance(Claim.objects.get()) is None
