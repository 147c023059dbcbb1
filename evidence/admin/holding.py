"""Who holds the copy that is called back, told by the floor above, which enters itself here."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from evidence.models import RecallTask


@dataclass(frozen=True, slots=True)
class Holding:
    """Whom to ask for what, and the page of what they hold."""

    holder: str
    what: str
    url: str


_tellers: list[tuple["Prefetch[str]", Callable[[RecallTask], Holding | None]]] = []


def tells_who_holds(
    read_with: "Prefetch[str]", tell: Callable[[RecallTask], Holding | None]
) -> None:
    """`read_with` reads what `tell` looks at for a whole list at once."""
    _tellers.append((read_with, tell))


def with_holders(tasks: QuerySet[RecallTask]) -> QuerySet[RecallTask]:
    return tasks.prefetch_related(*(read_with for read_with, _ in _tellers))


def holding_of(task: RecallTask) -> Holding | None:
    """None where nobody wrote down who holds it."""
    told = (tell(task) for _, tell in _tellers)
    return next((holding for holding in told if holding), None)
