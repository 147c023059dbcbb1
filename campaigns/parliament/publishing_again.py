"""The website follows Parliament: what it shows of an amendment or bill is rendered anew."""

from collections.abc import Iterable

from campaigns.models import Amendment, Bill
from evidence.models import ReviewState
from publishing import publication
from publishing.models import PublishedItem


def publish_again(records: Iterable[Amendment | Bill]) -> None:
    """Those that are on the website and approved as they read now.

    One that is being edited waits for its approval, or the edit would leave unread.
    """
    by_id = {record.pk: record for record in records}
    live = PublishedItem.objects.filter(pk__in=by_id).values_list("pk", flat=True)
    for item_id in sorted(live):
        record = type(by_id[item_id])._default_manager.get(pk=item_id)
        if record.review_state == ReviewState.APPROVED:
            publication.publish(record)
