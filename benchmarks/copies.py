"""Eight hundred personalised copies of the example briefing: how long, and how much memory."""

import multiprocessing
import re
import shutil
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django

django.setup()

from campaigns import personal  # noqa: E402 - its models want the settings first
from tests.campaigns.briefing.examples import briefing as example  # noqa: E402

COPIES = 800
TARGET_SECONDS, TARGET_MEGABYTES = 90, 500

type Measurement = tuple[str, float, str, float]


def run() -> list[Measurement]:
    """In a process of its own, so that no other benchmark's memory is counted."""
    with multiprocessing.get_context("spawn").Pool(1) as alone:
        return alone.apply(measure)


def measure() -> list[Measurement]:
    """Whole, and once more after half of them were lost, as by a stop in between."""
    members: list[Any] = [SimpleNamespace(pk=n, name=f"Lord {n}") for n in range(1, COPIES + 1)]
    folder = Path(tempfile.mkdtemp(prefix="copies-"))
    personal.salutation_of = lambda member: f"Dear {member.name},"
    try:
        whole = _seconds(members, folder)
        for file in sorted(folder.glob("making/*/*.pdf"))[: COPIES // 2]:
            file.unlink()
        resumed = _seconds(members, folder)
    finally:
        shutil.rmtree(folder)
    return [
        (f"{COPIES} personalised copies", whole, "s", TARGET_SECONDS),
        ("the same, half of them made before a stop", resumed, "s", TARGET_SECONDS * 0.75),
        ("the most memory that took", _most_megabytes(), "MB", TARGET_MEGABYTES),
    ]


def _seconds(members: list[Any], folder: Path) -> float:
    started = time.perf_counter()
    made = personal.make_ahead(example(), members, slug="bench", number=1, folder=folder)
    assert len({sha256 for _, sha256 in made.readers.values()}) == COPIES
    return time.perf_counter() - started


def _most_megabytes() -> float:
    """Of this process since it began; `ru_maxrss` would tell of the one that started it too."""
    [kilobytes] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(kilobytes) / 1024
