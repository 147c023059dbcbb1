"""A house of its own for a proof of the feed: a database, web servers over it, and their end."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
HOLD = "from config.embedded_postgres import hold; hold(); print(1, flush=True); input()"
# Writes what it is told line by line, and says when that is committed.
WRITER = """
import sys, django
django.setup()
from uuid import UUID
from django.db import transaction
from publishing import publication
from publishing.models import Kind
for line in sys.stdin:
    what, number, text = line.split()
    with transaction.atomic():
        if what == "write":
            publication.write(kind=Kind.BILL, id=UUID(int=int(number)), title="A bill",
                document={"licence": "OGL v3.0", "summary": text}, search_text=text,
                facets={}, expires_at=None)
        else:
            publication.remove(UUID(int=int(number)))
    print("done", flush=True)
"""


class House:
    """Processes that end with it, in an environment of their own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.environment = {
            **{
                name: value for name, value in os.environ.items() if not name.startswith("DATABASE")
            },
            "ATTEST_VAR": str(folder),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **environment,
        }
        self.environment.pop("SECRET_KEY", None)
        self.running: list[subprocess.Popen[str]] = []

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=PROJECT, env=self.environment, capture_output=True,
                              text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr

    def start(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**self.environment, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.running.append(process)
        return process

    def python(self, code: str) -> subprocess.Popen[str]:
        return self.start(sys.executable, "-c", code)

    def hold_database(self) -> None:
        held = self.python(HOLD)
        assert held.stdout
        assert held.stdout.readline() == "1\n"

    def serve(self, port: int, **environment: str) -> None:
        granian = str(Path(sys.executable).with_name("granian"))
        options = ["--interface", "wsgi", "--blocking-threads", "3", "--log-level", "error"]
        self.start(granian, *options, "--port", str(port), "config.wsgi:application", **environment)
        deadline = time.monotonic() + 60
        while True:
            try:
                assert get(port, "/healthz")[0] == 200
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            else:
                return

    def end(self) -> None:
        for process in reversed(self.running):
            process.terminate()
        for process in self.running:
            try:
                process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


@contextmanager
def house(folder: Path, **environment: str) -> Iterator[House]:
    folder.chmod(0o755)
    made = House(folder, **environment)
    try:
        yield made
    finally:
        made.end()


def tell(writer: subprocess.Popen[str], line: str) -> None:
    """Returns once it is committed."""
    assert writer.stdin
    assert writer.stdout
    writer.stdin.write(line + "\n")
    writer.stdin.flush()
    assert writer.stdout.readline() == "done\n"


def get(port: int, path: str, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
