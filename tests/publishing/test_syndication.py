"""JSON Feed and Atom: everything but testimony, which they could not take back."""

from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.feedgenerator import rfc3339_date

from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_whole_json_feed(read) -> None:
    item = making.written(text="What it says.")

    response = read("/feed.json")

    address = f"http://localhost:8000/api/v1/bills/{item.pk}/"
    assert response["Content-Type"] == "application/feed+json"
    assert response.json() == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Attest: evidence for policy",
        "home_page_url": "http://localhost:8000/",
        "feed_url": "http://localhost:8000/feed.json",
        "language": "en-GB",
        "items": [
            {
                "id": address,
                "url": address,
                "title": "The one",
                "content_text": "What it says.",
                "date_modified": making.utc(item.updated_at),
                "tags": ["bill"],
            }
        ],
    }


def test_a_figure_leads_with_its_value(read) -> None:
    making.approved(make.statistic(caveat="Recorded offences only."))

    (item,) = read("/feed.json").json()["items"]

    assert item["content_text"] == "1,437\n\nRecorded offences only."


def test_the_atom_feed(read) -> None:
    item = making.written(text="Safe & <sound>")

    response = read("/feed.atom")
    feed = ElementTree.fromstring(response.content)  # noqa: S314 - our own bytes

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert feed.findtext(f"{ATOM}updated") == rfc3339_date(item.updated_at)
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{item.pk}"
    assert entry.findtext(f"{ATOM}title") == "The one"
    assert entry.findtext(f"{ATOM}summary") == "Safe & <sound>"
    assert entry.find(f"{ATOM}link").get("href").endswith(f"/api/v1/bills/{item.pk}/")


def test_what_xml_cannot_hold_is_left_out(read) -> None:
    making.written(text="form\x0cfeed \ufffe")

    feed = ElementTree.fromstring(read("/feed.atom").content)  # noqa: S314 - our own bytes

    assert feed.find(f"{ATOM}entry").findtext(f"{ATOM}summary") == "formfeed "


@pytest.mark.parametrize("address", ["/feed.json", "/feed.atom"])
class TestBoth:
    def test_no_testimony(self, read, address: str) -> None:
        making.on_website("Account canary", text="canary")

        assert b"canary" not in read(address).content

    def test_parameters_of_campaigns_change_nothing(self, read, address: str) -> None:
        making.written()

        tagged = read(f"{address}?utm_source=x&utm_source=y&page=%00")

        assert tagged.content == read(address).content
        assert tagged["ETag"] == read(address)["ETag"]

    def test_an_empty_feed_is_the_same_each_time(self, read, address: str) -> None:
        assert read(address).content == read(address).content

    def test_unchanged(self, read, address: str) -> None:
        etag = read(address)["ETag"]

        assert read(address, **{"If-None-Match": etag}).status_code == 304

    @pytest.mark.parametrize("rows", [1, 3])
    def test_two_queries(self, as_feed, client, address: str, rows: int) -> None:
        for number in range(rows):
            making.written(str(number))

        with as_feed(), CaptureQueriesContext(connection) as queries:
            client.get(address)

        assert len(queries) == 2
