"""The state of the whole feed in one tiny query: every list and its ETag derive from it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import psycopg
from django.db import connections
from django.db.backends.utils import CursorWrapper

from publishing import hosts

# Part of every ETag: raise it whenever the same state is to be written in other bytes.
FORMAT = 1
# Asked more often than anything else: bound and planned by the server once for each connection.
COLUMNS = "epoch, seq, expired_at, pruned_seq, is_replica, silent_for"
_HEAD = f"SELECT {COLUMNS} FROM feed.head"  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Head:
    """Last change and last expiry; a feed that nothing was ever published in has no epoch yet."""

    epoch: UUID | None = None
    seq: int = 0
    expired_at: datetime | None = None
    pruned_seq: int = field(default=0, compare=False)
    is_replica: bool = field(default=False, compare=False)

    def etag(self, page: str) -> str:
        state = f"{FORMAT} {self.epoch} {self.seq} {self.expired_at} {page}"
        return hashlib.sha256(state.encode()).hexdigest()

    def is_later_than(self, other: "Head") -> bool:
        """Of the same epoch, and something happened in between; of another one, always."""
        if self.epoch != other.epoch:
            return True
        if self.seq != other.seq:
            return self.seq > other.seq
        if self.expired_at is None or other.expired_at is None:
            return self.expired_at is not None
        return self.expired_at > other.expired_at


def read_head() -> Head:
    """Raises hosts.Behind where this connection leads to a replica that must not be read."""
    return read_row(_HEAD)[0]


def read_row(
    sql: str, params: Mapping[str, Any] | None = None, *, prepare: bool = True
) -> tuple[Head, tuple[Any, ...]]:
    """The head, from the first columns of the one row, and the others, which are just as new.

    A prepared statement is planned for whatever its values are, so only where these make no
    difference to the best way.
    """
    hosts.prepare()
    with _cursor(prepare=prepare) as cursor:
        cursor.execute(sql, params)
        told: tuple[Any, ...] | None = cursor.fetchone()
    if told is None:
        return Head(), ()
    epoch, seq, expired_at, pruned_seq, is_replica, silent_for, *rest = told
    hosts.check(is_replica=is_replica, silent_for=silent_for)
    return Head(epoch, seq, expired_at, pruned_seq, is_replica), tuple(rest)


class _Bound(psycopg.Cursor[Any]):
    """Sends values beside the statement and has documents sent as they are.

    Django's own cursor writes values into the statement, which is then planned each time, and has
    documents sent in hex: that was most of what a page cost the database.
    """

    def __init__(self, connection: psycopg.Connection[Any], *, prepare: bool) -> None:
        super().__init__(connection)
        self._prepare = prepare

    def execute(self, query: Any, params: Any = None, **_options: Any) -> Self:
        return super().execute(query, params, prepare=self._prepare, binary=True)


def _cursor(*, prepare: bool) -> CursorWrapper:
    connection = connections["feed"]
    connection.ensure_connection()
    inner: Any = _Bound(connection.connection, prepare=prepare)
    if connection.queries_logged:
        return connection.make_debug_cursor(inner)
    return connection.make_cursor(inner)
