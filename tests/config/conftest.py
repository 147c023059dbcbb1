"""A var/ of one's own, and a look at what still runs on it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fcntl import LOCK_EX
from pathlib import Path

import pytest

from config.embedded_files import Files

PROJECT = Path(__file__).resolve().parent.parent.parent
HOLD = """
import sys
from config.embedded_postgres import hold
print(hold().url, flush=True)
sys.stdin.read()
"""


@dataclass
class Var:
    """One var/ folder, the processes started on it, and what is left of them."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def files(self) -> Files:
        return Files(self.folder)

    def start(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**self._outside(), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*command, **environment)
        output, errors = process.communicate(timeout=120)
        return subprocess.CompletedProcess(command, process.returncode, output, errors)

    def hold(self) -> tuple[subprocess.Popen[str], str]:
        """A process that holds the database until it is killed, and the superuser's address."""
        process = self.start(sys.executable, "-c", HOLD)
        return process, process.stdout.readline().strip()

    def processes(self, word: str = "") -> list[int]:
        """The numbers of those whose command line names this folder and the word."""
        return [
            int(folder.name)
            for folder in Path("/proc").glob("[0-9]*")
            if str(self.folder) in (line := _command_line(folder)) and word in line
        ]

    def is_running(self, number: int) -> bool:
        """False for a zombie too, which has no command line left."""
        return _command_line(Path(f"/proc/{number}")) != ""

    def left(self) -> list[str]:
        """What still runs after a fair time: processes by their command line, others by lock."""
        deadline = time.monotonic() + 15
        while left := self.left_now():
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        return left

    def left_now(self) -> list[str]:
        left = [_command_line(Path(f"/proc/{number}")) for number in self.processes()]
        if (self.folder / "postgres.locks").is_dir():
            for name in ("users", "supervisor", "server"):
                lock = self.files.try_lock(name, LOCK_EX)
                if lock is None:
                    left.append(f"whoever holds the lock {name}")
                else:
                    os.close(lock)
        return left

    def _outside(self) -> dict[str, str]:
        """The environment without what would lead to another database."""
        kept = {name: value for name, value in os.environ.items() if "DATABASE" not in name}
        return {**kept, "ATTEST_VAR": str(self.folder), **self.environment}

    def end(self) -> None:
        for process in self.started:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                stream.close()
        left = self.left()
        for number in self.processes():
            os.kill(number, signal.SIGKILL)
        shutil.rmtree(self.folder)
        assert left == []


def _command_line(folder: Path) -> str:
    try:
        return (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@contextmanager
def new_var() -> Iterator[Var]:
    """Not below pytest's own folder, which for root only root may enter."""
    folder = Path(tempfile.mkdtemp(prefix="attest-test-"))
    folder.chmod(0o755)
    var = Var(folder)
    try:
        yield var
    finally:
        var.end()


@pytest.fixture
def empty_var() -> Iterator[Var]:
    with new_var() as var:
        yield var


@pytest.fixture(scope="session")
def made_once() -> Iterator[Var]:
    with new_var() as var:
        process, _ = var.hold()
        process.kill()
        assert var.left() == []
        yield var


@pytest.fixture
def var(made_once: Var) -> Iterator[Var]:
    """With a database in it that is not running; copied, which takes a tenth of making one."""
    with new_var() as var:
        copied = [made_once.files.data, made_once.files.password]
        subprocess.run(["cp", "-a", *copied, var.folder], check=True)
        yield var


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Var, str]]:
    """A running server for tests that leave it as it was, and its superuser's address."""
    with new_var() as var:
        yield var, var.hold()[1]
