"""The embedded database as its users see it: `hold()` starts or shares it for a process's life."""

import fcntl
import functools
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from config.embedded_files import (
    PORT,
    PROJECT,
    DatabaseUnavailable,
    Files,
    cannot_write,
    find_files,
    var_folder,
)

__all__ = ["DatabaseUnavailable", "Server", "discard", "hold", "release"]

READY = "ready"
PATIENCE = 30  # seconds for others to let go
_held: list[int] = []


@dataclass(frozen=True)
class Server:
    """A running server and its superuser."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    data: Path

    @property
    def url(self) -> str:
        login = f"{quote(self.user)}:{quote(self.password)}"
        return f"postgresql://{login}@/postgres?host={quote(self.host, safe='')}&port={self.port}"


@functools.cache
def hold() -> Server:
    """Start the server, or share a running one, until this process and its forks have ended.

    The lock's file is never closed, and not inherited by other programs; the supervisor stops the
    server when the last such file is gone.
    """
    files = find_files()
    try:
        users = files.lock("users", fcntl.LOCK_SH)
        try:
            _ensure_running(files)
            password = files.password.read_text().strip()
        except BaseException:
            os.close(users)
            raise
    except OSError as error:
        raise cannot_write(files.folder, error) from error
    _held.append(users)
    return Server(str(files.socket_folder), PORT, "postgres", password, files.data)


def release() -> None:
    """Let go before the process ends, and wait for the server's end if nobody else holds it."""
    if not _held:
        return
    files = find_files()
    while _held:
        os.close(_held.pop())
    hold.cache_clear()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if _had(files, "supervisor", fcntl.LOCK_EX):
            return
        if not _had(files, "users", fcntl.LOCK_EX) and _had(files, "users", fcntl.LOCK_SH):
            return  # neither ours alone nor the supervisor's: others use it
        time.sleep(0.02)


def discard() -> None:
    """Delete the database and everything in it, unless some process uses it."""
    files = find_files()
    try:
        users = files.try_lock("users", fcntl.LOCK_EX, patience=3)
        server = users and files.try_lock("server", fcntl.LOCK_EX, patience=PATIENCE)
        if users is None or server is None:
            raise DatabaseUnavailable(
                f"The database in {files.data} is in use: stop the demo or the test that uses it."
            )
        for folder in (files.data, files.unfinished):
            if folder.exists():
                shutil.rmtree(folder)
        files.password.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(files.folder, error) from error
    os.close(server)
    os.close(users)


def _had(files: Files, name: str, kind: int) -> bool:
    lock = files.try_lock(name, kind)
    if lock is not None:
        os.close(lock)
    return lock is not None


def _ensure_running(files: Files) -> None:
    start = files.lock("start", fcntl.LOCK_EX)  # whoever else is starting it has it until then
    try:
        supervisor = files.try_lock("supervisor", fcntl.LOCK_EX)
        if supervisor is not None:
            try:
                _start_supervisor(files, start, supervisor)
            finally:
                os.close(supervisor)
    finally:
        os.close(start)


def _start_supervisor(files: Files, start: int, supervisor: int) -> None:
    """Hand both locks over: should this process be killed, others still wait for the new server."""
    if files.folder != var_folder():
        sys.stderr.write(
            f"The database is kept in {files.folder}, since as root it runs as another user, "
            f"who cannot enter {var_folder()}.\n"
        )
    with files.log.open("ab") as log:
        command = [sys.executable, "-m", "config.embedded_supervisor", str(files.folder)]
        answer = subprocess.run(
            [*command, str(start), str(supervisor)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            pass_fds=(start, supervisor),
            start_new_session=True,
            check=False,
        ).stdout.decode()
    if answer != READY:
        raise DatabaseUnavailable(
            answer or f"The database did not start: the end of {files.log} says why."
        )
