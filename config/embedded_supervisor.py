"""Runs PostgreSQL for as long as any process holds it; started by `embedded_postgres.hold()`."""

import contextlib
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from config.embedded_files import (
    PORT,
    DatabaseUnavailable,
    Files,
    cannot_write,
    make_own_folder,
)
from config.embedded_postgres import READY
from config.postgres_programs import Programs, find_programs
from config.processes import parent_death_signal

LARGEST_LOG = 1_000_000  # bytes
START_PATIENCE = 120  # seconds: after a crash the server first replays its log
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "maintenance_work_mem": "32MB",
    "max_wal_size": "256MB",
    "autovacuum_max_workers": "2",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The log must not repeat what people told us: neither statements, nor values, nor the errors
    # that quote them.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}


def main(files: Files, start: int, supervisor: int) -> None:
    """Answer on standard output: READY, or one sentence on what is wrong.

    `supervisor` is kept open until the process ends, and `start` until the answer.
    """
    if os.fork():  # the caller waits for this process alone; the other goes on as nobody's child
        os._exit(0)
    os.set_inheritable(supervisor, False)
    os.set_inheritable(start, False)
    os.chdir("/")
    try:
        service = Service(files)
        service.start()
    except DatabaseUnavailable as error:
        _answer(str(error))
    except OSError as error:
        _answer(str(cannot_write(files.folder, error)))
    else:
        _answer(READY)
        os.close(start)
        service.serve()


def _answer(text: str) -> None:
    """Then let go of standard output, for which the caller waits, if it still lives."""
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    with contextlib.suppress(BrokenPipeError):
        os.write(1, text.encode())
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)


class Service:
    """One PostgreSQL server, from its first file to its end."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.account = files.account
        self.stopping = threading.Event()
        self.programs = find_programs(files)

    def _wait_for_older_server(self) -> int:
        """Its supervisor or main process is dead; the last of its processes frees the lock."""
        lock = self.files.try_lock("server", fcntl.LOCK_EX, patience=30)
        if lock is None:
            raise DatabaseUnavailable(
                f"An older database server still runs on {self.files.data}: stop the process whose "
                "number is the first line of postmaster.pid there."
            )
        return lock

    def start(self) -> None:
        """The lock goes to PostgreSQL's processes alone: it tells when the last of them is gone."""
        lock = self._wait_for_older_server()
        try:
            self._start(lock)
        finally:
            os.close(lock)
        self._wait_until_ready()

    def _start(self, lock: int) -> None:
        if self.files.log.stat().st_size > LARGEST_LOG:
            os.truncate(self.files.log, 0)
        if not self.files.data.exists():
            create_data(self.files, self.programs, lock)
        if self.files.socket_folder != self.files.data:
            make_own_folder(self.files.socket_folder, self.account, 0o700)
        # With the lock ours no server is alive, whatever process now has the number in here.
        for stale in ("postmaster.pid", f".s.PGSQL.{PORT}.lock"):
            (self.files.data / stale).unlink(missing_ok=True)
            (self.files.socket_folder / stale).unlink(missing_ok=True)
        self.server = run_as(
            self.files, [self.programs["postgres"], *self._options()], lock, signal.SIGINT
        )

    def _options(self) -> list[str]:
        settings = {**SETTINGS, "unix_socket_directories": str(self.files.socket_folder)}
        if self.programs.major >= 18:
            settings["io_method"] = "sync"  # three processes fewer
        # For benchmarks, as in "shared_buffers=4GB random_page_cost=1.1".
        asked = os.environ.get("ATTEST_DB_OPTIONS", "").split()
        settings |= {name: value for name, _, value in (each.partition("=") for each in asked)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return ["-D", str(self.files.data), *options]

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_PATIENCE
        while self.server.poll() is None and time.monotonic() < deadline:
            if _says_ready(self.files, self.server.pid):
                return
            time.sleep(0.01)
        self.server.kill()
        raise DatabaseUnavailable(
            f"The database did not start: the end of {self.files.log} says why."
        )

    def serve(self) -> None:
        """Keep the server running until nobody holds it or somebody ends this process."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stop())
        threading.Thread(target=self._stop_when_unused, daemon=True).start()
        while True:
            self.server.wait()
            if self.stopping.is_set():
                return
            time.sleep(1)
            self.start()
            if self.stopping.is_set():
                self._stop()

    def _stop_when_unused(self) -> None:
        """The lock stays ours to the end: newcomers wait for it, then start another server."""
        self.files.lock("users", fcntl.LOCK_EX)
        self._stop()

    def _stop(self) -> None:
        self.stopping.set()
        self.server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown


def create_data(files: Files, programs: Programs, lock: int) -> None:
    """Under another name first, so that what was interrupted is never taken for a database."""
    shutil.rmtree(files.unfinished, ignore_errors=True)
    make_own_folder(files.unfinished, files.account, 0o700)
    files.password.unlink(missing_ok=True)
    files.password.touch(mode=0o600)
    files.password.write_text(secrets.token_urlsafe(32) + "\n")
    os.chown(files.password, files.account.uid, files.account.gid)
    command = [
        programs["initdb"],
        f"--pgdata={files.unfinished}",
        "--username=postgres",
        f"--pwfile={files.password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-sync",
        *programs.locale_options,
    ]
    if run_as(files, command, lock, signal.SIGKILL).wait() != 0:
        raise DatabaseUnavailable(
            f"The database could not be made: the end of {files.log} says why."
        )
    files.unfinished.rename(files.data)


def run_as(
    files: Files, command: list[str], lock: int, death_signal: signal.Signals
) -> subprocess.Popen[bytes]:
    """Start a program of PostgreSQL's under its account, to end with this process at the latest."""
    account = files.account
    root = os.geteuid() == 0
    with files.log.open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=files.folder,
            env={"LC_ALL": "C", "PATH": os.defpath},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(lock,),
            user=account.uid if root else None,
            group=account.gid if root else None,
            extra_groups=[] if root else None,
            preexec_fn=parent_death_signal(death_signal, os.getpid()),
        )


def _says_ready(files: Files, pid: int) -> bool:
    try:
        lines = (files.data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == READY


if __name__ == "__main__":
    main(Files(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3]))
