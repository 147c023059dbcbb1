"""Runs an act of the vault again and again, ended one step later each time, until it gets through.

    python killed.py kill|fail ACT FOLDER

FOLDER/before is what it starts from; what step 7 leaves is FOLDER/7. `kill` ends the process at the
step, with half of what it was writing; `fail` is a disk that is full just then.
"""

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from evidence.vault import ledger_file
from evidence.vault.keyring import current

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
ANNA, BEN, CLEO = (UUID(int=number) for number in (1, 2, 3))
STEPS = ("open", "write", "fsync", "link", "replace", "unlink", "ftruncate")
ENTRIES = [{"id": str(UUID(int=number)), "at": "2026-03-01T10:00:00Z"} for number in range(10, 15)]
ACTS: dict[str, Callable[[], object]] = {
    "create": lambda: current().create(ANNA),
    "destroy": lambda: current().destroy(ANNA),
    "rewrap": lambda: current().rewrap(NEW),
    "append": lambda: ledger_file.append(ENTRIES),
}
KILLED, FAILED = 9, 3


def end_at(last: int, manner: str) -> None:
    """Let the last-th of the steps end the process, or fail."""
    taken = 0

    def ending(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def take(*args: Any, **options: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken != last:
                return step(*args, **options)
            if name == "write":
                step(args[0], args[1][: len(args[1]) // 2])
            if manner == "kill":
                os._exit(KILLED)
            raise OSError(errno.ENOSPC, "No space left on device")

        return take

    for name in STEPS:
        setattr(os, name, ending(name, getattr(os, name)))


def run(manner: str, act: str, folder: Path, last: int) -> int:
    """In a child; its exit status."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    settings.configure(KEYRING_DIR=folder, KEYRING_KEY=OLD, DEMO=False)
    end_at(last, manner)
    try:
        ACTS[act]()
    except OSError:
        os._exit(FAILED)
    os._exit(0)


def main(manner: str, act: str, folder: Path) -> None:
    expected = {"kill": KILLED, "fail": FAILED}[manner]
    step, status = 0, expected
    while status == expected:
        step += 1
        shutil.copytree(folder / "before", folder / str(step))
        # What a crash left is told by two names of one file, which a copy does not keep.
        for draft in (folder / str(step)).glob("*.new"):
            draft.unlink()
            draft.hardlink_to(draft.with_suffix(".key"))
        status = run(manner, act, folder / str(step), step)
    sys.exit(status)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
