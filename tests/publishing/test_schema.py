"""The description of the feed agrees with the feed."""

import re

import jsonschema
import pytest
from django.urls import resolve

from publishing.addresses import SEGMENTS
from publishing.api.lists import FILTERS
from publishing.api.schema import description
from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db


def operations() -> dict[str, dict]:
    """Those that read; tests/publishing/formats/test_described.py holds all of them."""
    paths = description()["paths"].items()
    return {path: item["get"] for path, item in paths if "get" in item}


def test_every_address_is_described_and_answers() -> None:
    lists = {f"/api/v1/{segment}/" for segment in SEGMENTS.values()}
    items = {f"/api/v1/{segment}/{{item_id}}/" for segment in SEGMENTS.values()}

    assert set(operations()) >= lists | items | {
        "/api/v1/search/",
        "/api/v1/facets/",
        "/api/v1/changes/",
    }
    for path in operations():
        found = resolve(path.replace("{item_id}", str(making.item_id("one"))))
        assert found.func.__name__ != "nothing_here"


def test_every_parameter_of_a_list_is_described() -> None:
    for kind, segment in SEGMENTS.items():
        described = operations()[f"/api/v1/{segment}/"]["parameters"]
        assert {each["name"] for each in described} == {
            "limit",
            "cursor",
            "fields",
            *FILTERS[kind],
        }


def test_answers_are_as_described(told) -> None:
    figure = making.approved(make.statistic(source=make.source(licence="OGL v3.0")))
    making.approved(figure.source)
    covered = making.on_website()
    bill = making.bill()
    report = making.stage(bill, "Report", make.financial_year().start)
    making.approved(bill)
    amendment = making.approved(making.amendment(report))
    ask = making.ask()
    making.approved(ask.campaign)
    ask.targets.add(make.organisation())
    ask.evidence.create(role="shows_problem", statistic=figure)
    ask.evidence.create(role="shows_problem", testimony_version=covered.version)
    ask.amendment_links.create(amendment=amendment, relation="delivers")
    making.approved(ask)
    making.removed("one")

    addresses = [
        *[f"/api/v1/{segment}/" for segment in SEGMENTS.values()],
        "/api/v1/changes/",
        "/api/v1/facets/",
    ]
    for address in addresses:
        check(address, told(address))
    check("/api/v1/search/", told("/api/v1/search/?q=children"))


def check(path: str, answer: dict[str, list]) -> None:
    schema = operations()[path]["responses"]["200"]["content"]["application/json"]["schema"]
    whole = {**schema, "components": description()["components"]}
    jsonschema.Draft202012Validator(whole).validate(answer)
    assert any(isinstance(part, list) and part for part in answer.values())


def test_it_is_served_as_openapi_3_1(read) -> None:
    response = read("/api/v1/schema/")

    assert response["Content-Type"] == "application/vnd.oai.openapi+json"
    assert response.json()["openapi"] == "3.1.0"
    assert response.json() == description()


def test_the_page_shows_each_of_them_and_loads_what_is_ours_alone(read) -> None:
    response = read("/api/v1/docs/")

    page = response.content.decode()
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert all(f"GET {path}" in page for path in operations())
    assert "POST /api/v1/consumers/me/applied/" in page
    assert 'id="resync"' in page
    loaded = re.findall(r'(?:src|<link[^>]* href)="([^"]*)"', page)
    assert [address.partition("static/")[0] for address in loaded] == ["/"] * 4
    assert "unsafe-eval" not in response["Content-Security-Policy"]
