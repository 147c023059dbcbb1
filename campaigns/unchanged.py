"""What is worked out of whole tables, kept for as long as none of their rows changes."""

from collections.abc import Callable, Iterable
from typing import cast

from django.db import connection, transaction
from django.db.models import Model

# A row names in `xmin` the transaction that wrote it. What one has written comes into sight at
# once and goes only when another writes it anew or removes it, so tables whose rows have the same
# writers hold the same rows. Their hashes are summed, since rows have no order; the age is the way
# from xid to integer, and is counted from a fixed one, since it grows. Another database counts its
# own transactions, and so does this one when it was put back to what it was: hence which, and
# since when the server runs.
WRITERS = (
    "coalesce((SELECT sum(hashint8extended(age(xmin)::bigint - age('3'::xid), 0)) FROM {}), 0)"
)
ASKED = """
SELECT current_setting('transaction_isolation') = 'repeatable read'
    AND pg_current_xact_id_if_assigned() IS NULL,
    concat_ws(' ', pg_postmaster_start_time(), oid, {writers})
FROM pg_database WHERE datname = current_database()
"""


class WhileUnchanged[Worked]:
    """Works something out, and gives the same again until a row of the tables was written.

    Nothing has to tell it of a change: it asks the database, in one query that costs a fraction of
    reading the rows. Each process keeps its own. Whoever gets it shares it with other threads, and
    changes nothing in it. What depends on the day, or on more than these tables, is not for it.
    """

    def __init__(self, work_out: Callable[[], Worked], tables: Iterable[type[Model]]) -> None:
        self.work_out = work_out
        self.tables = [model._meta.db_table for model in tables]
        self._kept: tuple[str, Worked] | None = None

    def __call__(self) -> Worked:
        """In a transaction that may write, or sees what others write meanwhile, nothing is kept."""
        if connection.in_atomic_block:
            return self._as_of_now()
        with transaction.atomic(), connection.cursor() as cursor:
            # One snapshot for the question and the rows: a row that comes and goes between two
            # would be kept under writers that are not its own.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            return self._as_of_now()

    def _as_of_now(self) -> Worked:
        may_be_kept, writers = self._ask()
        if not may_be_kept:
            return self.work_out()
        kept = self._kept
        if kept is None or kept[0] != writers:
            self._kept = kept = (writers, self.work_out())
        return kept[1]

    def _ask(self) -> tuple[bool, str]:
        tables = map(connection.ops.quote_name, self.tables)
        with connection.cursor() as cursor:
            cursor.execute(ASKED.format(writers=", ".join(map(WRITERS.format, tables))))
            return cast("tuple[bool, str]", cursor.fetchone())
