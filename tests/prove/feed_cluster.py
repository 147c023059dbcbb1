"""A primary and its streaming replicas on loopback, from the same programs as the demo's."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg

from config.embedded_files import Files
from config.postgres_programs import find_programs

NAMES = ("primary", "one", "two")
PORTS = {"primary": 8451, "one": 8452, "two": 8453}
SETTINGS = (
    "listen_addresses=127.0.0.1", "wal_level=replica", "max_wal_senders=8", "hot_standby=on",
    "shared_buffers=32MB", "fsync=off", "max_connections=80", "wal_receiver_timeout=2s",
    "wal_retrieve_retry_interval=200ms",
)  # fmt: skip


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = Files(folder)
        self.account, self.programs = files.account, find_programs(files)
        os.chown(folder, self.account.uid, self.account.gid)
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def address(self, name: str = "primary", database: str = "attest") -> str:
        return f"postgres://postgres@127.0.0.1:{PORTS[name]}/{database}"

    def hosts(self) -> str:
        return ",".join(f"127.0.0.1:{PORTS[name]}" for name in NAMES)

    def make(self) -> None:
        initdb = [self.programs["initdb"], "--username=postgres", "--auth=trust", "--no-sync",
                  "--encoding=UTF8", *self.programs.locale_options]  # fmt: skip
        self._run([*initdb, f"--pgdata={self.folder / 'primary'}"])
        self.start("primary")
        self.ask("primary", "CREATE DATABASE attest", database="postgres")

    def add_replicas(self) -> None:
        source = f"host=127.0.0.1 port={PORTS['primary']} user=postgres"
        copy = [self.programs["pg_basebackup"], "--write-recovery-conf", "--no-sync"]
        for name in NAMES[1:]:
            target = f"--pgdata={self.folder / name}"
            self._run([*copy, "--checkpoint=fast", "--dbname", source, target])
            self.start(name)

    def start(self, name: str) -> None:
        options = [part for each in SETTINGS for part in ("-c", each)]
        options += ["-c", f"port={PORTS[name]}", "-c", f"unix_socket_directories={self.folder}"]
        command = [self.programs["postgres"], "-D", str(self.folder / name), *options]
        self.running[name] = subprocess.Popen(command, **self._as_account())
        deadline = time.monotonic() + 60
        while True:
            try:
                self.ask(name, "SELECT 1", database="postgres")
            except psycopg.OperationalError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            else:
                return

    def stop(self, name: str, number: signal.Signals = signal.SIGINT) -> None:
        process = self.running.pop(name)
        process.send_signal(number)
        process.wait(timeout=30)

    def ask(self, name: str, sql: str, *, database: str = "attest") -> list[Any]:
        with psycopg.connect(
            self.address(name, database), autocommit=True, connect_timeout=2
        ) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def end(self) -> None:
        for name in list(self.running):
            self.stop(name)

    def _run(self, command: list[str]) -> None:
        subprocess.run(command, check=True, **self._as_account())

    def _as_account(self) -> dict[str, Any]:
        log = (self.folder / "log").open("ab")
        chosen: dict[str, Any] = {"stdout": log, "stderr": log, "cwd": self.folder}
        if os.geteuid() == 0:
            chosen |= {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return chosen
