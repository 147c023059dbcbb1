"""The description of the feed as a page: to be read in words, and to be tried out in a browser.

All that it loads is ours: Swagger UI lies among the static files.
"""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from publishing.api.endpoint import conditional, endpoint
from publishing.api.problems import TITLES
from publishing.api.schema import description

# Swagger UI writes style attributes; nothing is evaluated and nobody else is asked.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@endpoint
def docs(request: HttpRequest) -> HttpResponse:
    """Whatever parameters come along are ignored: it is a page for people."""
    operations = [
        {"path": path, "method": method.upper(), **operation}
        for path, item in description()["paths"].items()
        for method, operation in item.items()
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
    body = render_to_string("publishing/docs.html", shown).encode()
    response = conditional(
        request,
        etag=hashlib.sha256(body).hexdigest(),
        render=lambda: body,
        keys="schema",
        content_type="text/html; charset=utf-8",
    )
    response["Content-Security-Policy"] = POLICY
    return response
