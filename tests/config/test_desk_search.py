"""Searching at the desk: a nation is found under any of its names."""

import pytest
from django.urls import reverse

from tests import factories as make
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    make.area()
    make.area("E92000001", "England")
    make.area("K04000001", "England and Wales")
    make.area("N92000002", "Northern Ireland")
    return client_of(rows.person("officer"))


def found(client, term: str, model: str = "area") -> list[str]:
    address = reverse(f"admin:evidence_{model}_changelist")
    return [str(row) for row in client.get(address, {"q": term}).context["cl"].result_list]


@pytest.mark.parametrize(
    ("term", "names"),
    [
        ("Welsh", ["England and Wales", "Wales"]),
        ("cymru", ["England and Wales", "Wales"]),
        ("Wales", ["England and Wales", "Wales"]),
        ("english welsh", ["England and Wales"]),
        ("Northern Irish", ["Northern Ireland"]),
        ("Scottish", []),
        ("W92000004", ["Wales"]),
    ],
)
def test_areas_are_found(officer, term: str, names: list[str]) -> None:
    assert found(officer, term) == names


def test_welsh_finds_the_figures_of_wales(officer) -> None:
    make.statistic("1,437")
    make.statistic("7", area=make.area("E92000001", "England"))

    assert found(officer, "Welsh 2016/17", "statistic") == ["1,437, Wales, 2016/17 (example-2023)"]


def test_a_list_to_choose_from_finds_it_too(officer) -> None:
    asked = {"app_label": "evidence", "model_name": "statistic", "field_name": "area"}

    answer = officer.get(reverse("admin:autocomplete"), {**asked, "term": "welsh"}).json()

    assert [each["text"] for each in answer["results"]] == ["England and Wales", "Wales"]
