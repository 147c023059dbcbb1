"""Who holds the copy of a use: of a pack, told by the floor above, which enters itself here.

Of what was handed over by hand the use itself tells.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model, Prefetch, QuerySet

from evidence.desk_addresses import address
from evidence.models import TestimonyUse


@dataclass(frozen=True, slots=True)
class Holding:
    """Whom to ask for what, and the page of what they hold."""

    holder: str
    what: str
    url: str


@dataclass(frozen=True, slots=True)
class Teller:
    relation: str  # of the use, read at once for a whole list
    rows: QuerySet[Any]
    tell: Callable[[TestimonyUse], Holding | None]
    seen_by: str  # the permission of those who may know the holders


_tellers: list[Teller] = []


def tells_who_holds(
    relation: str,
    rows: QuerySet[Any],
    tell: Callable[[TestimonyUse], Holding | None],
    *,
    seen_by: str,
) -> None:
    _tellers.append(Teller(relation, rows, tell, seen_by))


def with_holders[Row: Model](rows: QuerySet[Row], *, through: str = "") -> QuerySet[Row]:
    """Uses, or rows that lead to one: `through="use__"`."""
    found = [Prefetch(f"{through}{teller.relation}", teller.rows) for teller in _tellers]
    return rows.prefetch_related(*found)


def holding_of(use: TestimonyUse) -> Holding | None:
    """None where nobody wrote down who holds it."""
    told = (teller.tell(use) for teller in _tellers)
    return next((holding for holding in told if holding), None) or _by_hand(use)


def may_know_holders(user: User) -> bool:
    return all(user.has_perm(teller.seen_by) for teller in _tellers)


def _by_hand(use: TestimonyUse) -> Holding | None:
    """After an erasure the outlet alone is known: the one to be asked all the same."""
    if not use.outlet:
        return None
    page = address("evidence.testimonyversion", "change", use.version_id)
    return Holding(use.holder or use.outlet, f"words for {use.outlet}", page)
