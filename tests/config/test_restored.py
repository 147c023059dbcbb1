"""Nothing is served from a restored database until it was told what happened after its backup."""

import importlib
import sys
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError, connection, connections

from config import health, preparing
from evidence.vault import ledger_file
from publishing import heartbeat

pytestmark = pytest.mark.django_db

RESTORED = (
    "The database was restored from a backup and does not know an act of withdrawal or erasure "
    "since: run manage.py replay_ledgers first."
)
NO_LEDGER = "The ledger beside the keys cannot be read: see that the keyring is in its place."


@pytest.fixture(autouse=True)
def places_of_the_test(settings, tmp_path) -> None:
    """A replay cleans files: the test's own, never the demo's."""
    settings.PACKS = tmp_path / "packs"
    settings.MAILERS = {}


@pytest.fixture
def restored(keyring_folder) -> None:
    ledger_file.append(
        [
            {
                "id": str(uuid4()),
                "ledger": "withdrawal",
                "act": "consent_moved",
                "subject": str(uuid4()),
                "codes": {"from": "given", "to": "withdrawn"},
                "at": "2026-01-01T12:00:00+00:00",
            }
        ]
    )


@pytest.fixture
def no_ledger(keyring_folder) -> None:
    (keyring_folder / "ledger.jsonl").write_text("torn\n")


def wsgi(monkeypatch):
    """As a server loads it; what it closes is the test's own connection."""
    monkeypatch.delitem(sys.modules, "config.wsgi", raising=False)
    monkeypatch.setattr("config.processes.die_with_parent", lambda: None)
    monkeypatch.setattr(connections, "close_all", lambda: None)
    return importlib.import_module("config.wsgi")


def test_not_ready(client, restored) -> None:
    heartbeat.beat()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["database"] == {"ok": False, "detail": RESTORED}


def test_not_ready_without_a_ledger_to_ask_and_no_word_of_where_it_is(client, no_ledger) -> None:
    heartbeat.beat()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["database"] == {"ok": False, "detail": NO_LEDGER}


def test_the_web_process_ends_with_that_sentence(monkeypatch, restored) -> None:
    with pytest.raises(SystemExit) as ended:
        wsgi(monkeypatch)

    assert ended.value.code == RESTORED


def test_the_web_process_starts_over_a_database_that_knows_all(monkeypatch) -> None:
    assert wsgi(monkeypatch).application is not None


def test_the_web_process_does_not_start_over_a_database_that_does_not_answer(monkeypatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError

    with connection.execute_wrapper(away), pytest.raises(SystemExit) as ended:
        wsgi(monkeypatch)

    assert str(ended.value.code).startswith("The database does not answer")


def test_the_worker_does_not_start(restored) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("work", "--once")

    assert str(refused.value) == RESTORED


def test_the_demo_does_not_start(restored, monkeypatch, settings, tmp_path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    monkeypatch.setattr(preparing, "create_logins", lambda: None)
    monkeypatch.setattr(preparing, "_migrate", lambda: None)

    with pytest.raises(CommandError) as refused:
        preparing.prepare(str)

    assert str(refused.value) == RESTORED


def test_other_commands_run_and_the_replay_ends_it(restored) -> None:
    call_command("consents")
    call_command("replay_ledgers")

    assert health.why_not_to_serve() == ""


def test_a_database_that_is_older_than_the_ledgers_is_not_served() -> None:
    def no_such_table(*_: object) -> None:
        raise ProgrammingError

    with connection.execute_wrapper(no_such_table):
        reason = health.why_not_to_serve()

    assert reason == "The database is older than this program: run manage.py migrate first."
