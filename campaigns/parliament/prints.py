"""Prints of a bill and marshalled lists, as Parliament's publications name them."""

from collections.abc import Iterable

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
        _, is_new = BillPrint.objects.update_or_create(
            parliament_id=each.parliament_id,
            defaults={
                "bill": bill,
                "number": each.title[:160],
                "house": each.house,
                "published_on": each.published_on,
                "url": each.url,
            },
        )
        if is_new and not quiet:
            teller.tell(ChangeKind.NEW_PRINT, "", each.title, is_ours=True)


def write_lists(stage: Stage, said: Iterable[PublicationSaid]) -> None:
    """The print that a list cites is not told: a person sets it."""
    for each in said:
        if LIST not in f"{each.kind} {each.title}".casefold():
            continue
        MarshalledList.objects.update_or_create(
            parliament_id=each.parliament_id,
            defaults={
                "stage": stage,
                "name": each.title[:200],
                "date": each.published_on,
                "url": each.url,
            },
        )
