"""A published figure that changes becomes a numbered correction, and says what was wrong."""

import pytest

from evidence import review
from evidence.models import Correction, Statistic
from publishing.encoding import decode
from publishing.models import PublishedItem
from tests import factories as make
from tests.refusing import refused_by_grant, run

pytestmark = pytest.mark.django_db


def approve(record) -> None:
    review.submit(record, by=make.user("officer"))
    review.approve(record, by=make.user("lead"))


def change(statistic: Statistic, **fields: object) -> None:
    review.edit(statistic, by=make.user("officer"))
    for field, value in fields.items():
        setattr(statistic, field, value)
    statistic.save()


@pytest.fixture
def published() -> Statistic:
    source = make.source()
    approve(source)
    statistic = make.statistic("1,437", source=source)
    approve(statistic)
    return statistic


def corrections() -> list[tuple[int, str, str, str]]:
    return list(Correction.objects.values_list("number", "was", "now", "explanation"))


def test_a_published_figure_does_not_change_without_a_word(published: Statistic) -> None:
    change(published, value_printed="1,473", value=1473)

    with pytest.raises(review.Refused, match="say under “What was wrong” what is corrected"):
        approve(published)
    assert corrections() == []


def test_a_correction_says_what_was_and_what_is(published: Statistic) -> None:
    change(published, value_printed="1,473", value=1473, correction_note="Two digits swapped.")

    approve(published)

    assert corrections() == [
        (1, "1,437, Wales, 2016/17", "1,473, Wales, 2016/17", "Two digits swapped.")
    ]
    document = decode(PublishedItem.objects.get(pk=published.pk).body)
    assert document["corrections"] == [
        {
            "number": 1,
            "was": "1,437, Wales, 2016/17",
            "now": "1,473, Wales, 2016/17",
            "explanation": "Two digits swapped.",
            "date": Correction.objects.get().corrected_on.isoformat(),
        }
    ]


def test_the_same_words_do_not_explain_the_next_correction(published: Statistic) -> None:
    change(published, value_printed="1,473", value=1473, correction_note="Two digits swapped.")
    approve(published)
    change(published, value_printed="1,437", value=1437)

    with pytest.raises(review.Refused, match="What was wrong"):
        approve(published)
    review.edit(published, by=make.user("officer"))
    change(published, correction_note="The first was right.")
    approve(published)

    assert [number for number, *_ in corrections()] == [2, 1]


def test_another_caveat_is_no_correction(published: Statistic) -> None:
    change(published, caveat="Four forces.")

    approve(published)

    assert corrections() == []


def test_a_figure_that_never_left_is_changed_freely() -> None:
    source = make.source()
    approve(source)
    statistic = make.statistic("1,437", source=source)

    change(statistic, value_printed="1,473", value=1473)
    approve(statistic)

    assert corrections() == []


@pytest.mark.parametrize("statement", ["DELETE FROM", "UPDATE"])
def test_a_correction_is_frozen(published: Statistic, statement: str) -> None:
    change(published, value_printed="1,473", value=1473, correction_note="Two digits swapped.")
    approve(published)
    rest = "SET was = 'another'" if statement == "UPDATE" else ""

    with refused_by_grant():
        run(f"{statement} evidence_correction {rest}")
