"""The embedded server comes with its first user and goes with its last, whatever ends them."""

import os
import random
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from config import embedded_files, postgres_programs
from config.embedded_files import DatabaseUnavailable, Files

pytestmark = pytest.mark.long

HOLD = "from config.embedded_postgres import hold; hold()"
FORK = """
import os, sys
from config.embedded_postgres import hold
print(hold().url, flush=True)
if os.fork():
    os._exit(0)
sys.stdin.read()
"""


def answers_within(seconds: float, url: str) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
        time.sleep(0.05)
    return False


def test_a_second_process_shares_the_running_server(var):
    _, first = var.hold()
    _, second = var.hold()

    assert first == second
    assert len(var.processes("postgres -D")) == 1


def test_the_server_ends_with_its_last_user(var):
    first, _ = var.hold()
    second, url = var.hold()

    first.kill()
    first.wait()
    time.sleep(0.3)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    second.kill()

    assert var.left() == []


def test_a_fork_keeps_the_server_when_its_parent_has_ended(var):
    process = var.start(sys.executable, "-c", FORK)
    url = process.stdout.readline().strip()
    process.wait()
    time.sleep(0.3)

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    process.stdin.close()
    assert var.left() == []


def test_another_program_does_not_inherit_the_hold(var):
    script = "import os; from config.embedded_postgres import hold; hold();"
    script += "os.execlp('sleep', 'sleep', '60')"

    sleeper = var.start(sys.executable, "-c", script)

    assert sleeper.poll() is None
    time.sleep(1)
    assert var.left() == []


def test_what_was_committed_survives_the_killing_of_everything(var):
    process, url = var.hold()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS id")

    for number in [process.pid, *var.processes()]:
        os.kill(number, signal.SIGKILL)
    assert var.left() == []
    _, url = var.hold()

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT id FROM kept").fetchone() == (1,)


def test_the_server_ends_with_its_supervisor_and_starts_again(var):
    var.hold()
    [supervisor] = var.processes("embedded_supervisor")

    os.kill(supervisor, signal.SIGKILL)
    _, url = var.hold()

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert len(var.processes("postgres -D")) == 1


def test_a_server_that_dies_is_started_again(var):
    _, url = var.hold()
    [server] = var.processes("postgres -D")

    os.kill(server, signal.SIGKILL)

    assert answers_within(30, url)
    assert server not in var.processes("postgres -D")


def test_a_new_server_waits_for_the_last_process_of_a_dead_one(var):
    """A busy backend notices only at its query's end, and writes to the same files until then."""
    _, url = var.hold()
    busy = psycopg.connect(url)
    backend = busy.info.backend_pid
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 20000000)")
    time.sleep(0.2)
    [server] = var.processes("postgres -D")
    started_by = time.monotonic() + 30

    os.kill(server, signal.SIGKILL)
    while var.processes("postgres -D") in ([], [server]):
        assert time.monotonic() < started_by
        time.sleep(0.01)

    assert not var.is_running(backend)


def test_a_half_finished_data_folder_is_made_anew(empty_var):
    empty_var.files.unfinished.mkdir()
    (empty_var.files.unfinished / "PG_VERSION").write_text("18\n")
    empty_var.files.password.touch()

    _, url = empty_var.hold()

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not empty_var.files.unfinished.exists()


def test_a_stale_pid_file_that_names_a_living_process_is_no_obstacle(var):
    process, _ = var.hold()
    process.kill()
    assert var.left() == []

    (var.files.data / "postmaster.pid").write_text(f"{os.getpid()}\n{var.files.data}\n")

    assert var.hold()[1].startswith("postgresql://postgres:")


def test_a_socket_path_that_would_be_too_long_is_shortened(empty_var):
    deep = empty_var.folder / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)

    process = empty_var.start(
        sys.executable,
        "-c",
        "from config.embedded_postgres import hold; import psycopg; server = hold();"
        "print(server.host, psycopg.connect(server.url).execute('SELECT 1').fetchone())",
        ATTEST_VAR=str(deep),
    )
    output, errors = process.communicate(timeout=60)

    folder, _, answer = output.strip().partition(" ")
    shutil.rmtree(folder)
    assert (answer, errors, len(folder) < 40) == ("(1,)", "", True)


def test_only_the_server_s_account_may_read_the_data_and_the_password(shared):
    var, _ = shared

    assert (var.files.data.stat().st_mode & 0o777) == 0o700
    assert (var.files.password.stat().st_mode & 0o777) == 0o600


def test_the_log_repeats_nothing_that_was_said(shared):
    var, url = shared

    with psycopg.connect(url) as connection, pytest.raises(psycopg.DataError):
        connection.execute("SELECT CAST(%s AS integer)", ["what a contributor told us"])
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.RaiseException):
        connection.execute("DO $$ BEGIN RAISE EXCEPTION 'what a contributor told us'; END $$")

    assert "contributor" not in var.files.log.read_text()


