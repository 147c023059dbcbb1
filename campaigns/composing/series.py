"""The charts of a pack: for each measure among its figures, the years of the areas chosen."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from campaigns.briefing.blocks import WIDEST_TABLE, Chart
from campaigns.briefing.charts import series_chart
from campaigns.composing.gathered import Gathered
from evidence.models import Area, Measure, Statistic
from evidence.series import MeasureSeries, series_of


def charts(chosen: Sequence[Statistic], gathered: Gathered) -> Iterator[Chart]:
    areas: dict[Measure, dict[Area, None]] = defaultdict(dict)
    for figure in chosen:
        areas[figure.measure][figure.area] = None
    for measure, wanted in areas.items():
        series = series_of(measure, wanted, prefer={figure.pk for figure in chosen})
        if len(series.areas) >= WIDEST_TABLE:
            most = f"a page holds {WIDEST_TABLE - 1} areas side by side, not {len(series.areas)}"
            gathered.refuse(f"The chart “{measure.name}”", f"{most}: choose fewer.")
        elif len(series.years) > 1:
            yield _chart(series, gathered)


def _chart(series: MeasureSeries, gathered: Gathered) -> Chart:
    for figure in series.shown:
        gathered.admits_from(figure, figure.source)
        gathered.figures[figure.pk] = figure
        gathered.charted.add(figure.pk)
    gathered.warnings.extend(series.conflicts)
    return series_chart(
        series.drawn,
        title=series.title,
        note=gathered.footnotes.series(series.measure, series.shown),
        description=series.description,
        caveat=series.caveat,
    )
