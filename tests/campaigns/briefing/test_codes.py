"""The QR code of a copy: drawn as Vega drew it once, so that copies of then come out the same."""

import pytest
import segno

from campaigns.briefing.charts import draw_svg
from campaigns.briefing.codes import ROOM, SIDE, code, draw_code

SHORT = "http://localhost:8000/verify/00000000-0000-4000-8000-000000000001"
LONG = f"https://attest.example-charity.org.uk/desk/verify/{'0123456789abcdef' * 6}"


def as_vega_drew_it(address: str) -> str:
    """One mark whose outline is the code, each row's neighbours in one piece."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    width, outline = len(rows), []
    for y, row in enumerate(rows):
        x = row.find(1)
        while x >= 0:
            end = row.find(0, x) if 0 in row[x:] else width
            outline.append(f"M{x - width / 2},{y - width / 2}h{end - x}v1h{x - end}z")
            x = row.find(1, end)
    middle = SIDE / 2 + 4
    mark = {"type": "point", "shape": "".join(outline), "filled": True, "color": "#000"}
    return draw_svg(
        {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "width": ROOM,
            "height": SIDE + 8,
            "data": {"values": [{}]},
            "mark": {
                **mark,
                "opacity": 1,
                "size": (2 * SIDE / width) ** 2,
                "x": middle,
                "y": middle,
            },
            "config": {"view": {"stroke": None}},
        }
    )


@pytest.mark.parametrize("address", [SHORT, LONG])
def test_to_the_letter_what_vega_drew(address) -> None:
    assert draw_code(address) == as_vega_drew_it(address)


def test_a_copys_code_is_drawn_like_any_picture_and_says_where_it_leads() -> None:
    block = code(SHORT, 7)

    assert draw_svg(block.spec) == draw_code(SHORT)
    assert SHORT in block.description
    assert block.table.rows[0][0][0].text == "7"
