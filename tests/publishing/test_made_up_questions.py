"""Schemathesis asks every operation what it makes up: no failure, and no answer off the schema.

A sample here; `make prove` asks for ATTEST_SCHEMA_CASES of each operation, and has them counted in
ATTEST_SCHEMA_COUNT, since an operation that takes no parameters is soon asked all that there is.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from publishing.api.fields import ALWAYS, COMPANIONS
from publishing.api.schema import description
from tests import factories as make
from tests.publishing import making
from tests.publishing.consumers.test_confirming import consumer

pytestmark = [pytest.mark.long, pytest.mark.django_db]

CASES = int(os.environ.get("ATTEST_SCHEMA_CASES", "8"))


def not_broken(context: Any, response: Any, case: Any) -> bool | None:
    """501 is oEmbed's own word for a format that is not offered."""
    offered = (case.path, response.status_code) != ("/oembed/", 501)
    return not_a_server_error(context, response, case) if offered else None


def within_the_schema(context: Any, response: Any, case: Any) -> bool | None:
    """Whoever chooses fields gets less than the schema requires, and nothing else."""
    fields = (case.query or {}).get("fields")
    if not fields or response.status_code != 200:
        return response_schema_conformance(context, response, case)
    told = response.json()
    along = set(ALWAYS).union(*(COMPANIONS.get(name, ()) for name in fields.split(",")))
    for document in told.get("items", [told]):
        assert set(document) <= {*along, *fields.split(",")}
    return None


CHECKS = [
    not_broken,
    content_type_conformance,
    within_the_schema,
    status_code_conformance,
]


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
    """Under a name that the site answers to; schemathesis has its own."""
    environ |= {"HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1"}
    environ.pop("HTTP_ACCEPT_ENCODING", None)  # it would not unpack what it asks for
    return WSGIHandler()(environ, start)


def asked_by(method: str) -> Any:
    """All operations of one method, in every form."""
    told = description()
    paths = {path: item for path, item in told["paths"].items() if method in item}
    schema = schemathesis.openapi.from_dict({**told, "paths": paths})
    schema.app = application
    return schema


READING, WRITING = asked_by("get"), asked_by("post")
COUNTED: Counter[str] = Counter()
MADE_UP = settings(
    max_examples=CASES,
    deadline=None,
    derandomize=CASES < 100,
    suppress_health_check=list(HealthCheck),
    database=None,
)


@pytest.fixture(scope="module", autouse=True)
def _counted() -> Iterator[None]:
    yield
    if path := os.environ.get("ATTEST_SCHEMA_COUNT"):
        Path(path).write_text(json.dumps(COUNTED))


def ask(case: Any) -> None:
    COUNTED[f"{case.method} {case.path}"] += 1
    if len((case.query or {}).get("fields", "")) % 2:
        case.query["fields"] = "title"  # what is made up is seldom a name
    case.call_and_validate(checks=CHECKS)


@contextmanager
def connection_kept() -> Iterator[None]:
    """Requests in a test are all within its one transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def published(as_feed) -> Iterator[None]:
    """Something to find, and the rights of the feed's login."""
    making.approved(making.bill())
    making.approved(make.statistic())
    making.on_website()
    making.written("gone")
    making.removed("gone")
    with connection_kept(), as_feed():
        yield


@pytest.fixture
def confirming(as_feed) -> Iterator[tuple[str, str]]:
    """A consumer's key and a token of ours; the feed's login has nothing to do with consumers."""
    making.written()
    _, key = consumer()
    with as_feed():
        token = Client().get("/api/v1/changes/").json()["next"]
    with connection_kept():
        yield key, token


@READING.parametrize()
@MADE_UP
def test_no_question_breaks_it(case, published) -> None:
    ask(case)


@pytest.mark.parametrize("who", ["a stranger", "a consumer", "a consumer with a token of ours"])
@WRITING.parametrize()
@MADE_UP
def test_no_confirmation_breaks_it(case, who, confirming) -> None:
    key, token = confirming
    if who != "a stranger":
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {key}"}
    if who.endswith("of ours"):
        case.body = {"token": token}
    ask(case)
