"""What monitoring asks, and what it is told when a part is missing."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse

from config import health
from publishing import heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unread_migrations(monkeypatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)


def checks(response: HttpResponse) -> dict[str, object]:
    return response.json()["checks"]


def test_the_process_lives_whatever_the_database_does(client) -> None:
    with connection.execute_wrapper(fail):
        response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "live"})
    assert "no-store" in response["Cache-Control"]


def test_ready_with_a_worker_that_beats(client) -> None:
    heartbeat.beat()

    response = client.get("/readyz")

    seconds = checks(response)["worker"]["seconds_since_heartbeat"]
    assert 0 <= seconds < 10
    assert (response.status_code, response.json()) == (
        200,
        {
            "status": "ready",
            "checks": {
                "database": {"ok": True},
                "migrations": {"ok": True},
                "worker": {"ok": True, "seconds_since_heartbeat": seconds},
            },
        },
    )


def test_not_ready_before_a_worker_has_run(client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json()["status"]) == (503, "not ready")
    assert checks(response)["worker"] == {"ok": False, "detail": "no worker has run yet"}


def test_not_ready_where_the_worker_fell_silent(client, monkeypatch) -> None:
    monkeypatch.setattr(heartbeat, "age", lambda: timedelta(minutes=2))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert checks(response)["worker"] == {
        "ok": False,
        "seconds_since_heartbeat": 120.0,
        "detail": "the worker has fallen silent",
    }


def test_not_ready_where_a_migration_waits(client) -> None:
    heartbeat.beat()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'publishing' AND name = "
            "(SELECT max(name) FROM django_migrations WHERE app = 'publishing')"
        )

    response = client.get("/readyz")

    assert response.status_code == 503
    assert checks(response)["migrations"]["detail"].endswith("to apply: run manage.py migrate")


def test_not_ready_without_the_database_and_says_nothing_of_why(client) -> None:
    with connection.execute_wrapper(fail):
        response = client.get("/readyz")

    missing = {"ok": False, "detail": "the database does not answer"}
    assert (response.status_code, response.json()) == (
        503,
        {
            "status": "not ready",
            "checks": {"database": missing, "migrations": missing, "worker": missing},
        },
    )


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_only_asking_is_possible(client, address: str) -> None:
    assert client.post(address).status_code == 405


def fail(*_: object) -> None:
    raise OperationalError("connection to server at 10.0.0.1 failed: password is hunter2")
