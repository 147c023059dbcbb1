"""The two feeds as readers that we did not write read them."""

import json
from pathlib import Path

import feedparser
import jsonschema
import pytest

from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db

SCHEMA = json.loads((Path(__file__).parent / "json_feed" / "schema-v1.1.json").read_text())


@pytest.fixture
def published() -> None:
    making.approved(make.statistic(caveat="Recorded “offences” & <nothing> else."))
    making.on_website("Account canary", text="canary")


def complaints(feed: object) -> list[str]:
    validator = jsonschema.Draft7Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    return [error.message for error in validator.iter_errors(feed)]


def test_json_feed_is_as_its_specification_says(read, published) -> None:
    told = read("/feed.json").json()

    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert complaints(told) == []
    ids = [item["id"] for item in told["items"]]
    assert len(set(ids)) == len(ids) == 1


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        ({"titel": "Attest"}, "'titel' does not match"),
        ({"items": [{"content_text": "No id."}]}, "'id' is a required property"),
        ({"items": [{"id": 1, "content_text": ""}]}, "1 is not of type 'string'"),
    ],
)
def test_the_schema_would_say_so(read, published, broken, complaint) -> None:
    [said] = complaints({**read("/feed.json").json(), **broken})

    assert complaint in said


def test_feedparser_reads_the_atom_feed_without_a_complaint(read, published) -> None:
    parsed = feedparser.parse(read("/feed.atom").content)

    (entry,) = parsed.entries
    assert (parsed.bozo, parsed.version) == (False, "atom10")
    assert entry.title == "Image crimes, Wales, 2016/17"
    assert "Recorded “offences”" in entry.summary
    assert entry.updated_parsed is not None
    assert "canary" not in str(parsed)
