"""The embedded database's files, and the locks by which its processes know of each other."""

import fcntl
import hashlib
import os
import pwd
import stat
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PORT = 5432  # only a part of the socket's name
LONGEST_SOCKET_FOLDER = 85  # a socket's whole path may take some 100 bytes


class DatabaseUnavailable(Exception):
    """Its text is one sentence on what is wrong and what to do."""


@dataclass(frozen=True)
class Account:
    """The operating system's user that the server runs as; PostgreSQL refuses to run as root."""

    uid: int
    gid: int

    def may_enter(self, folder: Path) -> bool:
        return all(
            status.st_mode & (stat.S_IXUSR if status.st_uid == self.uid else stat.S_IXOTH)
            for status in (step.stat() for step in (folder, *folder.parents))
        )


@dataclass(frozen=True)
class Files:
    """The folder that holds one embedded database.

    Four locks, each an flock that the kernel drops when its last holder is gone:
    `users` is shared by every process that wants the server, and taken whole by a supervisor that
    found nobody left; `start` is held from the wish for a server until it is ready; `supervisor`
    by the living supervisor; `server` by every process of PostgreSQL, so that a new one waits for
    the last of an old one.
    """

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    @property
    def unfinished(self) -> Path:
        return self.folder / "postgres.new"

    @property
    def password(self) -> Path:
        return self.folder / "postgres.password"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    @property
    def socket_folder(self) -> Path:
        if len(os.fsencode(self.data)) <= LONGEST_SOCKET_FOLDER:
            return self.data
        return Path("/tmp") / f"attest-{_digest(self.data)}"  # noqa: S108 - made private, and checked

    @property
    def account(self) -> Account:
        if os.geteuid() != 0:
            return Account(os.geteuid(), os.getegid())
        if self.data.exists():
            owner = self.data.stat()
            return Account(owner.st_uid, owner.st_gid)
        nobody = pwd.getpwnam("nobody")
        return Account(nobody.pw_uid, nobody.pw_gid)

    def lock(self, name: str, kind: int) -> int:
        """Wait for the lock; the open file that holds it is inherited by forks alone."""
        lock = self._lock_file(name)
        fcntl.flock(lock, kind)
        return lock

    def try_lock(self, name: str, kind: int, *, patience: float = 0) -> int | None:
        """The same, or None if it was not to be had within so many seconds."""
        lock = self._lock_file(name)
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(lock, kind | fcntl.LOCK_NB)
                return lock
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(lock)
                    return None
                time.sleep(0.02)

    def _lock_file(self, name: str) -> int:
        path = self.folder / "postgres.locks" / name
        path.parent.mkdir(exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def var_folder() -> Path:
    return Path(os.environ.get("ATTEST_VAR", "").strip() or PROJECT / "var").absolute()


def find_files() -> Files:
    """Below var/; for root, in a folder that the server's own account can enter too."""
    folder = var_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = Files(folder)
        if os.geteuid() != 0 or files.account.may_enter(folder):
            return files
        elsewhere = Path("/var/tmp") / f"attest-{_digest(folder)}"  # noqa: S108 - made and checked below
        make_own_folder(elsewhere, Account(0, 0), 0o755)
        return Files(elsewhere)
    except KeyError as error:
        raise DatabaseUnavailable(
            "The embedded database cannot run as root and there is no user `nobody`: "
            "run as an ordinary user or set DATABASE_URL."
        ) from error
    except OSError as error:
        raise cannot_write(folder, error) from error


def make_own_folder(folder: Path, account: Account, mode: int) -> None:
    """Make a folder where everybody may write, and refuse one that somebody else made."""
    if not folder.exists(follow_symlinks=False):
        folder.mkdir(mode=mode)
    status = folder.lstat()
    if status.st_uid == os.geteuid() != account.uid:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {account.uid, os.geteuid()}:
        raise DatabaseUnavailable(
            f"{folder} belongs to somebody else: remove it, or name another folder in ATTEST_VAR."
        )


def cannot_write(folder: Path, error: OSError) -> DatabaseUnavailable:
    return DatabaseUnavailable(
        f"The database cannot be kept in {folder} ({error.strerror}): "
        "make that folder writable or name another one in ATTEST_VAR."
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
