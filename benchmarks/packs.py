"""How long the renderers take for the example briefing, once a process is warm."""

import statistics
import time
from datetime import UTC, datetime

from campaigns.briefing import render
from tests.campaigns.briefing.examples import briefing as example

ROUNDS = 15
TARGETS = {"pdf": 80, "html": 80, "docx": 300, "txt": 80}

type Measurement = tuple[str, float, str, float]


def run() -> list[Measurement]:
    """Milliseconds, the median of fifteen."""
    briefing, at = example(), datetime(2026, 1, 1, tzinfo=UTC)
    measured: list[Measurement] = []
    for form, target in TARGETS.items():
        render(briefing, form, timestamp=at)
        times = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            render(briefing, form, timestamp=at)
            times.append(1000 * (time.perf_counter() - started))
        measured.append((f"a briefing as {form}, warm", statistics.median(times), "ms", target))
    return measured
