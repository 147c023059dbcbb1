"""The worker's sign of life, from which /readyz tells whether it is there."""

from datetime import timedelta

from django.db import connections

# clock_timestamp(): now() would stand still within a transaction.
_BEAT = """
    INSERT INTO publishing_heartbeat (id, at) VALUES (1, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET at = excluded.at
"""
_AGE = "SELECT clock_timestamp() - at FROM publishing_heartbeat WHERE id = 1"


def beat(using: str = "default") -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(_BEAT)


def age(using: str = "default") -> timedelta | None:
    """Time since the last beat, by the database's clock; None where no worker ever ran."""
    with connections[using].cursor() as cursor:
        cursor.execute(_AGE)
        row: tuple[timedelta] | None = cursor.fetchone()
    return row[0] if row else None
