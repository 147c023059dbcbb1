"""Writers at once and one reader: his copy equals the table, and no change is skipped."""

import os
import random
import threading
import time
from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from psycopg import errors

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SECONDS = float(os.environ.get("ATTEST_RACE_SECONDS", "8"))
WRITERS = 8
ITEMS = [UUID(int=number) for number in range(1, 41)]
# As publication writes, in the order in which it locks; removals come as the triggers do them.
CLAIM = "SELECT pg_advisory_xact_lock(hashtextextended(%s::text, 0))"
LOCK = "SELECT FROM publishing_publisheditem WHERE id = %s FOR UPDATE"
UPSERT = """
WITH change AS (
    INSERT INTO publishing_change (seq, op, kind, item_id, at)
    VALUES (publishing_next_seq(), 'upsert', 'bill', %(id)s, clock_timestamp())
    RETURNING seq, at
)
INSERT INTO publishing_publisheditem AS item
    (id, kind, title, body, etag, facets, seq, published_at, updated_at)
SELECT %(id)s, 'bill', '', %(body)s, '', '{}', seq, at, at FROM change
ON CONFLICT (id) DO UPDATE SET body = excluded.body, seq = excluded.seq
"""
CHANGES = """
SELECT change.seq, change.op, change.id, item.body FROM feed.changes AS change
LEFT JOIN feed.items AS item ON item.id = change.id AND item.seq = change.seq
WHERE change.seq > %s ORDER BY change.seq LIMIT 100
"""


def write(connection: psycopg.Connection, done: Callable[[], bool], name: int) -> None:
    chance = random.Random(name)
    while not done():
        item = chance.choice(ITEMS)
        with connection.transaction(force_rollback=chance.random() < 0.1):
            if chance.random() < 0.3:
                connection.execute("SELECT publishing_remove(%s)", [item])
            else:
                connection.execute(CLAIM, [item])
                connection.execute(LOCK, [item])
                body = f"{name} {time.monotonic_ns()}".encode()
                connection.execute(UPSERT, {"id": item, "body": body})
            # A change that is numbered and not yet committed is what a reader could skip.
            time.sleep(chance.random() / 500)


class Reader:
    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection, self.seq = connection, 0
        self.copy: dict[UUID, bytes] = {}
        self.seen: list[int] = []

    def poll(self) -> int:
        rows = self.connection.execute(CHANGES, [self.seq]).fetchall()
        for seq, op, item, body in rows:
            self.seen.append(seq)
            if op == "remove":
                self.copy.pop(item, None)
            elif body is not None:  # else superseded, as a later change tells
                self.copy[item] = body
            self.seq = seq
        return len(rows)


def test_a_reader_that_follows_the_numbers_misses_nothing(login_as) -> None:
    reader = Reader(login_as("feed"))
    deadline = time.monotonic() + SECONDS
    failures: list[BaseException] = []

    def work(connection: psycopg.Connection, name: int) -> None:
        try:
            write(connection, lambda: time.monotonic() > deadline, name)
        except errors.Error as error:
            failures.append(error)

    threads = [
        threading.Thread(target=work, args=(login_as("default"), name)) for name in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        reader.poll()
    for thread in threads:
        thread.join()
    while reader.poll():
        pass

    table = dict(reader.connection.execute("SELECT id, body FROM feed.items").fetchall())
    (last,) = reader.connection.execute("SELECT seq FROM feed.head").fetchone()
    assert failures == []
    assert reader.copy == table
    assert reader.seen == list(range(1, last + 1))
    assert last > 100
