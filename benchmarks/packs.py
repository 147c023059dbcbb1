"""How long the renderers take in a warm process, and WeasyPrint on the same blocks."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from itertools import count
from typing import Any

from pypdf import PdfReader

from campaigns.briefing import Briefing, Format, render
from campaigns.briefing.blocks import Chart
from campaigns.briefing.charts import _drawn
from campaigns.briefing.interchange import from_data, to_data
from tests.campaigns.briefing.examples import briefing as example

ROUNDS = 15
SLOW_ROUNDS = 3
TARGETS: dict[Format, int] = {"pdf": 80, "html": 80, "docx": 300, "txt": 80}
EVERY_FORMAT: tuple[Format, ...] = ("pdf", "docx", "html", "txt", "json")
PAGES = 6
NUMBERS = count()
AT = datetime(2026, 1, 1, tzinfo=UTC)

type Measurement = tuple[str, float, str, float]


def run() -> Iterator[Measurement]:
    """Milliseconds, each the median of fifteen; WeasyPrint's of three.

    Each time it says something else, since Typst remembers what it has laid out before.
    """
    briefing = example()
    for form, target in TARGETS.items():
        took = _median(briefing, partial(_in_format, form))
        yield f"a briefing as {form}, warm", took, "ms", target
    yield (
        "every format, two charts drawn anew",
        _median(_with_two_charts(), _in_every_format),
        "ms",
        500,
    )
    long = _of_six_pages()
    ours = _median(long, partial(_in_format, "pdf"))
    yield f"a pack of {PAGES} pages as PDF, warm", ours, "ms", 80
    yield from _beside_weasyprint(long, ours)


def _beside_weasyprint(briefing: Briefing, ours: float) -> Iterator[Measurement]:
    """From the finished HTML, so that it is not charged for making that; and without tags."""
    try:
        from weasyprint import HTML  # it needs pango, which not every machine has
    except (ImportError, OSError) as missing:
        print(f"WeasyPrint is left out: {str(missing).splitlines()[0]}")
        return
    html = render(briefing, "html", timestamp=AT).decode()
    theirs = _median(briefing, lambda _: HTML(string=html).write_pdf(), rounds=SLOW_ROUNDS)
    yield f"Typst's share of WeasyPrint's {theirs:.0f} ms", ours / theirs, "", 1 / 5


def _median(briefing: Briefing, make: Callable[[Briefing], object], rounds: int = ROUNDS) -> float:
    make(said_anew(briefing))
    times = []
    for _ in range(rounds):
        fresh = said_anew(briefing)
        started = time.perf_counter()
        make(fresh)
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def _in_format(form: Format, briefing: Briefing) -> bytes:
    return render(briefing, form, timestamp=AT)


def _in_every_format(briefing: Briefing) -> None:
    _drawn.cache_clear()
    for form in EVERY_FORMAT:
        render(briefing, form, timestamp=AT)


def said_anew(briefing: Briefing) -> Briefing:
    """The same blocks with a number of their own behind every text."""
    return from_data(_numbered(to_data(briefing)))


def _numbered(data: Any) -> Any:
    if isinstance(data, list):
        return [_numbered(each) for each in data]
    if not isinstance(data, dict):
        return data
    if data.get("kind") == "text":
        return {**data, "text": f"{data['text']} {next(NUMBERS)}"}
    return {name: value if name == "spec" else _numbered(value) for name, value in data.items()}


def _with_two_charts() -> Briefing:
    briefing = example()
    chart = next(each for each in briefing.blocks if isinstance(each, Chart))
    other = replace(chart, title="Again", spec={**chart.spec, "description": "Again"})
    return replace(briefing, blocks=(*briefing.blocks, other))


def _of_six_pages() -> Briefing:
    """The example's blocks over and over, and as many of the last as fit on the sixth page."""
    briefing = example()
    blocks = briefing.blocks * PAGES
    for many in range(len(briefing.blocks), len(blocks)):
        long = replace(briefing, blocks=blocks[:many])
        if len(PdfReader(BytesIO(render(long, "pdf", timestamp=AT))).pages) == PAGES:
            return long
    raise AssertionError(f"The example does not make {PAGES} pages.")
