"""Child processes that never outlive whoever started them, however that one ended."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PARENT = "ATTEST_PARENT"
PR_SET_PDEATHSIG = 1
PROJECT = Path(__file__).resolve().parent.parent


def spawn(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start one of our own Python entry points, which calls `die_with_parent()` first of all.

    It gets a process group of its own, so that Ctrl-C reaches the parent alone, who ends it in
    good order.
    """
    return subprocess.Popen(
        command,
        cwd=PROJECT,
        env={**os.environ, **environment, PARENT: str(os.getpid())},
        process_group=0,
    )


def die_with_parent() -> None:
    """End this process when the one named in ATTEST_PARENT ends; without that name do nothing.

    The name is taken out of the environment: it is meant for this process, not for its children.
    """
    parent = int(os.environ.pop(PARENT, "0"))
    if not parent:
        return
    if sys.platform == "linux":
        parent_death_signal(signal.SIGKILL, parent)()
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def become_parent() -> None:
    """Let `die_with_parent()` in forked or spawned workers follow this process."""
    os.environ[PARENT] = str(os.getpid())


def parent_death_signal(number: signal.Signals, parent: int) -> Callable[[], None]:
    """What a Linux process calls to be sent a signal when its parent dies.

    Made beforehand, since between fork and exec it is too late to load a library. A change of user
    clears the setting, so it is called after that.
    """
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def follow() -> None:
        prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return follow


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
