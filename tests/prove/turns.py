"""Two acts on one account that take turns: one stops where it could do harm, and the other comes.

No chance is in it. The one is held before the database's check of a use, after it, or before its
commit; the other then runs until it is done or has to wait; then the first goes on.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

import psycopg
from django.db import connection, connections, transaction

from tests import factories as make
from tests.prove.acting import Issuing, Publishing, uses_in_force
from tests.prove.endings import Ending, outcome

GATE = 0x67617465  # "gate": whoever comes to a gate waits while the owner holds this lock
GATES = f"""
CREATE FUNCTION prove_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('prove.gate', true) = TG_NAME THEN
        PERFORM pg_advisory_xact_lock_shared({GATE});
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER a_gate BEFORE INSERT ON evidence_testimonyuse
    FOR EACH ROW EXECUTE FUNCTION prove_gate();
CREATE TRIGGER z_gate BEFORE INSERT ON evidence_testimonyuse
    FOR EACH ROW EXECUTE FUNCTION prove_gate();
"""
LONG = 30  # seconds: it hangs
WAITS = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"


class Held(StrEnum):
    """Where the one stops; names of triggers, which run in their order."""

    BEFORE_THE_CHECK = "a_gate"
    AFTER_THE_CHECK = "z_gate"
    BEFORE_ITS_COMMIT = "commit"


@contextmanager
def gates(owner: psycopg.Connection) -> Iterator[None]:
    owner.execute(GATES)
    try:
        yield
    finally:
        owner.execute("DROP FUNCTION prove_gate() CASCADE")


class Turn(threading.Thread):
    """One act, in a transaction and on a connection of its own."""

    def __init__(self, act: Callable[[], object], held: Held | None = None) -> None:
        super().__init__(daemon=True)
        self.act, self.held, self.came = act, held, ""
        self.pid, self.began = 0, threading.Event()
        self.stands, self.goes = threading.Event(), threading.Event()

    def run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid(), set_config('prove.gate', %s, false)",
                               [self.held or ""])  # fmt: skip
                self.pid = cursor.fetchone()[0]
            self.began.set()
            self.came = outcome(self._whole)
        finally:
            self.began.set()
            connections.close_all()

    def _whole(self) -> None:
        with transaction.atomic():
            self.act()
            if self.held == Held.BEFORE_ITS_COMMIT:
                self.stands.set()
                assert self.goes.wait(LONG)

    def stops(self, owner: psycopg.Connection) -> None:
        """Return once it is over, or stands somewhere and waits."""
        self.start()
        assert self.began.wait(LONG)
        until = time.monotonic() + LONG
        while time.monotonic() < until:
            if self.stands.is_set() or not self.is_alive():
                return
            if owner.execute(WAITS, [self.pid]).fetchone() == (True,):
                return
            time.sleep(0.001)
        raise AssertionError("It neither ends nor waits.")


def in_turns(
    owner: psycopg.Connection,
    one: Callable[[], object],
    other: Callable[[], object],
    held: Held,
) -> tuple[str, str]:
    """How each came out where `one` is held and `other` comes between."""
    first, second = Turn(one, held), Turn(other)
    owner.execute("SELECT pg_advisory_lock(%s)", [GATE])
    try:
        first.stops(owner)
        second.stops(owner)
    finally:
        owner.execute("SELECT pg_advisory_unlock(%s)", [GATE])
        first.goes.set()
    for turn in (first, second):
        turn.join(LONG)
        assert not turn.is_alive()
    return first.came, second.came


def all_turns(
    owner: psycopg.Connection,
    feed: psycopg.Connection,
    kind: "Publishing | Issuing",
    endings: list[Ending],
) -> Iterator[str]:
    """What is wrong after each ending in each order."""
    orders = [(held, True) for held in Held] + [(Held.BEFORE_ITS_COMMIT, False)]
    for number, ending in enumerate(endings):
        for held, act_is_held in orders:
            covered = kind.prepare(number)
            both = (lambda: kind.act(covered)), (lambda: ending.end(covered))  # noqa: B023 - now
            if act_is_held:
                acted, ended = in_turns(owner, *both, held)
            else:
                ended, acted = in_turns(owner, *reversed(both), held)
            who = type(kind).__name__.lower() if act_is_held else ending.name
            for wrong in _wrongs(kind, covered, acted, ended, feed):
                yield f"{ending.name}, {who} held at {held.name.lower()}: {wrong}"


def _wrongs(
    kind: "Publishing | Issuing", covered: make.Covered, acted: str, ended: str, feed
) -> Iterator[str]:
    if acted not in {"done", "refused"} or ended != "done":
        yield f"{acted} and {ended}"
        return
    yield from kind.wrongs(covered, acted == "done", feed)
    if uses_in_force(covered):
        yield "a use is still in force"
