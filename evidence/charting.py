"""Charts of a few counted years in a few areas, as Vega-Lite specifications that hold their data.

Each value stands on its bar, so that the chart reads in greyscale and without an axis. A bar that
must not be compared with those before it is hollow, behind a dashed line; a value on which sources
differ has a star. Years are spaced evenly where they follow on and further apart where some lie
between: bars claim no slope across a gap.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

ACCENT = "#0f4c5c"
INK = "#1f2a2e"
MUTED = "#55646a"
WIDTH = 640  # CSS pixels, which a text width of 170 mm prints at full size
HEIGHT = 150
PANEL_HEIGHT = 96
PANEL_GAP = 28
WIDER_GAP = 1.5  # in bars, where years lie between two that are shown
NARROWEST_STEP = 46  # below this the labels of two years touch
WIDEST_BAR = 64
HEADROOM = 1.2  # of the highest bar, for the value that stands on it
NOT_HELD = "not held"
CONTESTED = "*"
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


class NothingToDraw(ValueError):
    """One sentence on why there is no chart."""


@dataclass(frozen=True, slots=True)
class Point:
    """One year's value; without one, the chart says that none is held."""

    period: str
    year: int
    value: float | None
    display_value: str = ""
    comparable: bool = True
    contested: bool = False

    @property
    def label(self) -> str:
        if self.value is None:
            return NOT_HELD
        return (self.display_value or f"{self.value:,}") + (CONTESTED if self.contested else "")


@dataclass(frozen=True, slots=True)
class Series:
    area: str
    points: tuple[Point, ...]


def series_spec(
    series: Sequence[Series],
    *,
    title: str,
    description: str,
    caveat: str = "",
    height: int | None = None,
    across: int = WIDTH,
) -> dict[str, Any]:
    """A Vega-Lite specification in which every word is data, never an expression."""
    years = _years(series)
    places = _places(years)
    panels = _panels(len(series), places[-1] + 1, across)
    width = (across - (panels - 1) * PANEL_GAP) // panels
    drawn: dict[str, Any] = {
        "width": width,
        "height": height or (HEIGHT if len(series) == 1 else PANEL_HEIGHT),
        "layer": _layers(
            step=width / (places[-1] + 1),
            across=[-0.5, places[-1] + 0.5],
            up=[0, HEADROOM * max(_values(series), default=1)],
        ),
    }
    if len(series) > 1:
        drawn = {"columns": panels, "facet": _facet(series), "spec": drawn, "spacing": PANEL_GAP}
    return {
        "$schema": SCHEMA,
        "title": {"text": title, "subtitle": caveat} if caveat else {"text": title},
        "description": description,
        "data": {"values": list(_rows(series, dict(zip(years, places, strict=True))))},
        **drawn,
        "config": _config(),
    }


def _years(series: Sequence[Series]) -> list[int]:
    years = sorted({point.year for one in series for point in one.points})
    if not years:
        raise NothingToDraw("A chart needs at least one year.")
    return years


def _values(series: Sequence[Series]) -> list[float]:
    return [p.value for one in series for p in one.points if p.value is not None]


def _places(years: Sequence[int]) -> list[float]:
    """Where each year's bar stands, in bars from the first."""
    places = [0.0]
    for earlier, later in pairwise(years):
        places.append(places[-1] + (1.0 if later == earlier + 1 else WIDER_GAP))
    return places


def _panels(areas: int, bars: float, across: int) -> int:
    """How many panels stand side by side without their labels touching."""
    for panels in range(min(areas, 4), 1, -1):
        if (across - (panels - 1) * PANEL_GAP) / panels / bars >= NARROWEST_STEP:
            return panels
    return 1


def _rows(series: Sequence[Series], places: Mapping[int, float]) -> Iterator[dict[str, Any]]:
    for one in series:
        unbroken = False  # before the first year stands nothing to be kept apart from
        for point in sorted(one.points, key=lambda point: point.year):
            yield {
                "area": one.area,
                "period": point.period,
                "place": places[point.year],
                "value": point.value,
                "height": point.value or 0,
                "label": point.label,
                "comparable": point.comparable,
                "breaks": unbroken and not point.comparable,
            }
            unbroken = point.comparable


def _layers(step: float, across: list[float], up: list[float]) -> list[dict[str, Any]]:
    x = {"field": "place", "type": "quantitative", "axis": None, "scale": {"domain": across}}
    y = {"field": "height", "type": "quantitative", "axis": None, "scale": {"domain": up}}
    ground = {"datum": 0, "type": "quantitative", "axis": None, "scale": {"domain": up}}
    wide = round(min(step * 0.56, WIDEST_BAR))
    bar = {"type": "bar", "width": wide, "strokeWidth": 1.5, "stroke": ACCENT}
    words = {"type": "text", "fontSize": 12}
    held = {"field": "value", "valid": True}
    return [
        {
            "transform": [{"filter": held}],
            "mark": bar,
            "encoding": {"x": x, "y": y, "fill": _hollow_unless_comparable()},
        },
        {"mark": {"type": "rule", "color": MUTED}, "encoding": {"y": ground}},
        {
            "transform": [{"filter": {"field": "breaks", "equal": True}}],
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": MUTED, "xOffset": -step * 0.62},
            "encoding": {"x": x},
        },
        {
            "mark": {**words, "dy": -8, "fontWeight": "bold", "fontSize": 13},
            "encoding": {"x": x, "y": y, "text": {"field": "label"}, "color": _ink_if(held)},
        },
        {
            "mark": {**words, "baseline": "top", "dy": 6, "color": MUTED},
            "encoding": {"x": x, "y": ground, "text": {"field": "period"}},
        },
    ]


def _ink_if(held: dict[str, Any]) -> dict[str, Any]:
    return {"condition": {"test": held, "value": INK}, "value": MUTED}


def _hollow_unless_comparable() -> dict[str, Any]:
    scale = {"domain": [True, False], "range": [ACCENT, "#ffffff"]}
    return {"field": "comparable", "type": "nominal", "scale": scale, "legend": None}


def _facet(series: Sequence[Series]) -> dict[str, Any]:
    header = {"title": None, "labelAnchor": "start", "labelFontWeight": "bold", "labelColor": INK}
    order = [one.area for one in series]
    return {"field": "area", "type": "nominal", "sort": order, "header": header}


def _config() -> dict[str, Any]:
    title = {"anchor": "start", "fontSize": 15, "subtitleFontSize": 12, "offset": 14}
    header = {"labelFontSize": 13, "labelPadding": 8}
    return {
        "background": None,
        "aria": False,
        "padding": 2,
        "view": {"stroke": None},
        "title": title,
        "header": header,
    }
