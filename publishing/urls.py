"""The feed's addresses, below /api/v1/; config/urls.py adds the two feeds at the root."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path

from publishing.addresses import SEGMENTS
from publishing.api.changes import changes
from publishing.api.endpoint import endpoint
from publishing.api.items import item
from publishing.api.lists import list_items
from publishing.api.problems import Problem
from publishing.api.schema import schema
from publishing.api.search import search
from publishing.api.totals import facets
from publishing.formats import urls as formats
from publishing.formats.docs import docs


@endpoint
def nothing_here(_request: HttpRequest) -> HttpResponse:
    raise Problem("not-found", 404, "The feed has nothing at this address.")


app_name = "feed"
urlpatterns: list[URLPattern | URLResolver] = [
    *[
        path(f"{segment}/", list_items, {"kind": kind}, name=segment)
        for kind, segment in SEGMENTS.items()
    ],
    *[
        path(f"{segment}/<uuid:item_id>/", item, {"kind": kind}, name=f"{segment}-item")
        for kind, segment in SEGMENTS.items()
    ],
    *formats.API,
    path("consumers/", include("publishing.consumers.urls")),
    path("search/", search, name="search"),
    path("facets/", facets, name="facets"),
    path("changes/", changes, name="changes"),
    path("schema/", schema, name="schema"),
    path("docs/", docs, name="docs"),
    # Whatever does not end in a slash is left to the redirect that adds it.
    re_path(r"^(?:[\s\S]*/)?$", nothing_here),
]
