"""No word of an account in anything that cannot take it back; and nothing but the feed's login."""

import pytest
from django.db import connections
from django.test import Client

from tests import factories as make
from tests.publishing import making
from tests.publishing.test_feed_login import real_feed_connection

CANARY = "kestrel"


def addresses(testimony_id: object, figure_id: object) -> list[str]:
    forms = [f"/api/v1/statistics/{figure_id}/{form}/" for form in ("jsonld", "chart")]
    forms += [f"/api/v1/testimonies/{testimony_id}/{form}/" for form in ("jsonld", "chart", "csv")]
    return [
        *["/feed.json", "/feed.atom", "/api/v1/statistics/csv/", "/api/v1/schema/"],
        *["/api/v1/docs/", "/api/v1/testimonies/csv/"],
        *forms,
        f"/embed/statistics/{figure_id}/",
        f"/oembed/?url=http://localhost:8000/embed/testimonies/{testimony_id}/",
    ]


@pytest.mark.django_db
def test_the_canary_sings_in_the_api_and_its_card_alone(read) -> None:
    covered = making.on_website(f"The {CANARY}", text=f"A {CANARY} sang.")
    testimony = covered.version.testimony
    figure = making.approved(make.statistic())

    found = {
        address: CANARY in read(address).content.decode()
        for address in addresses(testimony.public_id, figure.pk)
    }

    assert found == dict.fromkeys(found, False)
    assert CANARY in read(f"/api/v1/testimonies/{testimony.public_id}/").content.decode()
    assert CANARY in read(f"/embed/testimonies/{testimony.public_id}/").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/statistics/csv/",
        f"/api/v1/statistics/{making.item_id('one')}/jsonld/",
        f"/api/v1/statistics/{making.item_id('one')}/chart/",
        f"/embed/statistics/{making.item_id('one')}/",
        f"/embed/testimonies/{making.item_id('one')}/",
        f"/oembed/?url=http://localhost:8000/embed/statistics/{making.item_id('one')}/",
    ],
)
def test_the_feeds_login_and_no_other(address: str) -> None:
    making.written()

    def refuse(*_: object) -> None:
        raise AssertionError("a query beside the feed's own login")

    stand_in = connections["feed"]
    connections["feed"] = real_feed_connection()
    try:
        with connections["default"].execute_wrapper(refuse):
            response = Client().get(address)
    finally:
        connections["feed"].close()
        connections["feed"] = stand_in

    assert response.status_code == (200 if address.endswith("csv/") else 404)
