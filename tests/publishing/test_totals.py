"""Totals are counted as items are published, of what can be read and of nothing else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publishing.models import Kind, PublishedItem
from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db

FACETS = "/api/v1/facets/"


def total(kind: str, items: int) -> dict[str, object]:
    return {"kind": kind, "items": items}


def facet(name: str, value: str, items: int, kind: str = "bill") -> dict[str, object]:
    return {"kind": kind, "name": name, "value": value, "items": items}


def test_nothing_published_is_nothing_counted(told) -> None:
    make.statistic()

    assert told(FACETS) == {"totals": [], "facets": []}


def test_the_whole_answer(told) -> None:
    making.written("one", area=["W92000004"])
    making.written("two", area=["W92000004", "W15000001"])
    making.written("account", kind=Kind.SOURCE)

    assert told(FACETS) == {
        "totals": [total("bill", 2), total("source", 1)],
        "facets": [facet("area", "W92000004", 2), facet("area", "W15000001", 1)],
    }
    assert told(f"{FACETS}?kind=source") == {"totals": [total("source", 1)], "facets": []}


def test_what_changes_and_goes_is_counted_anew(told) -> None:
    making.written("one", area=["W92000004"])
    making.written("two", area=["W92000004"])
    making.written("one", area=["E92000001"])
    making.removed("two")

    assert told(FACETS) == {
        "totals": [total("bill", 1)],
        "facets": [facet("area", "E92000001", 1)],
    }


def test_what_has_expired_counts_no_more_before_it_is_removed(told) -> None:
    making.written("one", area=["W92000004"], expires_in=timedelta(seconds=-1))
    making.written("two", area=["W92000004"])

    assert PublishedItem.objects.count() == 2
    assert told(FACETS) == {
        "totals": [total("bill", 1)],
        "facets": [facet("area", "W92000004", 1)],
    }


def test_what_has_expired_is_taken_from_its_own_counts_alone(told) -> None:
    gone = timedelta(seconds=-1)
    making.written("gone", area=["W92000004", "E92000001"], expires_in=gone)
    making.written("bill", area=["W92000004"])
    making.written("another", area=["W15000001"])
    making.written("source", kind=Kind.SOURCE, area=["E92000001"])

    assert told(FACETS) == {
        "totals": [total("bill", 2), total("source", 1)],
        "facets": [
            facet("area", "W15000001", 1),
            facet("area", "W92000004", 1),
            facet("area", "E92000001", 1, kind="source"),
        ],
    }


def test_ids_are_left_out_beside_their_names(told) -> None:
    item = str(making.item_id("one"))
    making.written("one", source=[item, "deeside-2023"], items=[item])

    assert told(FACETS)["facets"] == [facet("source", "deeside-2023", 1)]


def test_two_queries(as_feed, client) -> None:
    making.written("one", area=["W92000004"])

    with as_feed(), CaptureQueriesContext(connection) as queries:
        client.get(FACETS)

    assert len(queries) == 2


@pytest.mark.parametrize(
    ("query", "parameter"), [("?kind=person", "kind"), ("?kind=", "kind"), ("?area=x", "area")]
)
def test_what_cannot_be_counted_is_refused_by_name(read, query: str, parameter: str) -> None:
    response = read(f"{FACETS}{query}")

    assert (response.status_code, response.json()["parameter"]) == (400, parameter)
