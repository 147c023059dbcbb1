"""The OpenAPI description of the feed; publishing/formats/docs.py shows it as a page."""

import functools
import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.generators import SchemaGenerator

from publishing.api import parameters
from publishing.api.described import patterns
from publishing.api.endpoint import conditional, endpoint
from publishing.encoding import encode
from publishing.formats import described


@functools.cache
def description() -> dict[str, Any]:
    """Made once in a process: it changes with the code alone."""
    generator: Any = SchemaGenerator
    every = [*patterns(), *described.patterns()]
    made: dict[str, Any] = generator(patterns=every).get_schema(request=None, public=True)
    return made


@endpoint
def schema(request: HttpRequest) -> HttpResponse:
    parameters.read(request.GET, ())
    return _static(request, encode(description()), "application/vnd.oai.openapi+json")


def _static(request: HttpRequest, body: bytes, content_type: str) -> HttpResponse:
    etag = hashlib.sha256(body).hexdigest()
    return conditional(
        request, etag=etag, render=lambda: body, keys="schema", content_type=content_type
    )
