"""What monitoring asks: does the process live, and is everything there that it needs."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import Error, ProgrammingError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evidence import ledgers
from evidence.refusing import Refused
from publishing import heartbeat, hosts

logger = logging.getLogger("config.health")

# It beats each second; a task that keeps it from beating so long is a fault of its own.
LATE = timedelta(seconds=10)
_migrated = False


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """503 where anything is missing; says which part, and nothing of why."""
    parts = {"database": _database, "migrations": _migrations, "worker": _worker}
    checks = {name: _checked(check) for name, check in parts.items()}
    ready = all(check["ok"] for check in checks.values())
    told = {"status": "ready" if ready else "not ready", "checks": checks}
    return JsonResponse(told, status=200 if ready else 503)


def _checked(check: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return check()
    except Error:
        return {"ok": False, "detail": "the database does not answer"}


def _database() -> dict[str, Any]:
    """Both logins, since the feed answers through one and the desk through the other."""
    for alias in ("default", "feed"):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    reason = why_not_to_serve()
    return {"ok": False, "detail": reason} if reason else {"ok": True, **hosts.told()}


def why_not_to_serve() -> str:
    """One sentence where the database was restored and not told, or nothing can tell; else empty.

    Raises the database's error where it does not answer.
    """
    try:
        return ledgers.why_not_to_serve()
    except ProgrammingError:  # no ledger: an older database
        return "The database is older than this program: run manage.py migrate first."
    except Refused as refusal:
        logger.error("The ledger beside the keys cannot be read: %s", refusal)
        return "The ledger beside the keys cannot be read: see that the keyring is in its place."


def _migrations() -> dict[str, Any]:
    """Reading all migrations takes a while, and what is applied stays so for this code's life."""
    global _migrated
    if not _migrated:
        if waiting := waiting_migrations(connection):
            return {"ok": False, "detail": f"{waiting} to apply: run manage.py migrate"}
        _migrated = True
    return {"ok": True}


def waiting_migrations(connection: BaseDatabaseWrapper) -> int:
    """How many migrations of this code the database has not seen."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _worker() -> dict[str, Any]:
    age = heartbeat.age()
    if age is None:
        return {"ok": False, "detail": "no worker has run yet"}
    told = {"ok": age < LATE, "seconds_since_heartbeat": round(age.total_seconds(), 1)}
    return told if told["ok"] else {**told, "detail": "the worker has fallen silent"}
