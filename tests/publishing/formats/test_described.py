"""The description: every operation has an example that fits, and every address answers."""

from typing import Any

import jsonschema
import pytest
from django.urls import resolve

from publishing.api.schema import description
from tests.publishing import making

pytestmark = pytest.mark.django_db


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, item in description()["paths"].items()
        for method, operation in item.items()
    ]


def media() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for method, path, operation in operations():
        for status, answer in operation["responses"].items():
            for form, told in answer.get("content", {}).items():
                found.append((f"{method} {path} {status} {form}", told))
        for form, told in operation.get("requestBody", {}).get("content", {}).items():
            found.append((f"{method} {path} request {form}", told))
    return found


def test_every_answer_and_question_has_an_example_that_fits_its_schema() -> None:
    wrong = {}
    for name, told in media():
        whole = {**told["schema"], "components": description()["components"]}
        validator = jsonschema.Draft202012Validator(
            whole, format_checker=jsonschema.FormatChecker()
        )
        if errors := [error.message for error in validator.iter_errors(told["example"])]:
            wrong[name] = errors

    assert wrong == {}


def test_every_parameter_has_an_example_that_fits() -> None:
    for _, path, operation in operations():
        for parameter in operation.get("parameters", []):
            assert "example" in parameter, (path, parameter["name"])
            jsonschema.validate(parameter["example"], parameter["schema"])


def test_every_described_address_leads_somewhere() -> None:
    for _, path, _ in operations():
        found = resolve(path.replace("{item_id}", str(making.item_id("one"))))
        assert found.func.__name__ != "nothing_here"


def test_what_takes_a_key_says_so() -> None:
    taking = [path for _, path, operation in operations() if operation.get("security")]

    assert taking == ["/api/v1/consumers/me/applied/"]
    assert description()["components"]["securitySchemes"]["ConsumerKey"]["scheme"] == "bearer"
