"""A mistyped search is answered with what may have been meant, and never from testimony."""

import pytest
from django.db import connection

from publishing.api.suggestions import distance
from publishing.models import Kind, PublishedItem, Word
from tests.publishing import making
from tests.refusing import refused_by

pytestmark = pytest.mark.django_db

SEARCH = "/api/v1/search/"


def meant(told, words: str) -> str | None:
    return told(f"{SEARCH}?q={words}")["did_you_mean"]


@pytest.mark.parametrize(
    "typo", ["safegarding", "safeguuarding", "safeguadring", "safaguarding", "Safeguarrding"]
)
def test_one_slip_is_mended(told, typo: str) -> None:
    making.written(text="safeguarding children")

    assert meant(told, typo) == "safeguarding"


def test_only_what_is_wrong_is_mended(told) -> None:
    making.written(text="safeguarding of children in Wales")

    assert meant(told, "childern%20in%20%22Wales%22") == 'children in "Wales"'


def test_the_nearest_comes_first_then_the_commonest(told) -> None:
    making.written("one", text="harbour")
    making.written("two", text="harbours")
    making.written("three", text="harbours")

    assert meant(told, "harbuor") == "harbour"


@pytest.mark.parametrize("words", ["harbour", "wholly", "xyz", "12345", "%E2%82%AC", "the"])
def test_nothing_is_offered_where_nothing_is_near_or_it_was_found(told, words: str) -> None:
    making.written(text="harbour")

    assert meant(told, words) is None


def test_another_form_of_the_same_word_is_not_offered(told) -> None:
    making.written("one", text="harbour")

    assert meant(told, "harbours%20absentword") is None


def test_a_word_of_an_account_is_never_offered(told) -> None:
    making.on_website(title="The lighthouse", text="I hid in the boathouse.")

    assert meant(told, "boathose") is None
    assert meant(told, "lighthose") is None
    assert not Word.objects.exists()


def test_the_database_refuses_an_account_that_lends_its_words() -> None:
    making.on_website()

    with refused_by("published_item_testimony_lends_no_words"):
        PublishedItem.objects.filter(kind=Kind.TESTIMONY).update(words=["boathouse"])


def test_a_word_goes_with_the_last_item_that_has_it(told) -> None:
    making.written("one", text="harbour")
    making.written("two", text="harbour")
    assert Word.objects.get(word="harbour").items == 2

    making.removed("one")
    making.written("two", text="lagoon")

    assert sorted(Word.objects.values_list("word", "items")) == [("lagoon", 1)]
    assert meant(told, "harbuor") is None


def test_the_feed_s_login_reads_words_and_counts_and_no_more(as_feed) -> None:
    making.written(text="harbour")

    with as_feed(), connection.cursor() as cursor:
        cursor.execute("SELECT word, cuts, items FROM feed.words")
        rows = cursor.fetchall()

    ((word, cuts, items),) = rows
    assert (word, items) == ("harbour", 1)
    assert sorted(cuts) == [
        "arbour",
        "habour",
        "harbor",
        "harbou",
        "harbour",
        "harbur",
        "harour",
        "hrbour",
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("abc", "adc", 1), ("harbour", "habrours", 2)],
)
def test_distance(one: str, other: str, expected: int) -> None:
    assert distance(one, other) == distance(other, one) == expected
