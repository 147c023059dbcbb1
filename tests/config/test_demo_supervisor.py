"""`make demo` refuses in one sentence, serves until told to end, and leaves nothing behind."""

import os
import random
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Callable

import psycopg
import pytest

pytestmark = pytest.mark.long

# Stands for manage.py prepare_demo, the web server and the task worker; each knows the folder by
# its command line, so that a look at /proc finds it.
STAND_IN = """
import sys
from config import demo
from config.demo import CannotServe, DatabaseUnavailable, Demo

PREPARE = '''
from config.processes import die_with_parent; die_with_parent()
from config.embedded_postgres import hold; hold()
import time; time.sleep({seconds})
raise SystemExit({status})
'''
WEB = '''
from config.processes import become_parent, die_with_parent; die_with_parent(); become_parent()
import os
if os.fork():
    os.wait(); raise SystemExit(1)
die_with_parent()
from http.server import BaseHTTPRequestHandler, HTTPServer
class Healthy(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *args):
        pass
HTTPServer(("127.0.0.1", {port}), Healthy).serve_forever()
'''
WORKER = '''
from config.processes import die_with_parent; die_with_parent()
from config.embedded_postgres import hold; hold()
import time; time.sleep({worker_seconds})
'''
port, folder, options = int(sys.argv[1]), sys.argv[2], eval(sys.argv[3])
demo.MOST_DEATHS = 3
names = {"port": port, "seconds": 0, "status": 0, "worker_seconds": 600, **options}
def command(script):
    return [sys.executable, "-c", script.format(**names), folder]
try:
    sys.exit(Demo(port, command(PREPARE), {
        "web server": command(WEB), "task worker": command(WORKER)
    }).run(reset=names.get("reset", False)))
except (CannotServe, DatabaseUnavailable) as error:
    sys.exit(str(error))
"""


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(var, port) -> Callable:
    def start(**options: object):
        return var.start(sys.executable, "-c", STAND_IN, str(port), str(var.folder), repr(options))

    return start


def wait_for(process, text: str) -> None:
    for line in process.stdout:
        if line.startswith(text):
            return
    pytest.fail(process.stderr.read())


def ended(process) -> tuple[int, str]:
    _, errors = process.communicate(timeout=30)
    return process.returncode, errors


def test_it_serves_until_it_is_told_to_end_and_leaves_nothing(var, start, port):
    demo = start()
    wait_for(demo, f"Ready: http://localhost:{port}/")

    with urllib.request.urlopen(f"http://localhost:{port}/healthz") as answer:
        assert answer.status == 200
    demo.send_signal(signal.SIGINT)

    assert ended(demo) == (0, "")
    assert var.left_now() == []


def test_its_children_and_the_database_end_when_it_is_killed(var, start):
    demo = start()
    wait_for(demo, "Ready: ")

    demo.kill()

    assert var.left() == []


def test_its_children_end_when_it_is_killed_while_preparing(var, start):
    demo = start(seconds=600)
    while not var.processes("sleep(600)"):
        time.sleep(0.02)

    demo.kill()

    assert var.left() == []


def test_being_told_to_end_while_preparing_ends_the_preparation(var, start):
    demo = start(seconds=600)
    while not var.processes("sleep(600)"):
        time.sleep(0.02)

    demo.terminate()

    assert ended(demo) == (0, "")
    assert var.left_now() == []


def test_a_failed_preparation_gives_its_status_and_serves_nothing(var, start):
    demo = start(status=1)

    assert ended(demo) == (1, "")
    assert var.left_now() == []


def test_a_child_that_dies_is_started_again(var, start):
    demo = start()
    wait_for(demo, "Ready: ")
    [worker] = var.processes("sleep(600)")

    os.kill(worker, signal.SIGKILL)
    wait_for(demo, "The task worker ended with status -9; starting it again.")
    while var.processes("sleep(600)") in ([], [worker]):
        time.sleep(0.05)

    assert demo.poll() is None


def test_a_child_that_cannot_stay_alive_ends_the_demo_with_a_sentence(start):
    assert ended(start(worker_seconds=0)) == (
        1,
        "The task worker ended 3 times within a minute: what it printed above says why.\n",
    )


class TestRefusals:
    @pytest.fixture
    def var(self, empty_var):
        return empty_var

    @pytest.mark.parametrize(("family", "address"), [(2, "127.0.0.1"), (10, "::1")])
    def test_a_port_in_use(self, start, port, family, address):
        with socket.socket(family) as other:
            other.bind((address, port))
            other.listen()

            assert ended(start()) == (
                1,
                f"Port {port} is in use: stop what uses it or run make demo PORT={port + 1}.\n",
            )

    def test_a_second_demo_in_the_folder(self, start, port):
        wait_for(start(), "Ready: ")

        assert ended(start()) == (
            1,
            f"A demo runs in this folder already: use it at http://localhost:{port}/ "
            "or stop it with Ctrl-C.\n",
        )

    def test_a_var_that_cannot_be_written(self, var, start):
        (var.folder / "file").touch()
        var.environment["ATTEST_VAR"] = f"{var.folder}/file/var"

        assert ended(start()) == (
            1,
            f"The database cannot be kept in {var.folder}/file/var (Not a directory): "
            "make that folder writable or name another one in ATTEST_VAR.\n",
        )

    @pytest.mark.parametrize("wrong", ["0", "70000", "eight"])
    def test_a_port_that_is_none_is_wrong_usage(self, var, wrong):
        answer = var.run(sys.executable, "-m", "config.demo", "--port", wrong)

        assert (answer.returncode, answer.stdout) == (2, "")


def test_starting_anew_deletes_what_was_edited(var, start):
    process, url = var.hold()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE edited ()")
    process.kill()
    (var.folder / "packs").mkdir()
    (var.folder / "notes.txt").touch()

    demo = start(reset=True)
    wait_for(demo, "Ready: ")
    _, url = var.hold()

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regclass('edited')").fetchone() == (None,)
    assert not (var.folder / "packs").exists()
    assert (var.folder / "notes.txt").exists()


def test_starting_anew_is_refused_while_another_process_uses_the_database(var, start):
    var.hold()

    assert ended(start(reset=True)) == (
        1,
        f"The database in {var.files.data} is in use: stop the demo or the test that uses it.\n",
    )


@pytest.mark.slow
def test_twenty_kills_during_the_start(var, start):
    rng = random.Random(2)
    for _ in range(20):
        demo = start(seconds=0.5)
        time.sleep(rng.uniform(0, 2))
        demo.kill()
        assert var.left() == []

    wait_for(start(), "Ready: ")


@pytest.mark.slow
def test_twenty_kills_while_serving_lose_nothing(var, start):
    rng = random.Random(2)
    for attempt in range(20):
        demo = start()
        wait_for(demo, "Ready: ")
        _, url = var.hold()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS edited (id int)")
            connection.execute("INSERT INTO edited VALUES (%s)", [attempt])
            count = connection.execute("SELECT count(*) FROM edited").fetchone()
        time.sleep(rng.uniform(0, 0.5))
        for process in var.started:
            process.kill()
        assert count == (attempt + 1,)
        assert var.left() == []
