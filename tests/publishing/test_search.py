"""Search over what is published: best first, hits marked, accounts never cut."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publishing.api import search
from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db

SEARCH = "/api/v1/search/"


def titles(found: dict[str, list]) -> list[str]:
    return [hit["document"]["title"] for hit in found["items"]]


def test_a_hit_in_the_title_comes_before_one_in_the_text(told) -> None:
    making.written("advocate")
    making.written("one", text="An advocate for children.")
    making.written("two", text="Nothing of the kind.")

    assert titles(told(f"{SEARCH}?q=advocates")) == ["The advocate", "The one"]


def test_the_whole_answer(told) -> None:
    item = making.written("one", text="Safe & sound < harbours.")

    assert told(f"{SEARCH}?q=harbour") == {
        "items": [
            {
                "document": making.document(item, summary="Safe & sound < harbours."),
                "highlights": {
                    "title": "The one",
                    "text": "Safe &amp; sound &lt; <mark>harbours</mark>",
                },
            }
        ],
        "did_you_mean": None,
    }


def test_a_hit_in_the_title_is_marked_there(told) -> None:
    making.written("harbour")

    (hit,) = told(f"{SEARCH}?q=harbours")["items"]

    assert hit["highlights"] == {"title": "The <mark>harbour</mark>", "text": None}


def test_an_account_is_found_and_shown_whole_or_not_at_all(told) -> None:
    making.on_website(text="A long account of a harbour in winter.")

    (hit,) = told(f"{SEARCH}?q=harbour")["items"]

    assert hit["document"]["text"] == "A long account of a harbour in winter."
    assert hit["highlights"] == {"title": "An account", "text": None}


def test_what_is_hidden_is_not_found(told) -> None:
    make.statistic(caveat="canary")
    make.covered(text="canary")
    making.written("one", text="canary")
    making.removed("one")

    assert told(f"{SEARCH}?q=canary") == {"items": [], "did_you_mean": None}


@pytest.mark.parametrize("q", ["the", "%22%22", "-", "a%20%26%20%7C%20!(", "%27;--", "absent"])
def test_words_that_find_nothing(told, q: str) -> None:
    making.written()

    assert told(f"{SEARCH}?q={q}") == {"items": [], "did_you_mean": None}


def test_at_most_twenty(told) -> None:
    for number in range(22):
        making.written(str(number), text="harbour")

    assert len(told(f"{SEARCH}?q=harbour")["items"]) == 20


def test_older_hits_are_found_where_the_newest_changes_have_too_few(told, monkeypatch) -> None:
    monkeypatch.setattr(search, "RECENT", 2)
    monkeypatch.setattr(search, "RANKED", 3)
    for number, text in enumerate(["harbour", "harbour harbour", "harbour", "a wall", "harbour"]):
        making.written(str(number), text=text)

    assert titles(told(f"{SEARCH}?q=harbour")) == ["The 1", "The 4", "The 2"]


@pytest.mark.parametrize("rows", [1, 3])
def test_two_queries_however_many_hits(as_feed, client, rows: int) -> None:
    for number in range(rows):
        making.written(str(number), text="harbour")

    with as_feed(), CaptureQueriesContext(connection) as queries:
        client.get(f"{SEARCH}?q=harbour")

    assert len(queries) == 2


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "q"),
        ("?q=", "q"),
        ("?q=%20", "q"),
        ("?q=a%00b", "q"),
        ("?q=a%1Fb", "q"),
        (f"?q={'a' * 201}", "q"),
        ("?q=a&kind=person", "kind"),
        ("?q=a&area=W92000004", "area"),
    ],
)
def test_what_cannot_be_searched_is_refused_by_name(read, query: str, parameter: str) -> None:
    response = read(f"{SEARCH}{query}")

    assert (response.status_code, response.json()["parameter"]) == (400, parameter)
