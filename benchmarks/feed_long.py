"""What takes the feed's benchmark longer: search, withdrawal under load, and growing tenfold."""

import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from benchmarks.feed import LIST, PORTS, PROJECT, Measurement, World, median, under_load
from benchmarks.feed_world import ABSENT, VOCABULARY, word

SEARCHES = 200
WITHDRAWER = """
import sys, django
django.setup()
from uuid import UUID
from django.db import connection, transaction
from publishing import publication
from publishing.models import Kind
connection.ensure_connection()
for line in sys.stdin:
    what, number = line.split()
    with transaction.atomic():
        if what == "write":
            publication.write(kind=Kind.BILL, id=UUID(int=int(number)), title="A bill",
                document={"licence": "OGL v3.0", "summary": f"words {number}"}, search_text="",
                facets={}, expires_at=None)
        else:
            publication.remove(UUID(int=int(number)))
    print("done", flush=True)
"""


def searching(items: int) -> Iterator[Measurement]:
    """Each word once, so that no answer comes from the page cache."""
    asked = {
        "common": [word(rank) for rank in range(SEARCHES)],
        "middling": [word(1000 + 7 * number) for number in range(SEARCHES)],
        "rare": [word(VOCABULARY - 1 - number) for number in range(SEARCHES)],
        "absent": [f"{ABSENT}{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(SEARCHES)],
        "two of them": [f"{word(n)} {word(3 * n + 20)}" for n in range(SEARCHES)],
    }
    for name, words in asked.items():
        yield f"p95 of searching {items:,}, {name}", _p95(words), "ms", 30
    mistyped = [_swapped(word(100 + number)) for number in range(SEARCHES)]
    yield f"p95 of a typo among {items:,}", _p95(mistyped), "ms", 50


def _swapped(right: str) -> str:
    return right[:2] + right[3] + right[2] + right[4:]


def _p95(words: list[str]) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", PORTS["uncached"])
    times = []
    for each in words:
        started = time.perf_counter()
        connection.request("GET", f"/api/v1/search/?q={quote(each)}")
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - started)
        assert answer.status == 200
    return statistics.quantiles(times, n=20)[-1] * 1000


def withdrawing(
    world: World, *, times: int, place: str = "hot", bound: float = 1.0
) -> Iterator[Measurement]:
    """From the commit to the last answer that still shows it, while the server is at its limit."""
    port = PORTS[place]
    process = subprocess.Popen(
        [sys.executable, "-c", WITHDRAWER], cwd=PROJECT, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
        env={**world.environment, "DJANGO_SETTINGS_MODULE": "config.settings"},
    )  # fmt: skip
    with under_load(f"http://127.0.0.1:{port}/api/v1/bills/"):
        late = [_withdrawn(process, port, 10**9 + number, bound) for number in range(times)]
    process.communicate()
    what = f"of {times} withdrawals under full load, {place}"
    yield f"worst {what}", max(late), "s", bound
    yield f"median {what}", statistics.median(late), "s", bound


def _withdrawn(process: subprocess.Popen[str], port: int, number: int, bound: float) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    mark = f"words {number}".encode()
    _told(process, f"write {number}")
    while mark not in _get(connection, "/api/v1/bills/")[1]:
        time.sleep(0.005)
    _told(process, f"remove {number}")
    committed = shown = time.perf_counter()
    while time.perf_counter() - committed < bound + 0.2:
        _, body = _get(connection, "/api/v1/bills/")
        if mark in body:
            shown = time.perf_counter()
        elif time.perf_counter() - shown > 0.6 * bound:
            break
    item = f"/api/v1/bills/{UUID(int=number)}/"
    status, _ = _get(connection, item)
    assert status == 410, (status, item)
    return shown - committed


def _told(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin
    assert process.stdout
    process.stdin.write(line + "\n")
    process.stdin.flush()
    assert process.stdout.readline() == "done\n"


def _get(connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()


def sizes(world: World, stack: ExitStack) -> Iterator[Measurement]:
    """An uncached page over a hundred times as many items, both databases at once."""
    small_folder = world.folder / "small"
    small_folder.mkdir()
    small = World(Path(small_folder), stack)
    small.fill(20_000)
    world.fill(2_000_000)
    PORTS["small"] = 8475
    address = small.serve("small", "config.wsgi:application", ATTEST_FEED_CACHE_MB="0") + LIST
    time.sleep(5)
    large = f"http://127.0.0.1:{PORTS['uncached']}{LIST}"
    told: dict[str, Any] = median({"large": (large, []), "small": (address, [])})
    share = 100 * told["small"].rate / told["large"].rate
    yield "uncached page of 2,000,000, time of 20,000's", share, "%", 120
