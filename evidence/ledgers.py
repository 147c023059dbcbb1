"""The ledgers of withdrawals and erasures, kept outside the database as well, beside the keys.

A backup knows nothing of what was withdrawn after it. The file does: what it knows and the
database does not is what a restore has brought back.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from evidence.models import ErasureLedger, WithdrawalLedger
from evidence.vault import ledger_file

WITHDRAWAL, ERASURE = "withdrawal", "erasure"
ERASED = "erased"

type Entry = dict[str, Any]


def export_pending() -> int:
    """Write to the file what it lacks of the database's ledgers; how many entries that was."""
    withdrawals = _lacking(WithdrawalLedger.objects.all())
    erasures = _lacking(ErasureLedger.objects.all())
    entries = [*map(_of_withdrawal, withdrawals), *map(_of_erasure, erasures)]
    if entries:
        ledger_file.append(sorted(entries, key=happened))
    return len(entries)


def export_after_commit() -> None:
    """Robust: an act that is committed stands, and the worker exports what this could not."""
    transaction.on_commit(export_pending, robust=True)


def behind() -> list[Entry]:
    """What the file knows and the database does not, in the order in which it happened.

    An erasure is known by whom it erased: somebody may have been erased anew after a restore.
    """
    entries = ledger_file.read()  # first: what is in it was committed before
    withdrawals = set(_ids(WithdrawalLedger.objects.all()))
    erased = {str(each) for each in ErasureLedger.objects.values_list("contributor", flat=True)}
    unknown = (
        entry
        for entry in entries
        if (entry["subject"] not in erased if is_erasure(entry) else entry["id"] not in withdrawals)
    )
    return sorted(unknown, key=happened)


def why_not_to_serve() -> str:
    """One sentence where the database was restored and not told since; else nothing."""
    missing = len(behind())
    if not missing:
        return ""
    acts = "an act" if missing == 1 else f"{missing} acts"
    return (
        f"The database was restored from a backup and does not know {acts} of withdrawal or "
        "erasure since: run manage.py replay_ledgers first."
    )


def is_erasure(entry: Entry) -> bool:
    return bool(entry["ledger"] == ERASURE)


def happened(entry: Entry) -> tuple[datetime, str]:
    return datetime.fromisoformat(entry["at"]), entry["id"]


def _lacking[Row: Model](rows: QuerySet[Row]) -> list[Row]:
    return list(rows.filter(pk__in=ledger_file.missing(_ids(rows))))


def _ids(rows: QuerySet[Any]) -> Iterable[str]:
    return map(str, rows.order_by("at", "pk").values_list("pk", flat=True))


def _of_withdrawal(row: WithdrawalLedger) -> Entry:
    told = {"ledger": WITHDRAWAL, "act": row.act, "subject": str(row.subject), "codes": row.codes}
    return {"id": str(row.pk), **told, "at": row.at.astimezone(UTC).isoformat()}


def _of_erasure(row: ErasureLedger) -> Entry:
    told = {"ledger": ERASURE, "act": ERASED, "subject": str(row.contributor), "codes": {}}
    return {"id": str(row.pk), **told, "at": row.at.astimezone(UTC).isoformat()}
