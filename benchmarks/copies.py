"""Eight hundred personalised copies of the example briefing: how long, and how much memory."""

import resource
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
    """Whole, and once more after half of them were lost, as by a stop in between."""
    members: list[Any] = [SimpleNamespace(pk=n, name=f"Lord {n}") for n in range(1, COPIES + 1)]
    folder = Path(tempfile.mkdtemp(prefix="copies-"))
    greet, personal.salutation_of = personal.salutation_of, lambda member: f"Dear {member.name},"
    try:
        whole = _seconds(members, folder)
        for file in sorted(folder.glob("making/*/*.pdf"))[: COPIES // 2]:
            file.unlink()
        resumed = _seconds(members, folder)
    finally:
        personal.salutation_of = greet
        shutil.rmtree(folder)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        (f"{COPIES} personalised copies", whole, "s", TARGET_SECONDS),
        ("the same, half of them made before a stop", resumed, "s", TARGET_SECONDS * 0.75),
        ("the most memory that took", megabytes, "MB", TARGET_MEGABYTES),
    ]


def _seconds(members: list[Any], folder: Path) -> float:
    started = time.perf_counter()
    made = personal.make_ahead(example(), members, slug="bench", number=1, folder=folder)
    assert len({sha256 for _, sha256 in made.readers.values()}) == COPIES
    return time.perf_counter() - started
