"""A reader that has fallen to its file: it tries what the sandbox must not let it do."""

import os
import socket
import sys
import time

from evidence.snapshots import sandbox
from evidence.snapshots.words import Words


def flood() -> str:
    while True:
        sys.stdout.buffer.write(bytes(100_000))


def spin() -> str:
    while True:
        pass


ACTS = {
    "file": lambda: open("/etc/hostname").read(),  # noqa: PTH123, SIM115 - as a parser would
    "socket": lambda: str(socket.socket()),
    "process": lambda: os.popen("id").read(),  # noqa: S605 - must fail
    "memory": lambda: str(len(bytes(2**30))),
    "processor": spin,
    "wait": lambda: str(time.sleep(60)),
    "environment": lambda: repr(dict(os.environ)),
    "flood": flood,
}

if __name__ == "__main__":
    sandbox.serve(lambda _, act: Words(ACTS[act]()))
