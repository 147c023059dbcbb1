"""Charts say each value in words, in one colour, and reach no address."""

import json
import xml.etree.ElementTree as ET

import pytest

from campaigns.briefing import BadBriefing
from campaigns.briefing.blocks import plain
from campaigns.briefing.charts import draw_png, draw_svg, series_chart
from evidence.charting import ACCENT, Point, Series, series_spec
from tests.campaigns.briefing.hostile import LITERAL

FORCES = (
    Series("North Wales", (Point("2016/17", 2017, 287), Point("2021/22", 2022, 514))),
    Series("Gwent", (Point("2016/17", 2017, 259), Point("2021/22", 2022, None))),
    Series("Dyfed-Powys", (Point("2016/17", 2017, 363), Point("2021/22", 2022, 356))),
)


def chart(*series: Series, **changes):
    words = {"title": "Recorded offences", "description": "Offences by force."}
    return series_chart(series or FORCES, **(words | changes))


def elements(svg: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter())  # noqa: S314 - our own drawing


def drawn_words(svg: str) -> list[str]:
    return [element.text or "" for element in elements(svg) if element.tag.endswith("}text")]


def drawn_fills(svg: str) -> list[str]:
    bars = [e for e in elements(svg) if e.get("stroke-width") == "1.5"]
    return [bar.get("fill", "") for bar in bars]


def test_values_years_and_areas_stand_in_the_drawing() -> None:
    words = drawn_words(draw_svg(chart().spec))

    years = ["2016/17", "2021/22"] * 3
    names = ["North Wales", "Gwent", "Dyfed-Powys"]
    values = ["287", "514", "259", "not held", "363", "356"]
    assert sorted(words) == sorted([*names, *years, *values])


def test_areas_keep_the_order_given() -> None:
    words = drawn_words(draw_svg(chart().spec))

    assert [w for w in words if w in {"North Wales", "Gwent", "Dyfed-Powys"}] == [
        "North Wales",
        "Gwent",
        "Dyfed-Powys",
    ]


def test_the_table_beside_the_chart_holds_the_same_values() -> None:
    table = chart().table

    assert (table.header, [tuple(map(plain, row)) for row in table.rows]) == (
        ("Year", "North Wales", "Gwent", "Dyfed-Powys"),
        [("2016/17", "287", "259", "363"), ("2021/22", "514", "not held", "356")],
    )


def test_a_value_is_printed_as_it_is_displayed() -> None:
    one = Series("UK", (Point("2021/22", 2022, 30000, "over 30,000"), Point("2022/23", 2023, 1437)))

    assert {"over 30,000", "1,437"} <= set(drawn_words(draw_svg(chart(one).spec)))


def test_a_bar_that_must_not_be_compared_is_hollow_behind_a_dashed_line() -> None:
    broken = Series(
        "Wales",
        (Point("2021/22", 2022, 2061), Point("2023/24", 2024, 2194, comparable=False)),
    )

    svg = draw_svg(chart(broken).spec)

    assert (drawn_fills(svg), svg.count("stroke-dasharray")) == ([ACCENT, "#ffffff"], 1)


def test_a_chart_without_a_break_has_no_dashed_line() -> None:
    svg = draw_svg(chart(FORCES[0]).spec)

    assert (drawn_fills(svg), svg.count("stroke-dasharray")) == ([ACCENT, ACCENT], 0)


def test_years_that_follow_on_stand_closer_than_years_with_a_gap() -> None:
    one = Series("Wales", tuple(Point(str(y), y, 1) for y in (2017, 2018, 2022)))

    places = [row["place"] for row in chart(one).spec["data"]["values"]]

    assert places == [0.0, 1.0, 2.5]


def test_the_specification_carries_title_and_description_for_the_website() -> None:
    spec = series_spec(FORCES, title="Offences", description="By force.", caveat="Two not held.")

    assert (spec["title"], spec["description"]) == (
        {"text": "Offences", "subtitle": "Two not held."},
        "By force.",
    )
    assert json.loads(json.dumps(spec)) == spec


def test_drawing_twice_gives_the_same_bytes() -> None:
    spec = chart().spec

    assert (draw_svg(spec), draw_png(spec)) == (draw_svg(spec), draw_png(spec))


def test_a_chart_without_years_is_refused() -> None:
    with pytest.raises(BadBriefing, match="at least one year"):
        chart(Series("Wales", ()))


@pytest.mark.parametrize("text", LITERAL.values(), ids=LITERAL)
def test_words_are_drawn_as_they_stand(text: str) -> None:
    one = Series(text, (Point(text, 2020, 1, text), Point(text, 2021, 2, text)))
    other = Series("Other", one.points)

    assert drawn_words(draw_svg(chart(one, other).spec)).count(text) == 9


@pytest.mark.parametrize(
    "address", ["https://evil.invalid/x.json", "file:///etc/passwd", "/etc/passwd"]
)
def test_no_address_is_read(address: str) -> None:
    spec = {"data": {"url": address}, "mark": "bar", "encoding": {"x": {"field": "a"}}}

    with pytest.raises(BadBriefing, match="names an address"):
        draw_svg(spec)


@pytest.mark.parametrize(
    "mark",
    [
        {"mark": {"type": "image", "url": "https://evil.invalid/x.png"}},
        {"mark": {"type": "point", "href": "https://evil.invalid/"}},
    ],
    ids=["picture", "link"],
)
def test_a_chart_that_would_fetch_or_lead_away_is_refused(mark) -> None:
    with pytest.raises(BadBriefing, match="names an address"):
        draw_svg({"data": {"values": [{"a": 1}]}, **mark, "encoding": {"x": {"field": "a"}}})


def test_a_specification_that_is_no_chart_is_refused() -> None:
    with pytest.raises(BadBriefing, match="cannot be drawn"):
        draw_svg({"mark": "no such mark"})
