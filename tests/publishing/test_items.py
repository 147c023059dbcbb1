"""One document: the stored bytes, or the word that it is gone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publishing.addresses import item_address
from publishing.models import Kind, PublishedItem
from tests.publishing import making

pytestmark = pytest.mark.django_db


def address(name: str = "one", kind: Kind = Kind.BILL) -> str:
    return item_address(kind, making.item_id(name))


def problem(kind: str, title: str, status: int, detail: str) -> dict[str, object]:
    where = f"http://localhost:8000/api/v1/docs/#{kind}"
    return {"type": where, "title": title, "status": status, "detail": detail}


GONE = problem(
    "gone",
    "This document is no longer published",
    410,
    "It was removed or has expired: remove every copy.",
)
UNKNOWN = problem(
    "not-found", "There is no such document", 404, "Nothing is published at this address."
)


def test_the_bytes_are_those_that_were_approved(read) -> None:
    item = making.written()

    response = read(address())

    assert response.content == item.body
    assert response["ETag"] == f'"{item.etag}"'
    assert response["Surrogate-Key"] == f"bills {item.pk}"
    assert response["Cache-Control"] == "public, max-age=60, must-revalidate"


def test_its_own_address_stands_in_it(read, told) -> None:
    making.written()

    assert told(told(address())["url"]) == told(address())


def test_two_queries_whether_it_is_sent_or_not(as_feed, client) -> None:
    etag = making.written().etag

    with as_feed(), CaptureQueriesContext(connection) as queries:
        client.get(f"/api/v1/bills/{making.item_id('one')}/")
        unchanged = client.get(
            f"/api/v1/bills/{making.item_id('one')}/", headers={"If-None-Match": f'"{etag}"'}
        )

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert len(queries) == 4


def test_what_was_removed_is_gone(read) -> None:
    making.written()
    making.removed()

    response = read(address())

    assert (response.status_code, response.json()) == (410, GONE)
    assert response["Content-Type"] == "application/problem+json"
    assert response["Surrogate-Key"] == f"bills {making.item_id('one')}"


def test_what_has_expired_is_gone_with_no_job_in_between(read) -> None:
    making.written(expires_in=timedelta(seconds=-1))

    response = read(address())

    assert PublishedItem.objects.exists()
    assert (response.status_code, response.json()) == (410, GONE)


def test_what_was_never_published_is_unknown(read) -> None:
    response = read(address())

    assert (response.status_code, response.json()) == (404, UNKNOWN)


def test_an_item_stands_under_its_own_kind_alone(read) -> None:
    making.written("one")
    making.written("two")
    making.removed("two")

    answers = [read(address(name, Kind.SOURCE)).json() for name in ("one", "two")]

    assert answers == [UNKNOWN, UNKNOWN]


def test_published_again_it_is_back(read) -> None:
    making.written()
    making.removed()
    item = making.written(text="anew")

    assert read(address()).content == item.body


def test_no_other_parameter_is_known_here(read) -> None:
    making.written()

    response = read(f"{address()}?limit=1")

    assert (response.status_code, response.json()["parameter"]) == (400, "limit")


@pytest.mark.parametrize("none", ["1", "%0A", "a%0Ab", "%0A/b"])
def test_an_id_that_is_none_is_told_in_the_same_form(read, none) -> None:
    response = read(f"/api/v1/bills/{none}/")

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
