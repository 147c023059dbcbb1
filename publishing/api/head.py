"""The state of the whole feed in one tiny query: every list and its ETag derive from it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections

from publishing import hosts

# Part of every ETag: raise it whenever the same state is to be written in other bytes.
FORMAT = 1
# In plain words, since it is asked more often than anything else.
_HEAD = "SELECT epoch, seq, expired_at, pruned_seq, is_replica, silent_for FROM feed.head"


@dataclass(frozen=True, slots=True)
class Head:
    """Last change and last expiry; a feed that nothing was ever published in has no epoch yet."""

    epoch: UUID | None = None
    seq: int = 0
    expired_at: datetime | None = None
    pruned_seq: int = field(default=0, compare=False)

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
    return read_with_head("", ())[0]


def read_with_head(sql: str, params: Sequence[Any]) -> tuple[Head, list[tuple[Any, ...]]]:
    """The head, and then the rows of a query, which are thus as new as the head or newer.

    Both go to the database at once: waiting for it twice is most of what a page costs.
    """
    hosts.prepare()
    with connections["feed"].cursor() as cursor:
        cursor.execute(f"{_HEAD}; {sql}" if sql else _HEAD, params or None)
        told: tuple[Any, ...] | None = cursor.fetchone()
        rows: list[tuple[Any, ...]] = []
        if sql:
            cursor.nextset()
            rows = cursor.fetchall()
    if told is None:
        return Head(), rows
    *state, is_replica, silent_for = told
    hosts.check(is_replica=is_replica, silent_for=silent_for)
    return Head(*state), rows
