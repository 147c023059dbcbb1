"""What rests on a record, told above its buttons by the floor above, which enters itself here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse

_kinds: dict[type[Model], str] = {}
_tellers: dict[type[Model], Callable[[Any], str]] = {}


@dataclass(frozen=True, slots=True)
class Resting:
    """How much rests on it, in one sentence, and the page that tells each."""

    sentence: str
    url: str


def tells_what_rests(kinds: dict[str, type[Model]], tell: Callable[[Any], str]) -> None:
    for kind, model in kinds.items():
        _kinds[model], _tellers[model] = kind, tell


def resting_on(record: Model) -> Resting | None:
    """None for a record of a kind that nothing can rest on."""
    model = type(record)
    if model not in _kinds:
        return None
    url = reverse("admin:where_used", args=[_kinds[model], record.pk])
    return Resting(_tellers[model](record), url)
