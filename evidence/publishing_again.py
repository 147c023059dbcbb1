"""What is published, rendered anew: after Parliament changed it, or a newer program says more."""

from collections.abc import Iterable, Iterator

from django.db import transaction

from evidence.models import Reviewed
from publishing import publication
from publishing.documents import model_of
from publishing.models import Kind, PublishedItem


def publish_again(records: Iterable[Reviewed]) -> None:
    """Those that are on the website and approved as they read now.

    One that is being edited waits for its approval, or the edit would leave unread.
    """
    by_id = {record.pk: record for record in records}
    live = PublishedItem.objects.filter(pk__in=by_id).values_list("pk", flat=True)
    for item_id in sorted(live):
        record = type(by_id[item_id])._default_manager.get(pk=item_id)
        if record.is_approved:
            publication.publish(record)


def publish_everything_again() -> int:
    """Each in a transaction of its own; how many documents are not the same as before.

    Testimony is left: its document is that of its use, and says nothing of other records.
    """
    before = _last_change()
    for record in _published():
        with transaction.atomic():
            publish_again([record])
    return PublishedItem.objects.filter(seq__gt=before).count()


def _published() -> Iterator[Reviewed]:
    for kind in Kind:
        if model := model_of(kind):
            live = PublishedItem.objects.filter(kind=kind).values_list("pk", flat=True)
            records = model._default_manager.filter(pk__in=list(live)).order_by("pk")
            yield from (each for each in records if isinstance(each, Reviewed))


def _last_change() -> int:
    newest = PublishedItem.objects.order_by("-seq").values_list("seq", flat=True).first()
    return newest or 0
