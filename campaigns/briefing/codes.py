"""The QR code at the foot of a copy, drawn here: each copy has another, and a chart costs more."""

import math

import segno

from campaigns.briefing.blocks import Chart, Table, runs

TITLE = "Is this copy still good?"
SPEC = "qr_code"  # the key of a specification that is an address to draw, not a chart
SIDE = 76  # of the code on paper, in points
ROOM = 470  # the width of its drawing, so that it stands small at the left
MARGIN, BORDER = 4, 5


def code(address: str, number: int) -> Chart:
    """A picture like any other, so that each format prints it and says where it leads."""
    rows = ((runs(str(number)), runs(address)),)
    return Chart(
        spec={SPEC: address},
        title=TITLE,
        description=f"A QR code that leads to {address}, which answers in one word.",
        table=Table(TITLE, header=("Copy", "Ask at"), rows=rows, alignment=("left", "left")),
    )


def draw_code(address: str) -> str:
    """To the letter what Vega drew of it before, so that copies made then come out the same."""
    height, middle = SIDE + 2 * MARGIN, SIDE // 2 + MARGIN
    width, whole = ROOM + 2 * BORDER, height + 2 * BORDER
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' version="1.1" class="marks" width="{width}" height="{whole}"'
        f' viewBox="0 0 {width} {whole}"><rect width="{width}" height="{whole}" fill="white"/>'
        f'<g fill="none" stroke-miterlimit="10" transform="translate({BORDER},{BORDER})">'
        '<g class="mark-group role-frame root"><g transform="translate(0,0)">'
        f'<path class="background" d="M0,0h{ROOM}v{height}h-{ROOM}Z"/>'
        '<g><g class="mark-symbol role-mark marks">'
        f'<path transform="translate({middle},{middle})" d="{_outline(address)}"'
        ' fill="#000" stroke-width="2" opacity="1"/></g></g>'
        '<path class="foreground" d="" display="none"/></g></g></g></svg>'
    )


def _outline(address: str) -> str:
    """The dark squares as one shape, each row's neighbours in one piece."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    places = [_place(each, len(rows)) for each in range(len(rows) + 1)]
    pieces = []
    for y, row in enumerate(rows):
        top, bottom = places[y], places[y + 1]
        x = row.find(1)
        while x >= 0:
            end = row.find(0, x) if 0 in row[x:] else len(rows)
            left, right = places[x], places[end]
            pieces.append(f"M{left},{top}L{right},{top}L{right},{bottom}L{left},{bottom}")
            x = row.find(1, end)
    return "".join(pieces) + "Z"


def _place(step: int, steps: int) -> str:
    """A step across the code in points from its middle, to three places as Vega rounds."""
    exact = (step - steps / 2) * (SIDE / steps)
    return f"{math.floor(exact * 1000 + 0.5) / 1000:g}"
