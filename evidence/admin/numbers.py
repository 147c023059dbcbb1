"""Numbers in a record's prose that rest on nothing: listed above its buttons, each with a form."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from evidence import deciding
from evidence.desk_words import kind_of
from evidence.models import Claim, Reviewed, Statistic
from evidence.prose_binding import Unbound, unbound_numbers
from evidence.refusing import Refused


@dataclass(frozen=True, slots=True)
class Open:
    """The numbers that wait for a decision, and what each may be bound to."""

    numbers: list[Unbound]
    choices: list[tuple[UUID, str]]


def open_numbers(record: Reviewed) -> Open | None:
    numbers = unbound_numbers(record)
    if not numbers:
        return None
    return Open(numbers, [(each.pk, _named(each)) for each in record.bound_figures()])


def decide(record: Reviewed, sent: Any, *, by: User) -> str:
    """Do what the form says, and tell it in one sentence."""
    number, chosen = sent.get("number", ""), sent.get("figure", "")
    if not chosen:
        deciding.waive(record, number, reason=sent.get("note", ""), by=by)
        return f"“{number}” is waived."
    to = next((each for each in _linked(record) if str(each.pk) == chosen), None)
    if to is None:
        raise Refused("That figure is not linked here any more.")
    deciding.bind(record, number, to=to, by=by)
    return f"“{number}” is bound to {_named(to)}."


def _linked(record: Reviewed) -> Iterable[Statistic | Claim]:
    return record.bound_figures()


def _named(linked: Statistic | Claim) -> str:
    return f"{kind_of(linked).capitalize()}: {linked}"
