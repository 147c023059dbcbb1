"""Prints of a bill and marshalled lists, as Parliament's publications name them.

What somebody typed before Parliament's publications were read is the same print or list, where it
bears the same name: it becomes Parliament's own, so that what cites it goes on doing so.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from campaigns.models import Bill, BillPrint, ChangeKind, MarshalledList, Stage
from campaigns.parliament.payloads import PublicationSaid
from campaigns.parliament.telling import Teller

PRINT = "bill"
LIST = "marshalled list"


def write_prints(
    bill: Bill, said: Iterable[PublicationSaid], teller: Teller, *, quiet: bool
) -> None:
    """A new one is told, unless the bill itself is new here: its pages and lines are others."""
    for each in said:
        if each.kind.casefold() != PRINT:
            continue
        typed = bill.prints.filter(parliament_id=None, number__iexact=each.title)
        is_new = _takes_over(typed, each)
        held, _ = BillPrint.objects.update_or_create(
            parliament_id=each.parliament_id,
            defaults={
                "bill": bill,
                "number": each.title[:160],
                "house": each.house,
                "published_on": each.published_on,
                "url": each.url,
            },
        )
        MarshalledList.objects.filter(print__in=typed).update(print=held)
        typed.delete()
        if is_new and not quiet:
            teller.tell(ChangeKind.NEW_PRINT, "", each.title, is_ours=True)


def write_lists(stage: Stage, said: Iterable[PublicationSaid]) -> None:
    """The print that a list cites is not told: a person sets it."""
    for each in said:
        if LIST not in f"{each.kind} {each.title}".casefold():
            continue
        its_day = Q(date=each.published_on) | Q(date=None)
        lists = stage.marshalled_lists.filter(its_day, parliament_id=None)
        _takes_over(lists.filter(name__iexact=each.title), each)
        MarshalledList.objects.update_or_create(
            parliament_id=each.parliament_id,
            defaults={
                "stage": stage,
                "name": each.title[:200],
                "date": each.published_on,
                "url": each.url,
            },
        )


def _takes_over(typed: QuerySet[Any], said: PublicationSaid) -> bool:
    """Whether it is new here; if so the first of what was typed with its name becomes it."""
    if typed.model._default_manager.filter(parliament_id=said.parliament_id).exists():
        return False
    if own := typed.first():
        typed.filter(pk=own.pk).update(parliament_id=said.parliament_id)
    return True
