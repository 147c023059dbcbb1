"""Reads a stage's amendments: its list page by page, and each amendment's own page as needed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

from django.db import transaction

from campaigns.models import AmendmentAsPublished, Bill, Stage
from campaigns.parliament import addresses
from campaigns.parliament.addresses import Remembered
from campaigns.parliament.asking import Asking, Journal
from campaigns.parliament.client import NotThere
from campaigns.parliament.payloads import AmendmentSaid, Page, page_of, read_amendment
from campaigns.parliament.writing import Marks, Writer

STALE = timedelta(days=1)  # after which even an amendment of no concern is read again
STALE_ONES = 40  # of them in one quick reading
ROUNDS = 3  # through a list that moves while it is read

read_page = page_of(read_amendment)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list; where Parliament says that it is the same as before, only its ids."""

    ids: Sequence[int]
    items: dict[int, AmendmentSaid]
    total: int


class StageReader:
    """Of one stage, within one run."""

    def __init__(
        self, bill: Bill, stage: Stage, asking: Asking, journal: Journal, writer: Writer
    ) -> None:
        self.bill, self.stage = bill, stage
        self.asking, self.journal, self.writer = asking, journal, writer
        self._stale_left = STALE_ONES
        if stage.parliament_id is None or bill.parliament_id is None:
            raise ValueError("A stage that Parliament does not list cannot be read.")
        self._ids = (bill.parliament_id, stage.parliament_id)

    def read(self, *, skip: int = 0) -> bool:
        """Whether the whole list arrived. It may move meanwhile, so what is short is read again."""
        for _ in range(ROUNDS):
            total = self._read_list(skip)
            if total is None:
                return False
            if self._rows().filter(last_seen_at__gte=self.journal.since).count() >= total:
                break
            skip = 0
        return True

    def read_again(self, rows: Iterable[AmendmentAsPublished]) -> None:
        """Those whose own page could not be read before."""
        for row in rows:
            said = AmendmentSaid.bare(row.parliament_id or 0)
            self._write([said.parliament_id], {}, {said.parliament_id: row})

    def _rows(self) -> Any:
        return AmendmentAsPublished.objects.filter(stage=self.stage, parliament_id__isnull=False)

    def _read_list(self, skip: int) -> int | None:
        while True:
            listed = self._page(skip)
            if listed is None:
                return None
            skip += len(listed.ids)
            if not listed.ids or skip >= listed.total:
                return listed.total

    def _page(self, skip: int) -> Listed | None:
        url = self.asking.url(
            addresses.amendments(*self._ids), {"Skip": skip, "Take": addresses.PAGE}
        )
        kept = Remembered([url])
        what = f"Amendments {skip + 1} and after of {self.stage}"
        try:
            answer = self.asking.ask(url, read_page, what, kept.validators(url))
        except NotThere:
            return Listed((), {}, 0)
        if answer is None:
            return None
        listed = _listed(answer.content, kept.listed(url))
        kept.remember(url, answer.validators, [listed.total, *listed.ids])
        self._write(listed.ids, listed.items, self._held(listed.ids), kept, skip=skip)
        return listed

    def _held(self, ids: Sequence[int]) -> dict[int, AmendmentAsPublished]:
        rows = AmendmentAsPublished.objects.filter(parliament_id__in=ids)
        read = rows.only("parliament_id", "amendment_id", "item_sha256", "detail_read_at")
        return {row.parliament_id: row for row in read if row.parliament_id}

    def _write(
        self,
        ids: Sequence[int],
        items: dict[int, AmendmentSaid],
        held: dict[int, AmendmentAsPublished],
        page: Remembered | None = None,
        *,
        skip: int | None = None,
    ) -> None:
        wanted = [pid for pid in ids if self._needs(pid, items.get(pid), held.get(pid))]
        urls = {pid: self.asking.url(addresses.amendment(*self._ids, pid)) for pid in wanted}
        kept = Remembered(urls.values())
        marks = Marks({pid: item.sha256 for pid, item in items.items()})
        said = []
        for pid in ids:
            item, row = items.get(pid), held.get(pid)
            is_news = _is_news(item, row)
            detail = None
            if pid in urls:
                known = None if is_news else row
                detail = self._own_page(pid, urls[pid], known, kept, marks)
            heard = item if item and is_news else AmendmentSaid.bare(pid)
            said.append(merged(heard, detail) if detail else heard)
        with transaction.atomic():
            self.journal.changed += self.writer.write(self.stage, said, marks)
            for each in (page, kept):
                if each:
                    each.keep()
            if skip is not None:
                self.journal.reached(self.stage, skip + len(ids))
            self.journal.save(self.asking)

    def _needs(
        self, pid: int, item: AmendmentSaid | None, row: AmendmentAsPublished | None
    ) -> bool:
        """Whether its own page is asked for: the list does not tell of a wording that changed."""
        if row is None or row.detail_read_at is None:
            return True
        if _is_news(item, row):
            return True
        if self.journal.is_thorough or row.amendment_id in self.writer.ours:
            return row.detail_read_at < self.journal.since
        is_stale = row.detail_read_at < self.journal.since - STALE
        self._stale_left -= is_stale
        return is_stale and self._stale_left >= 0

    def _own_page(
        self,
        pid: int,
        url: str,
        known: AmendmentAsPublished | None,
        kept: Remembered,
        marks: Marks,
    ) -> AmendmentSaid | None:
        """None where it says nothing, or of what is `known` already the same as before."""
        held = kept.validators(url) if known and known.detail_read_at else None
        try:
            answer = self.asking.ask(url, read_amendment, self._name(pid), held)
        except NotThere:  # listed, and without a page of its own
            marks.read.add(pid)
            return None
        if answer is None:
            marks.unread.add(pid)
            return None
        marks.read.add(pid)
        kept.remember(url, answer.validators)
        return replace(answer.content, parliament_id=pid) if answer.content else None

    def look_for_the_missing(self) -> bool:
        """What was not listed is asked for by itself: a list may leave out what is still there.

        Whether each was answered for.
        """
        unseen = self._rows().filter(last_seen_at__lt=self.journal.since, vanished_at=None)
        answers = [self._look_for(row) for row in unseen.select_related("amendment", "stage")]
        return all(answers)

    def _look_for(self, row: AmendmentAsPublished) -> bool:
        pid = row.parliament_id or 0
        url = self.asking.url(addresses.amendment(*self._ids, pid))
        try:
            answer = self.asking.ask(url, read_amendment, self._name(pid))
        except NotThere:
            with transaction.atomic():
                self.writer.vanish(row)
                self.journal.changed += 1
                self.journal.save(self.asking)
            return True
        if answer is None or answer.content is None:
            return False
        with transaction.atomic():
            said = replace(answer.content, parliament_id=pid)
            self.journal.changed += self.writer.write(self.stage, [said], Marks())
            self.journal.save(self.asking)
        return True

    def _name(self, pid: int) -> str:
        return f"Amendment {pid} of {self.stage}"


def _is_news(item: AmendmentSaid | None, row: AmendmentAsPublished | None) -> bool:
    """Whether the list says what it did not say before: it is heard only then.

    Where it differs for good from the amendment's own page, it would else take back what the page
    has said whenever that is not asked for, is the same as before, or leaves something out.
    """
    return item is not None and (row is None or item.sha256 != row.item_sha256)


def merged(item: AmendmentSaid, detail: AmendmentSaid) -> AmendmentSaid:
    """Its own page is newer than its list, and says more; what it leaves out the list may say."""
    told = {
        each.name: value
        for each in fields(detail)
        if (value := getattr(detail, each.name)) is not None
    }
    return replace(item, **told)


def _listed(page: Page[AmendmentSaid] | None, before: Sequence[int]) -> Listed:
    if page is None:
        total, *ids = before or [0]
        return Listed(ids, {}, total)
    items = {each.parliament_id: each for each in page.items}
    return Listed(list(items), items, page.total)
