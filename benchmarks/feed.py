"""How fast the feed answers, beside what it is measured against, all in one run.

Application and database share one core, the load comes from another; each number is the median of
five runs that take turns. Needs wrk; nginx is left out where there is none. With --full also a
million documents, two million of them, and withdrawal two hundred times over.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError

PROJECT = Path(__file__).resolve().parent.parent
FULL = os.environ.get("ATTEST_BENCH_FULL") == "1"
RUNS, SECONDS, CONNECTIONS = 5, 3, 32
ITEMS = 200_000
LIST = "/api/v1/statistics/"
SERVER_CORE, LOAD_CORE = 0, max(os.sched_getaffinity(0))
PORTS = {"uncached": 8471, "hot": 8472, "naive": 8473, "nginx": 8474, "micro-cache": 8478}
MS = {"us": 0.001, "ms": 1.0, "s": 1000.0}

type Measurement = tuple[str, float, str, float]


@dataclass(frozen=True)
class Load:
    """What wrk told: answers in a second, and the 99th percentile in milliseconds."""

    rate: float
    p99: float


def run() -> Iterator[Measurement]:
    """Name, value, unit and target of each measurement; of a share of a time less is better."""
    if not shutil.which("wrk"):
        sys.stderr.write(
            "The feed is not measured: wrk is not installed (Debian: apt install wrk).\n"
        )
        return
    with tempfile.TemporaryDirectory(prefix="attest-feed-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        world = World(Path(folder), stack)
        world.fill(ITEMS, "--naive")
        yield from _pages(world)
        from benchmarks.feed_long import searching, sizes, withdrawing

        times = 200 if FULL else 20
        yield from withdrawing(world, times=times)
        if world.serve_micro_cache():
            yield from withdrawing(world, times=times, place="micro-cache", bound=2.0)
        yield from searching(ITEMS)
        if FULL:
            from benchmarks.feed_others import beside_others

            yield from beside_others(world, ITEMS)
            world.fill(1_000_000)
            yield from searching(1_000_000)
            yield from sizes(world, stack)


# As docs/deploy.md advises, for a machine of 16 GB.
MEMORY = "shared_buffers=4GB"


class World:
    """A database of its own with servers over it, which end with the benchmark."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self.stack = folder, stack
        self.environment = {**os.environ, "ATTEST_VAR": str(folder), "ATTEST_DB_OPTIONS": MEMORY}
        for name in ("DATABASE_URL", "SECRET_KEY"):
            self.environment.pop(name, None)
        # Holds the database for as long as the benchmark lasts, on the servers' core.
        holder = "from config.embedded_postgres import hold; hold(); print(1, flush=True); input()"
        held = self.start([sys.executable, "-c", holder], stdin=subprocess.PIPE, pipe=True)
        assert held.stdout
        held.stdout.readline()
        self.python("manage.py", "create_logins")
        self.python("manage.py", "migrate", "--verbosity=0")

    def python(self, *arguments: str) -> None:
        done = subprocess.run([sys.executable, *arguments], cwd=PROJECT, env=self.environment,
                              capture_output=True, text=True, check=False)  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{arguments}: {done.stderr[-2000:]}")

    def fill(self, items: int, *options: str) -> None:
        self.python("-m", "benchmarks.feed_world", str(items), *options)

    def start(self, command: list[str], *, stdin: int = subprocess.DEVNULL, pipe: bool = False,
              cwd: Path = PROJECT, **environment: str) -> subprocess.Popen[bytes]:  # fmt: skip
        process = subprocess.Popen(
            ["taskset", "-c", str(SERVER_CORE), *command], cwd=cwd, stdin=stdin,
            env={**self.environment, **environment},
            stdout=subprocess.PIPE if pipe else subprocess.DEVNULL,
            stderr=(self.folder / "errors").open("ab"),
        )  # fmt: skip
        self.stack.callback(process.wait)
        self.stack.callback(process.terminate)
        return process

    def serve(self, name: str, application: str, **environment: str) -> str:
        port = PORTS[name]
        granian = str(Path(sys.executable).with_name("granian"))
        options = ["--interface", "wsgi", "--port", str(port), "--blocking-threads", "2"]
        self.start([granian, *options, "--log-level", "error", application], **environment)
        return f"http://127.0.0.1:{port}"

    def serve_file(self, body: bytes) -> str | None:
        """nginx with those very bytes as a file."""
        (self.folder / "page.json").write_bytes(body)
        server = SERVER.format(folder=self.folder, port=PORTS["nginx"])
        started = self.start_nginx("nginx", server)
        return f"http://127.0.0.1:{PORTS['nginx']}/page.json" if started else None

    def serve_micro_cache(self) -> bool:
        """nginx as deploy/nginx.conf has it, with its micro-cache on, before the hot server."""
        deployed = (PROJECT / "deploy" / "nginx.conf").read_text()
        on = re.sub(r"# (.*?) +# micro-cache$", r"\1", deployed, flags=re.MULTILINE)
        plain = re.sub(r"server \{\n    listen 80;.*?\n\}", "", on, flags=re.DOTALL)
        plain = re.sub(r"    ssl_certificate.*\n", "", plain)
        for theirs, ours in {
            "listen 443 ssl http2": f"listen 127.0.0.1:{PORTS['micro-cache']}",
            "127.0.0.1:8000": f"127.0.0.1:{PORTS['hot']}",
            "/var/cache/nginx/attest": str(self.folder / "micro-cache"),
        }.items():
            assert theirs in plain, theirs
            plain = plain.replace(theirs, ours)
        return self.start_nginx("micro-cache", plain)

    def start_nginx(self, name: str, servers: str) -> bool:
        nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if not nginx:
            return False
        file = self.folder / f"{name}.conf"
        file.write_text(NGINX.format(folder=self.folder, name=name) + f"http {{{HTTP}{servers}}}\n")
        self.start([nginx, "-c", str(file), "-g", "daemon off;"])
        wait_for(f"http://127.0.0.1:{PORTS[name]}/api/v1/bills/", but=404)
        return True


