"""Which amendments concern us, and on which clauses a new one is told at once."""

import re
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Q

from campaigns.models import Amendment, AmendmentAsPublished, Bill, WatchedClause
from campaigns.parliament.ranges import spanned
from evidence.refusing import Refused

N = r"[A-Z]{0,2}\d{1,4}[A-Z]{0,3}\b"
JOINED = r"(?:\s*,\s*(?:and\b\s*)?|\s*[;&–—-]\s*|\s+(?:and|to)\s+)"
WATCHED = re.compile(
    r"\b(?:new\s+(?:clause|schedule)s?\s+(?=after\b|before\b))?(?:(?:after|before)\s+)?"
    r"(?<!new\s)(?P<kind>clauses?|cls?|schedules?|scheds?|schs?)\.?\s*"
    rf"(?P<list>{N}(?:{JOINED}{N})*)",
    re.IGNORECASE,
)
NEW_BESIDE = re.compile(rf"\bnew\s+(clause|schedule)s?\s+(?:after|before)\s+(?={N})", re.IGNORECASE)
RANGE = re.compile(r"(\w+)\s*(?:\bto\b|[–—-])\s*(\w+)", re.IGNORECASE)
AT_ITS_ENDS = re.compile(r"^(?:[\s,;&]|and\b)+|(?:[\s,;&.]|\band)+$", re.IGNORECASE)
HOW = "Write it as in: Clause 142, or: Clauses 142 to 145 and Schedule 3."

type Place = tuple[str, str]  # as in: clause, 142a


def ours(bill: Bill) -> set[UUID]:
    """What an ask, a pack or a draft of ours names, and what we say was tabled again."""
    named = Q(ask_links__isnull=False) | Q(pack_items__isnull=False)
    named |= Q(our_draft__isnull=False) | Q(re_tabled_from__isnull=False)
    of_bill = Amendment.objects.filter(Q(stage__bill=bill) | Q(as_published__stage__bill=bill))
    return set(of_bill.filter(named).order_by().values_list("pk", flat=True))


def read_watched(typed: str) -> tuple[Place, ...]:
    """Every clause and schedule of what somebody wants to watch, or what of it cannot be read."""
    for rest in _unread(typed):
        if re.fullmatch(rf"{N}(?:{JOINED}{N})*", rest, re.IGNORECASE):
            raise Refused(f"“{rest}” may be a clause or a schedule. {HOW}")
        raise Refused(f"“{rest}” is no clause or schedule with its number. {HOW}")
    return tuple(_places(typed, strictly=True))


def watched_by(clauses: Iterable[WatchedClause], row: AmendmentAsPublished) -> str:
    """The watched clause that the amendment changes or stands beside, as typed; else nothing."""
    printed = "\n".join(
        (row.location, row.position, row.text.partition("\n")[0], row.summary.partition("\n")[0])
    )
    for each in clauses:
        if any(_touches(place, row, printed) for place in _places(each.clause)):
            return each.clause
    return ""


def _touches(place: Place, row: AmendmentAsPublished, printed: str) -> bool:
    kind, number = place
    told = row.clause if kind == "clause" else row.schedule
    if told.casefold() == number:
        return True
    return bool(re.search(rf"\b{kind}s?\s+{re.escape(number)}\b", printed, re.IGNORECASE))


def _unread(typed: str) -> list[str]:
    """What is neither a clause or schedule nor stands between two of them."""
    rest = WATCHED.sub("\n", _in_full(typed))
    parts = (AT_ITS_ENDS.sub("", part) for part in rest.splitlines())
    return [part for part in parts if part] or ([typed] if rest == typed else [])


def _in_full(typed: str) -> str:
    """A new clause after 142 stands after Clause 142."""
    return NEW_BESIDE.sub(r"\1 ", typed)


def _places(typed: str, *, strictly: bool = False) -> Iterator[Place]:
    """What was typed before it had to be read whole is still watched as far as it can be."""
    for found in WATCHED.finditer(_in_full(typed)):
        kind = "clause" if found["kind"].casefold().startswith("c") else "schedule"
        for part in re.split(r"[,;&]|\band\b", found["list"], flags=re.IGNORECASE):
            for number in _numbers(part.strip(), strictly=strictly):
                yield kind, number.casefold()


def _numbers(part: str, *, strictly: bool) -> list[str]:
    span = RANGE.fullmatch(part)
    if span is None:
        return [part] if part else []
    numbers = spanned(span[1].upper(), span[2].upper())
    if strictly and not numbers:
        raise Refused(f"“{part}” is no range that can be read. {HOW}")
    return numbers or [span[1], span[2]]
