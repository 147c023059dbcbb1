"""How long 2,000 amendments take to read, and how much memory; Parliament is a process apart."""

import multiprocessing
import resource
import subprocess
import sys
import time
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.own_database import ROOT, own_database

AMENDMENTS = 2_000

type Measurement = tuple[str, float, str, float]


def serve(pipe: Connection) -> None:
    from tests.campaigns.parliament.replay import replayed  # in the child, which is not measured
    from tests.campaigns.parliament.world import many

    with replayed(many(AMENDMENTS)) as server:
        pipe.send(server.url)
        pipe.recv()


def measure() -> None:
    """In a process of its own, whose largest size is then that of a reading and of nothing else."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    parliament = multiprocessing.get_context("spawn").Process(target=serve, args=(there,))
    parliament.start()
    url = here.recv()
    import django

    django.setup()
    print(*_read_twice(url), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    here.send("enough")
    parliament.join()


def _read_twice(url: str) -> list[float]:
    from django.db import transaction

    from campaigns.parliament.client import Client, Manners
    from campaigns.parliament.sync import find_bill, sync
    from tests.campaigns.parliament.world import BILL

    hurried: dict[str, Any] = {"pause": 0, "first_wait": 0}
    seconds = []
    with transaction.atomic(), Client(url, Manners(**hurried)) as client:
        bill = find_bill(BILL, client)
        for thorough in (True, True, False):
            started = time.perf_counter()
            run = sync(bill, client, client, thorough=thorough)
            assert run.state == "complete", run.failures
            seconds.append(time.perf_counter() - started)
        transaction.set_rollback(True)
    return seconds


def run() -> list[Measurement]:
    """In a database of its own."""
    with own_database() as environment:
        told = subprocess.run(
            [sys.executable, "-c", "from benchmarks.sync import measure; measure()"],
            cwd=ROOT, env=environment, capture_output=True, check=True, text=True,
        )  # fmt: skip
    first, again, quick, megabytes = map(float, told.stdout.split()[-4:])
    return [
        (f"reading {AMENDMENTS} amendments, first", first, "s", 90),
        (f"reading {AMENDMENTS} amendments, again", again, "s", 45),
        (f"reading {AMENDMENTS} amendments, quickly", quick, "s", 10),
        ("memory of the process that reads", megabytes, "MB", 150),
    ]


if __name__ == "__main__":
    for line in run():
        print(*line)