NGINX = """
worker_processes 1;
pid {folder}/{name}.pid;
error_log {folder}/{name}.log;
events {{ worker_connections 256; }}
"""
HTTP = """
access_log off;
sendfile on;
open_file_cache max=10;
keepalive_requests 1000000;
"""
SERVER = "server {{ listen 127.0.0.1:{port}; root {folder}; }}"


def _pages(world: World) -> Iterator[Measurement]:
    uncached = world.serve("uncached", "config.wsgi:application", ATTEST_FEED_CACHE_MB="0") + LIST
    hot = world.serve("hot", "config.wsgi:application") + LIST
    naive = world.serve("naive", "benchmarks.feed_world:application") + "/naive/"
    for address in (uncached, hot, naive):
        wait_for(address)
    body, etag = _read(hot)
    file = world.serve_file(body)
    held = ["-H", f"If-None-Match: {etag}"]
    asked = {"naive": (naive, []), "uncached": (uncached, []), "hot": (hot, []), "304": (hot, held)}
    if file:
        wait_for(file)
        asked["nginx"] = (file, [])
    told = median(asked)
    for name, each in told.items():
        yield f"p99 of {name}, {each.rate:,.0f} answers/s", each.p99, "ms", float("inf")
    yield _share("uncached page of 50, time of naive DRF's", told["uncached"], told["naive"], 5)
    yield _share("hot page of 50, time of naive DRF's", told["hot"], told["naive"], 0.4)
    yield _share("304, time of a hot page's", told["304"], told["hot"], 100)
    if file:
        yield _share("hot page, time of nginx's for a file", told["hot"], told["nginx"], 500)
    else:
        sys.stderr.write("nginx is not installed: the comparison with a file is left out.\n")


def _share(what: str, one: Load, other: Load, most: float) -> Measurement:
    return what, 100 * other.rate / one.rate, "%", most


def median(
    asked: dict[str, tuple[str, list[str]]], connections: int = CONNECTIONS
) -> dict[str, Load]:
    """They take turns, so that a busy minute of the machine falls on all of them.

    What a slow server still has in hand is waited for, else it would work in the next one's turn.
    """
    told: dict[str, list[Load]] = {name: [] for name in asked}
    for _ in range(RUNS):
        for name, (address, options) in asked.items():
            told[name].append(load(address, *options, connections=connections))
            _read(address)
    return {
        name: Load(statistics.median(each.rate for each in loads),
                   statistics.median(each.p99 for each in loads))
        for name, loads in told.items()
    }  # fmt: skip


def load(address: str, *options: str, connections: int = CONNECTIONS) -> Load:
    command = ["taskset", "-c", str(LOAD_CORE), "wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s",
               "--latency", *options, address]  # fmt: skip
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    assert rate, told
    assert p99, told
    if "Non-2xx" in told and "If-None-Match" not in " ".join(options):
        raise RuntimeError(f"{address} answered with errors:\n{told}")
    return Load(float(rate[1]), float(p99[1]) * MS[p99[2]])


def wait_for(address: str, *, but: int = 0) -> None:
    """Until it answers 200, or with that other status."""
    deadline = time.monotonic() + 60
    while True:
        try:
            _read(address)
        except OSError as error:
            if isinstance(error, HTTPError) and error.code == but:
                return
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def _read(address: str) -> tuple[bytes, str]:
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own http address
        return answer.read(), answer.headers.get("ETag", "")


@contextmanager
def under_load(address: str) -> Iterator[None]:
    """Until the block ends, as much of it as the server can bear."""
    command = ["taskset", "-c", str(LOAD_CORE), "wrk", "-t1", f"-c{CONNECTIONS}", "-d3600s"]
    process = subprocess.Popen([*command, address], stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()
