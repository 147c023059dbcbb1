"""Files that are whole or absent after any crash, and gone once they are destroyed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, kind: int) -> Iterator[int]:
    """Hold an flock on the file, which is made if need be; the kernel drops it with its holder."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, kind)
        yield lock
    finally:
        os.close(lock)


def write(file: int, content: bytes) -> None:
    """All of it; os.write may stop early."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(file, rest) :]


def draft_of(path: Path) -> Path:
    return path.with_suffix(".new")


def add(path: Path, content: bytes) -> None:
    """FileExistsError where there is one already: a key is never written over.

    The draft goes last, so that one left behind says that the folder may not be on disk yet.
    """
    draft = _write_draft(path, content)
    path.hardlink_to(draft)
    settle(path)


def settle(path: Path) -> None:
    """Bring what `add` linked to the disk, also where a crash ended it half-way."""
    sync_folder(path.parent)
    draft_of(path).unlink(missing_ok=True)


def replace(path: Path, content: bytes) -> None:
    """The old content is wiped after the new one is safely in its place."""
    old = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        _write_draft(path, content).replace(path)
        sync_folder(path.parent)
        _wipe(old)
    finally:
        os.close(old)


def mark(path: Path) -> None:
    """An empty file, whose name says all; it is on disk when this returns."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
    sync_folder(path.parent)


def destroy(path: Path) -> None:
    """Overwrite and remove a file, and its draft."""
    for each in (path, draft_of(path)):
        try:
            file = os.open(each, os.O_WRONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            _wipe(file)
        finally:
            os.close(file)
        each.unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _write_draft(path: Path, content: bytes) -> Path:
    """Removed before it is made: an old draft may be another name of the very file."""
    draft = draft_of(path)
    draft.unlink(missing_ok=True)
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        write(file, content)
        os.fsync(file)
    finally:
        os.close(file)
    return draft


def _wipe(file: int) -> None:
    """As far as a file system lets us: some keep old blocks, and so do copies of the folder."""
    write(file, os.urandom(os.fstat(file).st_size))
    os.fsync(file)
