"""A measure's page: its picture first, then every cell with its sources and what disagrees."""

from typing import Any

from django.db.models import Count, Max, Min, Q
from django.shortcuts import get_object_or_404
from django.utils.safestring import mark_safe

from campaigns.briefing.charts import draw_svg
from config.pages.page import DeskPage
from evidence.models import Measure, ReviewState
from evidence.series import MeasureSeries, series_of
from evidence.series_table import table_of


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
        return super().get_context_data(
            **kwargs,
            title=measure.name,
            measure=measure,
            series=series,
            table=table,
            chart=_drawn(series),
        )


def _drawn(series: MeasureSeries) -> str:
    """Our own drawing, in which every word was escaped; empty where there is nothing to draw."""
    return mark_safe(draw_svg(series.spec())) if series.years else ""  # noqa: S308
