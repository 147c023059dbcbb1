"""The formats' addresses: those below /api/v1/, and those at the root for other people's pages."""

from django.urls import URLPattern, path

from publishing.addresses import SEGMENTS
from publishing.formats.chart import chart
from publishing.formats.embeds import KINDS, card
from publishing.formats.linked_data import WRITERS, linked_data
from publishing.formats.oembed import oembed
from publishing.formats.table import statistics_csv

API: list[URLPattern] = [
    path("statistics/csv/", statistics_csv, name="statistics-csv"),
    path("statistics/<uuid:item_id>/chart/", chart, name="statistics-chart"),
    *[
        path(
            f"{SEGMENTS[kind]}/<uuid:item_id>/jsonld/",
            linked_data,
            {"kind": kind},
            name=f"{SEGMENTS[kind]}-jsonld",
        )
        for kind in WRITERS
    ],
]
ROOT: list[URLPattern] = [
    *[
        path(
            f"embed/{SEGMENTS[kind]}/<uuid:item_id>/",
            card,
            {"kind": kind},
            name=f"embed-{SEGMENTS[kind]}",
        )
        for kind in KINDS
    ],
    path("oembed/", oembed, name="oembed"),
]
urlpatterns = ROOT
