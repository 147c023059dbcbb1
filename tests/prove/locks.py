"""The row locks in the database's functions, and how to take one of them out."""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import psycopg

from tests.prove.weakening import unquoted

LOCK = re.compile(r"\s+(?:ORDER BY \w+ )?FOR (?:SHARE|UPDATE|NO KEY UPDATE)\b")
# Those that make a use and an end of it wait for one another.
FUNCTIONS = [
    *("testimony_use_is_covered", "testimony_use_is_protected", "protection_takes_the_account"),
    *("consent_scope_only_narrows", "consent_listing_is_withdrawn_once"),
]


@dataclass(frozen=True)
class Lock:
    function: str
    place: int  # which of the function's locks
    words: str  # the line that takes it

    def __str__(self) -> str:
        return f"{self.function}: {self.words}"


def locks_of(owner: psycopg.Connection, functions: Iterable[str] = FUNCTIONS) -> list[Lock]:
    rows = owner.execute(
        "SELECT proname, pg_get_functiondef(oid) FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace AND proname = ANY (%s) ORDER BY 1",
        [list(functions)],
    )
    return [
        Lock(name, place, text[: found.end()].splitlines()[-1].strip())
        for name, text in rows.fetchall()
        for place, found in enumerate(_found_in(text))
    ]


def _found_in(text: str) -> list[re.Match[str]]:
    """Not what a comment or a message says of a lock."""
    quoted = {place for place, is_quoted in unquoted(text, 0) if is_quoted}
    return [found for found in LOCK.finditer(text) if found.end() - 1 not in quoted]


@contextmanager
def without_lock(owner: psycopg.Connection, lock: Lock) -> Iterator[None]:
    [(text,)] = owner.execute(
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s", [lock.function]
    ).fetchall()
    found = _found_in(text)[lock.place]
    before = locks_of(owner, [lock.function])
    owner.execute(text[: found.start()] + text[found.end() :])
    try:
        assert len(locks_of(owner, [lock.function])) == len(before) - 1
        yield
    finally:
        owner.execute(text)
        assert locks_of(owner, [lock.function]) == before


@contextmanager
def without_locks_of(owner: psycopg.Connection, function: str) -> Iterator[None]:
    """All of them: the last first, so that the places of the others stay what they are."""
    with ExitStack() as stack:
        for lock in reversed(locks_of(owner, [function])):
            stack.enter_context(without_lock(owner, lock))
        yield
