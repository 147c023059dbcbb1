"""Source, figure, claim: what has to be approved first is told before anything is refused."""

import pytest
from django.urls import reverse

from evidence import review
from evidence.models import Claim, Statement
from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import client_of
from tests.publishing import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return client_of(rows.person("reviewer"))


def address_of(record) -> str:
    return reverse(f"admin:evidence_{record._meta.model_name}_change", args=[record.pk])


def order(client, record):
    return client.get(address_of(record)).context["order"]


def before(client, record) -> list[tuple[str, str]]:
    found = order(client, record)
    return [(step.kind, step.state) for step in found.before]


def test_a_figure_tells_its_source(reviewer) -> None:
    figure = make.statistic()

    page = reviewer.get(address_of(figure)).content.decode()

    assert before(reviewer, figure) == [("source", "Draft")]
    assert "Before this figure can be approved, in this order:" in page
    assert address_of(figure.source) in page


def test_a_claim_tells_its_sources_before_its_figures(reviewer) -> None:
    claim = rows.claim()
    making.approved(claim.source)

    assert before(reviewer, claim) == [
        ("source", "Approved"),
        ("source", "Draft"),
        ("source", "Draft"),
        ("figure", "Draft"),
        ("figure", "Draft"),
    ]


def test_what_is_told_can_be_approved_in_that_order(reviewer) -> None:
    claim = rows.claim()

    for step in order(reviewer, claim).before:
        [record] = [
            each
            for model in (make.Source, make.Statistic)
            for each in model.objects.all()
            if address_of(each) == step.url
        ]
        making.approved(record)

    making.approved(Claim.objects.get())
    assert Claim.objects.get().is_approved


def test_once_all_is_approved_it_says_so(reviewer) -> None:
    figure = make.statistic()
    making.approved(figure.source)

    page = reviewer.get(address_of(figure)).content.decode()

    assert "All that it rests on is approved:" in page
    assert "in this order" not in page


def test_what_is_approved_tells_no_order(reviewer) -> None:
    figure = making.approved(make.statistic())

    assert order(reviewer, figure) is None


def test_a_source_tells_what_waits_for_it(reviewer) -> None:
    claim = rows.claim()
    source = claim.source
    make.statistic("7", source=source)
    make.statistic("8", source=source, area=make.area("W15000004", "Gwent"))

    found = order(reviewer, source).after

    assert [words for words, _ in found] == ["2 figures", "1 claim"]
    assert [reviewer.get(url).context["cl"].result_count for _, url in found] == [2, 1]


def test_a_figure_tells_the_claims_that_wait_for_it(reviewer) -> None:
    claim = rows.claim()

    found = order(reviewer, claim.inputs.first().statistic)

    assert found.after == [(f"the claim “{claim}”", address_of(claim))]


def test_a_statement_tells_its_source(reviewer) -> None:
    source = rows.source()
    statement = Statement.objects.create(
        speaker="A Minister",
        role="Minister",
        organisation=source.publisher,
        source=source,
        gist="It will be done.",
        said_in="2018",
        last_edited_by=make.user("officer"),
    )

    assert before(reviewer, statement) == [("source", "Draft")]


def test_a_claim_asks_the_same_with_one_figure_and_with_two(
    reviewer, django_assert_max_num_queries
) -> None:
    claim = rows.claim()
    review.submit(claim, by=make.user("officer"))
    reviewer.get(address_of(claim))

    with django_assert_max_num_queries(45):
        reviewer.get(address_of(claim))
