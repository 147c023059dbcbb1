"""A ledger beside the keys, which outlives a restore of the database: ids and times, no words."""

import fcntl
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from evidence.vault import durable
from evidence.vault.keyring import current
from evidence.vault.refusals import Tampered

Entry = dict[str, Any]
UNREAD = (-1, -1)


@dataclass
class _Known:
    """What this process has read of the file: its whole lines, and up to where they go."""

    stamp: tuple[int, int] = UNREAD  # size and time of the file when it was read
    entries: dict[str, Entry] = field(default_factory=dict)
    end: int = 0
    last_line: bytes = b""


_known: dict[Path, _Known] = {}
_one_thread = threading.Lock()


def append(entries: Iterable[Entry]) -> None:
    """Add those whose id is not in the ledger yet; they are on disk when this returns."""
    lines: dict[str, bytes] = {}
    for entry in entries:
        lines.setdefault(_id_of(entry), orjson.dumps(entry) + b"\n")
    with _opened(fcntl.LOCK_EX) as (file, known):
        new = b"".join(line for name, line in lines.items() if name not in known.entries)
        if os.fstat(file).st_size > known.end:  # a line that a crash tore off
            os.ftruncate(file, known.end)
        if new:
            _write(file, known.end, new)
            if not known.end:
                durable.sync_folder(current().folder)
            _catch_up(file, known)


def read() -> list[Entry]:
    """Every entry, in the order in which they came."""
    with _opened(fcntl.LOCK_SH) as (_, known):
        return [dict(entry) for entry in known.entries.values()]


def missing(ids: Iterable[str]) -> list[str]:
    """Those that are not in the ledger, in the order given."""
    with _opened(fcntl.LOCK_SH) as (_, known):
        return [name for name in ids if name not in known.entries]


@contextmanager
def _opened(kind: int) -> Iterator[tuple[int, _Known]]:
    """The ledger under its lock, and what it says by now."""
    ring = current()
    ring.require_folder()
    path = ring.folder / "ledger.jsonl"
    with _one_thread, durable.locked(path, kind) as file:
        known = _known.setdefault(path, _Known())
        if known.stamp != _stamp(os.fstat(file)):
            _catch_up(file, known)
        yield file, known


def _catch_up(file: int, known: _Known) -> None:
    """Read what was added; everything, where the file is not the one that was read before."""
    status = os.fstat(file)
    start = known.end - len(known.last_line)
    has_grown = status.st_size > known.end
    content = os.pread(file, status.st_size - start, start) if has_grown else b""
    if not has_grown or not content.startswith(known.last_line):
        known.entries, known.end, known.last_line = {}, 0, b""
        content = os.pread(file, status.st_size, 0)
    added = content[len(known.last_line) : content.rfind(b"\n") + 1]
    if added:
        known.entries.update(_parsed(added, len(known.entries)))
        known.end += len(added)
        known.last_line = added[added.rfind(b"\n", 0, -1) + 1 :]
    is_torn = status.st_size > known.end
    known.stamp = UNREAD if is_torn else _stamp(status)


def _parsed(lines: bytes, known: int) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for number, line in enumerate(lines.split(b"\n")[:-1], start=known + 1):
        try:
            entry = orjson.loads(line)
            found.setdefault(_id_of(entry), entry)
        except (ValueError, TypeError, KeyError) as error:
            raise Tampered(
                f"Line {number} of ledger.jsonl beside the keys cannot be read: "
                "put that line back from the newest copy of the keyring."
            ) from error
    return found


def _write(file: int, end: int, content: bytes) -> None:
    os.lseek(file, end, os.SEEK_SET)
    try:
        durable.write(file, content)
        os.fsync(file)
    except OSError:
        os.ftruncate(file, end)  # what was not promised must not be read as if it were
        raise


def _id_of(entry: Entry) -> str:
    name = entry["id"]
    if str(UUID(name)) != name:
        raise ValueError("An entry's id is a UUID, written in the usual way.")
    return str(name)


def _stamp(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns
