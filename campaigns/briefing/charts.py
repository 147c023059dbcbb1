"""Charts in a document: drawn without a network, and with a table of what they show."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import vl_convert

from campaigns.briefing.blocks import BadBriefing, Chart, Table, runs
from campaigns.briefing.codes import SPEC, draw_code
from campaigns.briefing.glyphs import FAMILY, FONTS
from evidence.charting import NOT_HELD, NothingToDraw, Series, series_spec

type Spec = Mapping[str, Any]

PNG_SCALE = 2
# What a page would fetch, follow or run, in case a key that leads there has another name: in the
# text of an SVG "<" is escaped, so that this finds tags.
ACTIVE = re.compile(r"<(?:a|image|script|style|use|foreignObject)\b")
TAG = re.compile(r"<[^>]+>")
# The document describes the chart as a whole; what Vega tells of its groups would only be noise.
FOR_READERS = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
ADDRESSES = frozenset({"url", "href"})


def series_chart(
    series: Sequence[Series],
    *,
    title: str,
    description: str,
    note: str = "",
    caveat: str = "",
    height: int | None = None,
) -> Chart:
    """The chart of one or several areas, with the table of what it shows."""
    try:
        spec = series_spec(
            series, title=title, description=description, caveat=caveat, height=height
        )
    except NothingToDraw as problem:
        raise BadBriefing(str(problem)) from problem
    return Chart(
        spec=spec,
        title=title,
        note=note,
        description=description,
        table=_table(series, title),
        caveat=caveat,
    )


def _table(series: Sequence[Series], title: str) -> Table:
    """Rows are years, columns areas: the table stays narrow when years are added."""
    held = {(one.area, point.year): point.label for one in series for point in one.points}
    periods = {point.year: point.period for one in series for point in one.points}
    return Table(
        caption=title,
        header=("Year", *(one.area for one in series)),
        rows=tuple(
            (runs(periods[year]), *(runs(held.get((one.area, year), NOT_HELD)) for one in series))
            for year in sorted(periods)
        ),
    )


@cache
def _fonts_registered() -> bool:
    """Registered once a process, since vl_convert keeps its fonts for good."""
    vl_convert.register_font_directory(str(FONTS))
    return True


def _as_printed(spec: Spec) -> dict[str, Any]:
    """In our own type, and without the title: a document prints that as text, to copy and note."""
    font = f"'{FAMILY}'"  # a name that ends in a figure must stand in quotes
    untitled = {key: value for key, value in spec.items() if key != "title"}
    return {**untitled, "config": {**spec.get("config", {}), "font": font}}


def _keys(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        yield from part
        part = list(part.values())
    if isinstance(part, list):
        for item in part:
            yield from _keys(item)


def draw_svg(spec: Spec) -> str:
    """The chart without its title; one that names an address is refused, not drawn without it."""
    if set(spec) == {SPEC}:
        return draw_code(spec[SPEC])
    if ADDRESSES & set(_keys(spec)):
        raise BadBriefing("The chart names an address: its values must stand in itself.")
    return _drawn(json.dumps(_as_printed(spec), sort_keys=True))


@lru_cache(maxsize=64)  # the formats and the copies of one pack draw the same few charts
def _drawn(spec: str) -> str:
    _fonts_registered()
    try:
        drawn: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    except ValueError as problem:
        raise BadBriefing(f"The chart cannot be drawn: {str(problem)[:200]}") from problem
    if ACTIVE.search(drawn):
        raise BadBriefing("The chart names a picture, a link or a script: it may only hold marks.")
    return TAG.sub(lambda tag: FOR_READERS.sub("", tag[0]), drawn)


def draw_png(spec: Spec) -> bytes:
    """The chart for formats that cannot hold SVG, at twice the size for paper."""
    drawn: bytes = vl_convert.svg_to_png(draw_svg(spec), scale=PNG_SCALE)
    return drawn
