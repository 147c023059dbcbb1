"""What an act takes back, as a page shows it: who holds a copy only to those who may know."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest

from evidence.admin.base import person
from evidence.blast_radius import BlastRadius, blast_radius
from evidence.desk_addresses import address_of
from evidence.holders import holding_of, may_know_holders, with_holders
from evidence.models import TestimonyUse


@dataclass(frozen=True, slots=True)
class Copies:
    """Copies of one publication; `held` is empty for those who may not know the holders."""

    publication: str
    count: int
    held: tuple[tuple[str, str, str], ...]  # the holder, what they hold, its page


@dataclass(frozen=True, slots=True)
class ShownRadius:
    radius: BlastRadius
    website: tuple[tuple[str, str], ...]
    copies: tuple[Copies, ...]


def shown_radius(uses: QuerySet[TestimonyUse], request: HttpRequest) -> ShownRadius:
    told = may_know_holders(person(request))
    radius = blast_radius(with_holders(uses) if told else uses)
    return ShownRadius(
        radius,
        tuple((str(use.testimony), address_of(use.testimony)) for use in radius.website),
        tuple(
            Copies(each.words, len(each.copies), _held(each.copies) if told else ())
            for each in radius.copies
        ),
    )


def _held(copies: tuple[TestimonyUse, ...]) -> tuple[tuple[str, str, str], ...]:
    found = (holding_of(use) for use in copies)
    return tuple(sorted((each.holder, each.what, each.url) for each in found if each))
