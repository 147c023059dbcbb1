"""Several database hosts for the feed: which of them is read, and which is left for a while.

With one host, as everywhere by default, nothing here does anything but reconnect.
"""

import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError, connections

# The primary beats each second, so a replica that is in step is silent for little more than that.
LATE = timedelta(seconds=1.5)
# While the primary cannot be reached nothing can be withdrawn; for so long replicas answer alone.
ALONE = timedelta(seconds=60)
LEFT_FOR = 5.0  # seconds
NOBODY_FRESHER_FOR = 2.0
_ASK = "SELECT is_replica, silent_for FROM feed.head"

type Place = tuple[str, str]  # host and port


class Behind(OperationalError):
    """This host must not be read: a fresher one answers, or it has been alone for too long."""


@dataclass
class _Known:
    """What this process has found out about the hosts."""

    left_until: dict[Place, float] = field(default_factory=dict)
    nobody_fresher_until: float = 0.0
    looking: threading.Lock = field(default_factory=threading.Lock)


_known = _Known()


def places() -> list[Place]:
    """The hosts of the feed's login; empty where there is but one."""
    chosen = settings.DATABASES["feed"]
    hosts = str(chosen.get("HOST", "")).split(",")
    ports = str(chosen.get("PORT", "")).split(",")
    if len(hosts) == 1:
        return []
    ports = ports if len(ports) == len(hosts) else ports[:1] * len(hosts)  # as libpq reads them
    return list(zip(hosts, ports, strict=True))


def prepare() -> None:
    """Before a connection is opened: let it choose at random among those that were not left."""
    connection = connections["feed"]
    if connection.connection is not None or not (every := places()):
        return
    now = time.monotonic()
    fit = [each for each in every if _known.left_until.get(each, 0.0) <= now] or every
    connection.settings_dict = connection.settings_dict | {
        "HOST": ",".join(host for host, _ in fit),
        "PORT": ",".join(port for _, port in fit),
    }


def check(*, is_replica: bool, silent_for: timedelta | None) -> None:
    """Raises Behind where the host that just told its head is not to be read."""
    if not is_replica or not (every := places()):
        return
    here = _here()
    silent_for = silent_for if silent_for is not None else ALONE * 2
    if silent_for <= LATE:
        return
    if _known.left_until.get(here, 0.0) > time.monotonic() or _fresher_than(here, every):
        _known.left_until[here] = time.monotonic() + LEFT_FOR
        raise Behind("This replica is behind, and a fresher host answers.")
    if silent_for > ALONE:
        raise Behind("The primary has been away for too long.")


def leave() -> bool:
    """Close what broke or is behind, so that asking again opens another; False where it works.

    Within a test's transaction nothing is closed.
    """
    connection = connections["feed"]
    if connection.in_atomic_block:
        return False
    inner = connection.connection
    if inner is not None and not inner.closed and _known.left_until.get(_here(), 0.0) == 0.0:
        return False
    if inner is not None and places():
        _known.left_until[_here()] = time.monotonic() + LEFT_FOR
    connection.close()
    return True


def told() -> dict[str, Any]:
    """Each host's lag in seconds, for /readyz; nothing where there is but one."""
    lags: list[dict[str, Any]] = []
    for place in places():
        found = _ask(place)
        if found is None:
            lags.append({"ok": False})
        else:
            is_replica, silent_for = found
            behind = silent_for.total_seconds() if is_replica and silent_for else 0.0
            lags.append({"ok": True, "replica": is_replica, "seconds_behind": round(behind, 1)})
    return {"hosts": lags} if lags else {}


def _here() -> Place:
    """Where this thread's connection leads to, as the settings name it."""
    inner = connections["feed"].connection
    return (inner.info.host, str(inner.info.port)) if inner is not None else ("", "")


def _fresher_than(here: Place, every: list[Place]) -> bool:
    """One thread looks, and what it found holds for two seconds; the others do not wait for it."""
    if time.monotonic() < _known.nobody_fresher_until or not _known.looking.acquire(blocking=False):
        return False
    try:
        for place in every:
            found = _ask(place) if place != here else None
            if found and (not found[0] or (found[1] is not None and found[1] <= LATE)):
                return True
        _known.nobody_fresher_until = time.monotonic() + NOBODY_FRESHER_FOR
        return False
    finally:
        _known.looking.release()


def _ask(place: Place) -> tuple[bool, timedelta | None] | None:
    params = connections["feed"].get_connection_params()
    chosen = {
        name: said
        for name, said in params.items()
        if name in ("dbname", "user", "password") or name.startswith("ssl")
    }
    try:
        with psycopg.connect(
            **chosen, host=place[0], port=place[1], connect_timeout=2, autocommit=True
        ) as connection:
            row: tuple[bool, timedelta | None] | None = connection.execute(_ASK).fetchone()
    except psycopg.Error:
        return None
    return row or (False, None)  # nothing was ever published
