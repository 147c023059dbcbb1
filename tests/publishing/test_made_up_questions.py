"""Schemathesis asks every operation what it makes up: no failure, and no answer off the schema.

A sample here; `make prove` asks for ATTEST_SCHEMA_CASES, 20,000 in all.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from publishing.api.schema import description
from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db

CASES = int(os.environ.get("ATTEST_SCHEMA_CASES", "8"))


def not_broken(context: Any, response: Any, case: Any) -> bool | None:
    """501 is oEmbed's own word for a format that is not offered."""
    offered = (case.path, response.status_code) != ("/oembed/", 501)
    return not_a_server_error(context, response, case) if offered else None


CHECKS = [
    not_broken,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
    """Under a name that the site answers to; schemathesis has its own."""
    environ |= {"HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1"}
    environ.pop("HTTP_ACCEPT_ENCODING", None)  # it would not unpack what it asks for
    return WSGIHandler()(environ, start)


def reading() -> dict[str, Any]:
    """All that can be read, in every form; what consumers write has tests of its own."""
    told = description()
    return {**told, "paths": {path: item for path, item in told["paths"].items() if "get" in item}}


SCHEMA = schemathesis.openapi.from_dict(reading())
SCHEMA.app = application


@pytest.fixture
def published(as_feed) -> Iterator[None]:
    """Something to find, and the rights of the feed's login."""
    making.approved(making.bill())
    making.approved(make.statistic())
    making.on_website()
    making.written("gone")
    making.removed("gone")
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    with as_feed():
        yield
    for signal in signals:
        signal.connect(close_old_connections)


@SCHEMA.parametrize()
@settings(
    max_examples=CASES,
    deadline=None,
    derandomize=CASES < 100,
    suppress_health_check=list(HealthCheck),
    database=None,
)
def test_no_question_breaks_it(case, published) -> None:
    (case.query or {}).pop("fields", None)  # whoever leaves fields out gets less than the schema
    case.call_and_validate(checks=CHECKS)
