"""How soon the demo is ready on a second start, and how much memory all of it takes together."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS, MEGABYTES = 15, 600

type Measurement = tuple[str, float, str, float]


def run() -> list[Measurement]:
    """Starts the demo twice in a folder of its own; memory is proportional (PSS)."""
    with tempfile.TemporaryDirectory(prefix="attest-bench-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        first, _ = _start(folder)
        second, memory = _start(folder)
    return [
        ("make demo, first start (after the installation)", first, "s", 120),
        ("make demo, second start", second, "s", SECONDS),
        ("memory of everything together", memory, "MB", MEGABYTES),
    ]


def _start(folder: str) -> tuple[float, float]:
    environment = {**os.environ, "ATTEST_VAR": folder}
    started = time.perf_counter()
    demo = subprocess.Popen(
        [sys.executable, "-m", "config.demo", "--port", str(_free_port())],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert demo.stdout
    for line in demo.stdout:
        if line.startswith("Ready:"):
            break
    else:
        raise RuntimeError(f"The demo ended with status {demo.wait()}: see above.")
    seconds = time.perf_counter() - started
    time.sleep(3)  # the worker has done its first turn
    memory = _proportional_memory(folder)
    demo.send_signal(signal.SIGINT)
    demo.wait(30)
    return seconds, memory


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _proportional_memory(folder: str) -> float:
    """Megabytes of every process that was started with this folder, its database among them."""
    return sum(_pss(process) for process in Path("/proc").glob("[0-9]*") if _ours(process, folder))


def _ours(process: Path, folder: str) -> bool:
    try:
        around = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        if folder.encode() in around:
            return True
        return folder in str((process / "cwd").readlink())  # PostgreSQL's own children
    except OSError:
        return False


def _pss(process: Path) -> float:
    try:
        rollup = (process / "smaps_rollup").read_text()
    except OSError:
        return 0
    return next(
        (int(line.split()[1]) / 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0
    )
