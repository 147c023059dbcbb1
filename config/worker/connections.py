"""Leaving database connections that have broken or grown old."""

from django.db import connections


def leave_broken() -> None:
    """Django's close_old_connections(), which would also close one that is inside a transaction."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