def test_the_server_sorts_and_folds_alike_on_every_machine(shared):
    _, url = shared

    with psycopg.connect(url) as connection:
        answer = connection.execute(
            "SELECT current_setting('server_encoding'), 'Z' < 'a', lower('ŵÉ')"
        ).fetchone()

    assert answer == ("UTF8", True, "ŵé")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_root_below_a_closed_folder_keeps_the_data_elsewhere_and_says_so_once(empty_var):
    closed = empty_var.folder / "closed"
    closed.mkdir(mode=0o700)
    script = "from config.embedded_postgres import hold; print(hold().data.parent)"

    first = empty_var.run(sys.executable, "-c", script, ATTEST_VAR=str(closed / "var"))
    folder = Path(first.stdout.strip())
    elsewhere = Files(folder)
    os.close(elsewhere.lock("supervisor", 2))  # LOCK_EX: the server has ended
    shutil.rmtree(folder)

    assert folder.parent == Path("/var/tmp")
    assert first.stderr.count("\n") == 1
    assert first.stderr.startswith(f"The database is kept in {folder}, ")


class TestRefusals:
    """Each is one sentence that says what to do."""

    def refusal(self, empty_var, **environment):
        answer = empty_var.run(
            sys.executable,
            "-c",
            "from config.embedded_postgres import *\n"
            "try: hold()\n"
            "except DatabaseUnavailable as error: print(error)",
            **environment,
        )
        assert answer.stderr == ""
        return answer.stdout.strip()

    def test_a_var_that_cannot_be_made(self, empty_var):
        (empty_var.folder / "file").touch()

        assert self.refusal(empty_var, ATTEST_VAR=f"{empty_var.folder}/file/var") == (
            f"The database cannot be kept in {empty_var.folder}/file/var (Not a directory): "
            "make that folder writable or name another one in ATTEST_VAR."
        )

    def test_a_data_folder_from_a_version_that_is_not_here(self, empty_var):
        empty_var.files.data.mkdir()
        (empty_var.files.data / "PG_VERSION").write_text("9\n")

        text = self.refusal(empty_var)

        assert text.startswith(
            f"The data in {empty_var.files.data} were made by PostgreSQL 9 and only "
        )
        assert text.endswith("or run make demo-reset to start anew without them.")

    def test_a_data_folder_that_is_none(self, empty_var):
        empty_var.files.data.mkdir()

        assert self.refusal(empty_var) == (
            f"{empty_var.files.data} is no PostgreSQL data folder: "
            "move it away, or run make demo-reset."
        )

    def test_no_programs(self, empty_var, monkeypatch):
        monkeypatch.setattr(postgres_programs, "_wheel", list)
        monkeypatch.setattr(postgres_programs, "_system", list)

        with pytest.raises(DatabaseUnavailable, match="No PostgreSQL was found: install the wheel"):
            postgres_programs.find_programs(empty_var.files)

    def test_a_socket_folder_that_somebody_else_made(self, empty_var):
        theirs = empty_var.folder / "theirs"
        theirs.symlink_to("/tmp")

        with pytest.raises(DatabaseUnavailable, match="belongs to somebody else: remove it"):
            embedded_files.make_own_folder(theirs, empty_var.files.account, 0o700)


@pytest.mark.slow
def test_twenty_kills_during_the_start_leave_nothing_and_the_next_start_works(empty_var):
    rng = random.Random(2)
    for attempt in range(20):
        if attempt % 2:
            shutil.rmtree(empty_var.files.data, ignore_errors=True)
        process = empty_var.start(
            sys.executable, "-c", "from config.embedded_postgres import *; hold()"
        )
        time.sleep(rng.uniform(0, 1.2))
        for number in [process.pid, *empty_var.processes()] if attempt % 3 else [process.pid]:
            os.kill(number, signal.SIGKILL)
        assert empty_var.left() == []

    _, url = empty_var.hold()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.slow
def test_twenty_kills_while_serving_lose_nothing_that_was_committed(var):
    rng = random.Random(2)
    for attempt in range(20):
        process, url = var.hold()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
            time.sleep(rng.uniform(0, 0.3))
            connection.execute("INSERT INTO kept VALUES (%s)", [attempt])
            count = connection.execute("SELECT count(*) FROM kept").fetchone()
        victims = [process.pid, *var.processes()]
        for number in [*rng.sample(victims, rng.randint(1, len(victims))), process.pid]:
            os.kill(number, signal.SIGKILL)
        assert count == (attempt + 1,)
        assert var.left() == []
