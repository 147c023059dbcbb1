"""Which entries of a bibliography are sources that we have already."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence.bibliography.dates import PrintedDate
from evidence.bibliography.entries import Entry
from evidence.bibliography.matching import Match, duplicates, folded, plain_doi, plain_url
from tests import factories

TITLE = "Helpline calls from children rise by a half"
ENTRY = Entry(type="report", title="Something else", issued=PrintedDate(label="2023"))

pytestmark = pytest.mark.django_db


def reasons(*entries: Entry) -> list[tuple[int, str]]:
    return [(match.position, match.reason) for match in duplicates(entries)]


def test_nothing_is_like_anything_else() -> None:
    factories.source(title=TITLE)

    assert duplicates([ENTRY]) == []


def test_the_same_doi_is_told_first() -> None:
    factories.source("a-2023", title=TITLE, doi="10.1000/ABC", url="https://a.example/1")
    factories.source("b-2023", title="Another", url="https://b.example/2")
    entry = replace(ENTRY, doi="https://doi.org/10.1000/abc", url="https://b.example/2")

    assert duplicates([entry]) == [Match(0, "a-2023", f"Same DOI as “{TITLE}” (a-2023).")]


def test_the_same_address_is_told_through_what_trackers_add() -> None:
    factories.source("a-2023", title=TITLE, url="https://www.a.example/news/1/?id=2&utm_source=x")
    entry = replace(ENTRY, url="http://A.example/news/1?fbclid=y&id=2#top")

    assert duplicates([entry]) == [Match(0, "a-2023", f"Same web address as “{TITLE}” (a-2023).")]


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("HELPLINE calls, from children: rise by a half!", "Same title"),
        ("Helpline calls from childern rise by a half", "Nearly the same title"),
        ("Helpline calls from children rise by half", "Nearly the same title"),
        ("Helpline calls from adults fall by a third", None),
        ("Helpline calls from children", None),
    ],
)
def test_a_title_is_matched_through_case_points_and_typing_errors(
    title: str, reason: str | None
) -> None:
    factories.source("a-2023", title=TITLE)

    told = [(0, f"{reason} as “{TITLE}” (a-2023).")] if reason else []
    assert reasons(replace(ENTRY, title=title)) == told


@pytest.mark.parametrize(
    "differing",
    [
        {"title": "Recorded offences, year ending March 2019"},
        {"title": "Recorded offences, year ending March 2018", "issued": PrintedDate(label="2019")},
        {"title": "Recorded offences, year ending March 2018", "doi": "10.1000/2"},
    ],
)
def test_the_same_title_of_another_year_number_or_doi_is_another_work(
    differing: dict[str, object],
) -> None:
    factories.source(
        title="Recorded offences, year ending March 2018", doi="10.1000/1",
        published_on=date(2018, 7, 1),
    )  # fmt: skip
    entry = replace(ENTRY, **{"issued": PrintedDate(label="2018"), **differing})

    assert duplicates([entry]) == []


def test_an_entry_is_matched_with_those_before_it_in_the_file() -> None:
    twice = replace(ENTRY, title=TITLE)

    assert duplicates([twice, ENTRY, twice]) == [
        Match(2, TITLE, f"Same title as entry 1 of this file, “{TITLE}”.")
    ]


def test_empty_fields_match_nothing() -> None:
    factories.source(title=TITLE, url="", doi="")

    assert reasons(ENTRY, replace(ENTRY, title="大象传媒", issued=PrintedDate())) == []


@pytest.mark.parametrize("count", [1, 3])
def test_one_query_whatever_the_number(count: int) -> None:
    for number in range(count):
        factories.source(f"a-{number}")

    with CaptureQueriesContext(connection) as queries:
        duplicates([replace(ENTRY, title=f"Title {number}") for number in range(count)])

    assert len(queries) == 1


def test_normal_forms() -> None:
    assert plain_doi("doi:10.1/A") == plain_doi("http://dx.doi.org/10.1/a") == "10.1/a"
    assert plain_url("HTTPS://www.Example.org:443/a/?b=1&a=2&gclid=3#c") == "example.org/a?a=2&b=1"
    assert plain_url("http://example.org:8080/A") == "example.org:8080/A"
    assert plain_url("https://[broken") == "https://[broken"
    assert folded("  Plan B & the café’s ‘ÉLAN’ ") == "plan b and the cafes elan"
