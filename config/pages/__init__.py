"""Pages of the desk that are no record's: the calculator, series, what figures say, where used."""

from typing import Any

from django.urls import URLPattern, path

from config.pages.calculator import CalculatorPage
from config.pages.gaps import GapsPage
from config.pages.reconciliation import ReconciliationPage
from config.pages.safeguarding import SafeguardingPage
from config.pages.series import MeasuresPage, SeriesPage
from config.pages.timeline import TimelinePage
from config.pages.where_used import WhereUsedPage

PAGES = (
    ("calculator/", CalculatorPage, "calculator"),
    ("gaps/", GapsPage, "gaps"),
    ("reconciliation/", ReconciliationPage, "reconciliation"),
    ("safeguarding/", SafeguardingPage, "safeguarding"),
    ("series/", MeasuresPage, "series_list"),
    ("series/<slug:measure>/", SeriesPage, "series"),
    ("timeline/", TimelinePage, "timeline"),
    ("timeline/<uuid:bill>/", TimelinePage, "timeline_of"),
    ("where-used/<slug:kind>/<uuid:id>/", WhereUsedPage, "where_used"),
)


def urls_of(site: Any) -> list[URLPattern]:
    """Behind the site's own door."""
    from campaigns.admin.importing import PAGES as LISTS  # it registers on the site: made by now

    return [
        path(address, site.admin_view(page.as_view(site=site)), name=name)
        for address, page, name in (*PAGES, *LISTS)
    ]
