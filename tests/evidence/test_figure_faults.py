"""What a figure, a period and a claim cannot say, told at the field where it is mended."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from evidence import review
from evidence.models import Claim, ClaimType, Excerpt, Period, PeriodKind, Statistic
from evidence.snapshots.taking import take
from tests import factories as make

pytestmark = pytest.mark.django_db


def told(record) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        record.clean()
    return caught.value.message_dict


def figure(**fields: object) -> Statistic:
    return make.statistic(**fields)


def excerpt(words: str) -> Excerpt:
    snapshot = take(make.source(), text=words, is_summary=True, at=make.moment(0))
    return Excerpt.objects.create(snapshot=snapshot, exact=words, start=0, end=len(words))


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        (
            {"printed": "1,500", "value": Decimal(1050)},
            {"value": ["1,500 is printed, but 1050 is written here."]},
        ),
        (
            {"printed": "140%", "value": Decimal(140), "unit": "percent"},
            {"value": ["A share is at most 100 per cent: a rise beyond that is a claim."]},
        ),
    ],
)
def test_a_number_that_cannot_be_is_told_at_its_field(fields, faults) -> None:
    assert told(figure(**fields)) == faults


def test_a_year_is_no_value() -> None:
    faults = told(figure(printed="2016/17", value=Decimal(2016)))

    assert list(faults) == ["value_printed"]
    assert "is a year, not a division" in faults["value_printed"][0]


def test_the_excerpt_has_to_print_the_value() -> None:
    words = excerpt("Police recorded 1,437 offences.")
    source = words.snapshot.source

    assert told(figure(printed="1,440", source=source, excerpt=words)) == {
        "excerpt": ["Its words do not print 1,440: choose those that do."]
    }
    figure(printed="1,437", source=source, excerpt=words, period=make.financial_year(2017)).clean()


@pytest.mark.parametrize(
    ("printed", "value", "unit", "qualifier"),
    [
        ("1,437", "1437", "count", "exact"),
        ("43%", "43", "percent", "exact"),
        ("1.15 million", "1150000", "count", "nearly"),
        ("a third", "0.333333", "fraction", "exact"),
    ],
)
def test_what_agrees_is_accepted(printed: str, value: str, unit: str, qualifier: str) -> None:
    figure(printed=printed, value=Decimal(value), unit=unit, qualifier=qualifier).clean()


def test_a_faulty_figure_is_not_approved_however_it_came_in() -> None:
    source = make.source()
    review.submit(source, by=make.user("officer"))
    review.approve(source, by=make.user("lead"))
    statistic = figure(printed="1,500", value=Decimal(1050), source=source)
    review.submit(statistic, by=make.user("officer"))

    with pytest.raises(review.Refused, match="1,500 is printed, but 1050 is written here"):
        review.approve(statistic, by=make.user("lead"))


def test_a_period_ends_after_its_start() -> None:
    period = Period(
        label="2016", kind=PeriodKind.OTHER, start=date(2016, 4, 1), end=date(2016, 3, 31)
    )

    assert told(period) == {"end": ["A period cannot end before it starts."]}


def test_what_is_stated_has_to_be_a_number() -> None:
    claim = Claim(type=ClaimType.PERCENT_CHANGE, stated="2016/17")

    assert list(told(claim)) == ["stated"]
