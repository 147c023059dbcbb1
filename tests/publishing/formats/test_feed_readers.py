"""The two feeds as readers that we did not write read them."""

import feedparser
import jsonschema
import pytest

from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db

# What https://www.jsonfeed.org/version/1.1/ requires and names; anything else begins with "_".
AUTHOR = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("name", "url", "avatar")},
    "minProperties": 1,
    "additionalProperties": False,
}
TEXT = ("url", "external_url", "title", "content_html", "content_text", "summary", "image")
ITEM = {
    "type": "object",
    "required": ["id"],
    "anyOf": [{"required": ["content_text"]}, {"required": ["content_html"]}],
    "properties": {
        "id": {"type": "string"},
        **{name: {"type": "string"} for name in (*TEXT, "banner_image", "language")},
        **{name: {"type": "string", "format": "date-time"} for name in ("date_modified",)},
        "date_published": {"type": "string", "format": "date-time"},
        "authors": {"type": "array", "items": AUTHOR},
        "tags": {"type": "array", "items": {"type": "string"}},
        "attachments": {"type": "array"},
    },
    "patternProperties": {"^_[a-z]": {"type": "object"}},
    "additionalProperties": False,
}
OPTIONAL = ("home_page_url", "feed_url", "description", "user_comment", "next_url", "icon")
FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string"},
        **{name: {"type": "string"} for name in (*OPTIONAL, "favicon", "language")},
        "authors": {"type": "array", "items": AUTHOR},
        "expired": {"type": "boolean"},
        "hubs": {"type": "array"},
        "items": {"type": "array", "items": ITEM},
    },
    "patternProperties": {"^_[a-z]": {"type": "object"}},
    "additionalProperties": False,
}


@pytest.fixture
def published() -> None:
    making.approved(make.statistic(caveat="Recorded “offences” & <nothing> else."))
    making.on_website("Account canary", text="canary")


def test_json_feed_is_as_its_specification_says(read, published) -> None:
    told = read("/feed.json").json()

    validator = jsonschema.Draft202012Validator(FEED, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(told)] == []
    ids = [item["id"] for item in told["items"]]
    assert len(set(ids)) == len(ids) == 1


def test_feedparser_reads_the_atom_feed_without_a_complaint(read, published) -> None:
    parsed = feedparser.parse(read("/feed.atom").content)

    (entry,) = parsed.entries
    assert (parsed.bozo, parsed.version) == (False, "atom10")
    assert entry.title == "Image crimes, Wales, 2016/17"
    assert "Recorded “offences”" in entry.summary
    assert entry.updated_parsed is not None
    assert "canary" not in str(parsed)
