"""The OpenAPI description of the feed, and a page that people can read it on."""

import functools
import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from drf_spectacular.generators import SchemaGenerator

from publishing.api import parameters
from publishing.api.described import patterns
from publishing.api.endpoint import conditional, endpoint
from publishing.api.problems import TITLES
from publishing.encoding import encode


@functools.cache
def description() -> dict[str, Any]:
    """Made once in a process: it changes with the code alone."""
    generator: Any = SchemaGenerator
    made: dict[str, Any] = generator(patterns=patterns()).get_schema(request=None, public=True)
    return made


@endpoint
def schema(request: HttpRequest) -> HttpResponse:
    parameters.read(request.GET, ())
    return _static(request, encode(description()), "application/vnd.oai.openapi+json")


@endpoint
def docs(request: HttpRequest) -> HttpResponse:
    """Our own page, so that nothing is loaded from elsewhere."""
    operations = [
        {"path": path, **operation["get"]} for path, operation in description()["paths"].items()
    ]
    shown = {
        "operations": operations,
        # As pairs: a template would take a property named "items" for the method.
        "components": [
            {
                "name": name,
                "description": schema.get("description", ""),
                "fields": list(schema["properties"].items()),
            }
            for name, schema in description()["components"]["schemas"].items()
            if "properties" in schema
        ],
        "problems": TITLES,
    }
    page = render_to_string("publishing/docs.html", shown)
    return _static(request, page.encode(), "text/html; charset=utf-8")


def _static(request: HttpRequest, body: bytes, content_type: str) -> HttpResponse:
    etag = hashlib.sha256(body).hexdigest()
    return conditional(
        request, etag=etag, render=lambda: body, keys="schema", content_type=content_type
    )
