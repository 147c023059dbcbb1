"""What a link reaches: a parent's only what a parent decides, and nothing of a child who does."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from evidence.models import Competence, ExpressedBy, LinkFor
from evidence.own_page.links import make_link
from evidence.own_page.reach import consents_within
from evidence.refusing import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 15)
NOT, YES = Competence.GILLICK_NOT_COMPETENT, Competence.GILLICK_COMPETENT
PARENT, BOTH, SELF = (
    ExpressedBy.PARENTAL_RESPONSIBILITY,
    ExpressedBy.BOTH,
    ExpressedBy.SUBJECT,
)
LATER, THIS_MONTH, NOW_PAST = date(2026, 7, 1), date(2026, 6, 1), date(2025, 1, 1)


def consent(age, competence, by, month, contributor=None):
    return make.requested_consent(
        contributor or make.testimony(f"{age}{competence}{by}{month}").contributor,
        age_at_consent=age,
        competence=competence,
        expressed_by=by,
        reconsent_month=month,
        subject_assent=True,
        **({"validity": until(month), "review_due": month - timedelta(days=30)} if month else {}),
    )


def until(month):
    """The database has a child's consent end by the month of the birthday."""
    end = datetime.combine(month, time.min, UTC)
    return (end - timedelta(days=300), end)


@pytest.mark.parametrize(
    ("age", "competence", "by", "month", "reached"),
    [
        (12, NOT, PARENT, LATER, True),
        (12, NOT, BOTH, LATER, True),
        (15, NOT, PARENT, LATER, True),
        (15, NOT, PARENT, THIS_MONTH, False),  # 16 this month
        (15, NOT, PARENT, NOW_PAST, False),
        (15, NOT, PARENT, None, False),  # nobody said when the child turns 16
        (12, YES, PARENT, LATER, False),
        (15, YES, SELF, LATER, False),
        (15, YES, BOTH, LATER, False),
        (17, Competence.ADULT_PRESUMED, SELF, LATER, False),
        (17, Competence.ADULT_PRESUMED, BOTH, LATER, False),
        (17, Competence.MCA_ASSESSED, PARENT, LATER, False),
        (34, Competence.ADULT_PRESUMED, SELF, None, False),
        (34, Competence.MCA_LACKS, ExpressedBy.OTHER_LAWFUL, None, False),
    ],
)
def test_a_parents_link(age, competence, by, month, reached):
    given = consent(age, competence, by, month)

    within = consents_within(given.contributor, LinkFor.PARENT, at=TODAY)

    assert list(within) == ([given] if reached else [])
    assert list(consents_within(given.contributor, LinkFor.CONTRIBUTOR, at=TODAY)) == [given]


@pytest.mark.parametrize(
    "other",
    [
        (15, YES, SELF, LATER),
        (16, Competence.ADULT_PRESUMED, SELF, LATER),
        (12, NOT, PARENT, NOW_PAST),
    ],
)
def test_one_consent_that_shows_a_child_who_decides_is_enough(other):
    given = consent(12, NOT, PARENT, LATER)
    consent(*other, contributor=given.contributor)

    assert list(consents_within(given.contributor, LinkFor.PARENT, at=TODAY)) == []


def test_no_link_is_made_for_a_parent_who_decides_nothing():
    person = make.covered().consent.contributor

    with pytest.raises(Refused, match="nothing that a parent may decide"):
        make_link(person, LinkFor.PARENT, by=None)
