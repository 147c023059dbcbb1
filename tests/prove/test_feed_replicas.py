"""A primary and two streaming replicas: the feed answers on, and withdrawal keeps its bound."""

import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import psycopg
import pytest

from tests.prove.feed_cluster import Cluster
from tests.prove.feed_house import WRITER, House, get, house, tell

pytestmark = pytest.mark.slow

PORT = 8462
BEAT = """
    INSERT INTO publishing_heartbeat (id, at) VALUES (1, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET at = excluded.at
"""
LIST = "/api/v1/bills/"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    # Not below pytest's own folder, which the account that PostgreSQL runs as cannot enter.
    with tempfile.TemporaryDirectory(prefix="attest-cluster-") as name:
        made = Cluster(Path(name))
        Path(name).chmod(0o755)
        made.make()
        try:
            yield made
        finally:
            made.end()


@pytest.fixture(scope="module")
def attest(cluster: Cluster, tmp_path_factory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with house(folder, DATABASE_URL=cluster.address()) as made:
        made.manage("create_logins")
        made.manage("migrate", "--verbosity=0")
        cluster.add_replicas()
        with beating(cluster):
            time.sleep(1.5)
            made.serve(PORT, ATTEST_FEED_HOSTS=cluster.hosts())
            yield made


class beating:  # noqa: N801 - read as `with beating(cluster)`
    """The worker's heartbeat, which misses a beat where the primary is away."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster, self.ended = cluster, threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join()

    def _beat(self) -> None:
        while not self.ended.wait(1):
            try:
                self.cluster.ask("primary", BEAT)
            except psycopg.Error:
                continue


class Asking:
    """Asks without pause from several threads, and keeps every answer's status."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.slowest = 0.0
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(4)]

    def __enter__(self) -> "Asking":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def _ask(self, number: int) -> None:
        limits = list(range(1 + number, 101, 4))
        while not self.ended.is_set():
            for limit in limits:  # one hot, the others from the database
                started = time.monotonic()
                self.statuses.append(get(PORT, f"{LIST}?limit={limit}")[0])
                self.slowest = max(self.slowest, time.monotonic() - started)


def shown_after_removal(attest: House, number: int) -> float:
    """Seconds from the commit to the last of many answers that still showed it."""
    writer = attest.python(WRITER)
    mark = f"mark{number}".encode()
    tell(writer, f"write {number} mark{number}")
    _until(lambda: mark in get(PORT, LIST)[1])
    tell(writer, f"remove {number} x")
    committed = shown = time.monotonic()
    while time.monotonic() - committed < 4:
        for limit in (50, 49, 48):
            if mark in get(PORT, f"{LIST}?limit={limit}")[1]:
                shown = time.monotonic()
    return shown - committed


def _until(true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def hosts() -> list[dict[str, object]]:
    found: list[dict[str, object]] = orjson.loads(get(PORT, "/readyz")[1])["checks"]["database"][
        "hosts"
    ]
    return found


def test_a_withdrawal_reaches_every_host_within_a_second(attest) -> None:
    assert shown_after_removal(attest, 1) <= 1


def test_lag_is_told(attest) -> None:
    found = hosts()

    assert [(each["ok"], each["replica"]) for each in found] == [
        (True, False),
        (True, True),
        (True, True),
    ]
    assert all(each["seconds_behind"] < 1.6 for each in found)


def test_a_replica_is_killed(attest, cluster) -> None:
    with Asking() as asking:
        time.sleep(1)
        cluster.stop("one", signal.SIGKILL)
        time.sleep(4)

    assert set(asking.statuses) == {200}
    assert hosts()[1] == {"ok": False}
    (cluster.folder / "one" / "postmaster.pid").unlink(missing_ok=True)
    time.sleep(1)
    cluster.start("one")
    _until(lambda: hosts()[1]["ok"] is True and hosts()[1]["seconds_behind"] < 1.6)


def test_the_primary_restarts(attest, cluster) -> None:
    with Asking() as asking:
        time.sleep(1)
        cluster.stop("primary")
        time.sleep(5)
        cluster.start("primary")
        time.sleep(2)

    assert set(asking.statuses) == {200}


def test_a_replica_that_is_held_back_is_not_read(attest, cluster) -> None:
    _until(lambda: all(each["ok"] and each["seconds_behind"] < 1.6 for each in hosts()))
    cluster.ask("two", "SELECT pg_wal_replay_pause()")
    try:
        time.sleep(2.5)
        assert hosts()[2]["seconds_behind"] > 1.5

        late = shown_after_removal(attest, 2)
    finally:
        cluster.ask("two", "SELECT pg_wal_replay_resume()")

    assert late <= 1
