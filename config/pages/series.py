"""A measure's page: its picture first, then every cell with its sources and what disagrees."""

from typing import Any

from django.db.models import Count, Max, Min, Q
from django.shortcuts import get_object_or_404
from django.utils.safestring import mark_safe

from campaigns.briefing.charts import draw_svg
from config.pages.page import DeskPage
from evidence.charting import WIDTH
from evidence.models import Measure, ReviewState
from evidence.series import MeasureSeries, series_of
from evidence.series_table import table_of

PHONE = 320  # CSS pixels, so that no year lies beyond the edge of a small screen


class MeasuresPage(DeskPage):
    template_name = "admin/pages/measures.html"
    title = "Series"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        used = ~Q(statistics__review_state=ReviewState.RETIRED)
        measures = Measure.objects.annotate(
            figures=Count("statistics", filter=used),
            first=Min("statistics__period__start", filter=used),
            last=Max("statistics__period__end", filter=used),
        ).order_by("-figures", "name")
        return super().get_context_data(**kwargs, measures=measures)


class SeriesPage(DeskPage):
    template_name = "admin/pages/series.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        measure = get_object_or_404(Measure, pk=self.kwargs["measure"])
        series, table = series_of(measure), table_of(measure)
        told = {"title": measure.name, "measure": measure, "table": table}
        levels = [each for each in series.by_level() if len(each.years) > 1]
        charts = [(each, _drawn(each, WIDTH), _drawn(each, PHONE)) for each in levels]
        return super().get_context_data(**{**kwargs, **told}, charts=charts)


def _drawn(series: MeasureSeries, across: int) -> str:
    return mark_safe(draw_svg(series.spec(across=across)))  # noqa: S308 - our own drawing, its words escaped
