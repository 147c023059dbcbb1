"""The process behind `make demo`: prepares the campaign, then serves it until Ctrl-C."""

import argparse
import errno
import fcntl
import os
import shutil
import signal
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from threading import Event

from config.embedded_files import cannot_write, var_folder
from config.embedded_postgres import DatabaseUnavailable, discard, hold, release
from config.processes import die_with_parent, spawn

OLDEST_PYTHON = (3, 12)
MADE_BY_DEMO = ("secret_key", "keyring", "keyring_key", "packs", "mail", "media", "static")
START_PATIENCE = 60  # seconds
END_PATIENCE = 10
MOST_DEATHS = 5  # of one child within a minute, before we give up


class CannotServe(Exception):
    """Its text is one sentence on what is wrong and what to do."""


@dataclass
class Child:
    """One of the demo's processes, started again when it dies, later each time."""

    name: str
    command: list[str]
    environment: dict[str, str]
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.process: Popen[bytes] = spawn(self.command, self.environment)
        self.due = 0.0

    def look_after(self) -> None:
        status = self.process.poll()
        now = time.monotonic()
        if status is None:
            return
        if self.due:
            if now >= self.due:
                self.start()
            return
        self.deaths = [death for death in self.deaths if now - death < 60] + [now]
        if len(self.deaths) >= MOST_DEATHS:
            raise CannotServe(
                f"The {self.name} ended {MOST_DEATHS} times within a minute: what it printed above "
                "says why."
            )
        self.due = now + 0.25 * 2 ** len(self.deaths)
        say(f"The {self.name} ended with status {status}; starting it again.")


class Demo:
    """Holds the database and the demo's children, from the first check to the last end."""

    def __init__(self, port: int, prepare: list[str], children: dict[str, list[str]]) -> None:
        self.port = port
        self.address = f"http://localhost:{port}/"
        environment = {
            "ATTEST_DEMO": "1",
            "ATTEST_SITE_URL": os.environ.get("ATTEST_SITE_URL") or self.address,
        }
        self.preparation = Child("preparation", prepare, environment)
        self.children = [Child(name, command, environment) for name, command in children.items()]
        self.started: list[Child] = []
        self.stopping = Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup
                signal.signal(number, lambda *_: self.stopping.set())

    def run(self, *, reset: bool) -> int:
        lock_folder(self.address)
        check_port(self.port)
        if reset:
            start_anew()
        if not os.environ.get("DATABASE_URL"):
            hold()
        try:
            return self._prepare() or self._serve()
        finally:
            self._end()
            release()

    def _start(self, child: Child) -> None:
        child.start()
        self.started.append(child)

    def _prepare(self) -> int:
        self._start(self.preparation)
        while self.preparation.process.poll() is None and not self.stopping.wait(0.05):
            pass
        return 0 if self.stopping.is_set() else int(self.preparation.process.wait() != 0)

    def _serve(self) -> int:
        if self.stopping.is_set():
            return 0
        for child in self.children:
            self._start(child)
        deadline = time.monotonic() + START_PATIENCE
        ready = False
        while not self.stopping.wait(0.1):
            for child in self.children:
                child.look_after()
            if not ready and time.monotonic() > deadline:
                raise CannotServe(f"The demo did not answer within {START_PATIENCE} seconds.")
            if not ready and answers(self.port):
                ready = True
                say(f"Ready: {self.address}")
        return 0

    def _end(self) -> None:
        """All are asked at once; who has not ended in time is killed."""
        running = [child.process for child in self.started]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + END_PATIENCE
        for process in running:
            try:
                process.wait(max(0, deadline - time.monotonic()))
            except TimeoutExpired:
                process.kill()
                process.wait()


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def lock_folder(address: str) -> None:
    """Held to the end of the process: two demos in one folder would work on the same files."""
    folder = var_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / "demo.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(lock, 0)
        os.write(lock, address.encode())
    except BlockingIOError:
        running = os.read(lock, 100).decode()
        raise CannotServe(
            f"A demo runs in this folder already: use it at {running} or stop it with Ctrl-C."
        ) from None
    except OSError as error:
        raise cannot_write(folder, error) from error


def check_port(port: int) -> None:
    """On both of the addresses that `localhost` means, or a browser might reach somebody else."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CannotServe(
                    f"Port {port} is in use: stop what uses it or run make demo PORT={port + 1}."
                ) from error
            if error.errno == errno.EACCES:
                raise CannotServe(
                    f"Port {port} needs more rights than you have: run make demo PORT=8000."
                ) from error
            # What is left is a machine without that kind of address.


def start_anew() -> None:
    if os.environ.get("DATABASE_URL"):
        raise CannotServe(
            "DATABASE_URL is set and only the embedded database is ever deleted: unset it, "
            "or empty that database yourself."
        )
    discard()
    for name in MADE_BY_DEMO:
        path = var_folder() / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return connection.recv(1024).split()[1:2] == [b"200"]
    except OSError:
        return False


def port_number(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise ValueError(text)
    return port


def main() -> int:
    die_with_parent()  # of make, which asks for it
    parser = argparse.ArgumentParser(prog="python -m config.demo", description=__doc__)
    parser.add_argument("--port", type=port_number, default=8000)
    parser.add_argument("--reset", action="store_true", help="delete what was edited, start anew")
    options = parser.parse_args()
    manage = [sys.executable, str(Path(__file__).parent.parent / "manage.py")]
    try:
        if sys.version_info < OLDEST_PYTHON:
            raise CannotServe("Attest needs Python 3.12 or newer: run make demo, which finds one.")
        return Demo(
            options.port,
            prepare=[*manage, "prepare_demo"],
            children={
                "web server": [sys.executable, "-m", "config.demo_web", str(options.port)],
                "task worker": [*manage, "work"],
            },
        ).run(reset=options.reset)
    except (CannotServe, DatabaseUnavailable) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    sys.exit(main())
