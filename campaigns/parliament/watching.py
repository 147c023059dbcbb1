"""Which amendments concern us, and on which clauses a new one is told at once."""

import re
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from campaigns.models import Amendment, AmendmentAsPublished, Bill, WatchedClause

WATCHED = re.compile(r"(clause|schedule)\s+(\w+)", re.IGNORECASE)


def ours(bill: Bill) -> set[UUID]:
    """What an ask, a pack or a draft of ours names, and what we say was tabled again."""
    named = Q(ask_links__isnull=False) | Q(pack_items__isnull=False)
    named |= Q(our_draft__isnull=False) | Q(re_tabled_from__isnull=False)
    of_bill = Amendment.objects.filter(Q(stage__bill=bill) | Q(as_published__stage__bill=bill))
    return set(of_bill.filter(named).order_by().values_list("pk", flat=True))


def watched_by(clauses: Iterable[WatchedClause], row: AmendmentAsPublished) -> str:
    """The watched clause that the amendment changes or stands beside, as typed; else nothing."""
    printed = "\n".join(
        (row.location, row.position, row.text.partition("\n")[0], row.summary.partition("\n")[0])
    )
    return next((each.clause for each in clauses if _touches(each.clause, row, printed)), "")


def _touches(clause: str, row: AmendmentAsPublished, printed: str) -> bool:
    named = WATCHED.search(clause)
    if named is None:
        return False
    kind, number = named[1].casefold(), named[2]
    told = row.clause if kind == "clause" else row.schedule
    if told.casefold() == number.casefold():
        return True
    return bool(re.search(rf"\b{kind}s?\s+{re.escape(number)}\b", printed, re.IGNORECASE))
