"""`with refused_by(name):` the database refuses, by that rule and no other."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection, transaction


@contextmanager
def refused_by(rule: str) -> Iterator[None]:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():  # noqa: PT012 - it is
        yield  # the caller's block
        connection.check_constraints()  # what is deferred to the commit
    assert caught.value.__cause__.diag.constraint_name == rule


@contextmanager
def refused_by_grant() -> Iterator[None]:
    denial = r"permission denied|must be owner"
    with pytest.raises(ProgrammingError, match=denial), transaction.atomic():
        yield


def run(sql: str, *params: object) -> list[tuple]:
    """Raw SQL with the rights that the test has."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def run_as_owner(sql: str, *params: object) -> None:
    """What the app may not do: time and restores do it for real, and the owner's login."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(sql, params)
        cursor.execute(f"SET ROLE {settings.APP_LOGIN}")


def run_past_the_rules(table: str, sql: str, *params: object) -> None:
    """As time does, which asks no trigger: with those of one table switched off by its owner."""
    connection.check_constraints()
    run_as_owner(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    run_as_owner(sql, *params)
    connection.check_constraints()
    run_as_owner(f"ALTER TABLE {table} ENABLE TRIGGER USER")
