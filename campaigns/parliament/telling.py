"""Raises changes: each once, in the transaction that writes what changed."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from campaigns.models import (
    Amendment,
    ChangeKind,
    Member,
    Stage,
    SyncChange,
    SyncRun,
)
from campaigns.parliament.differences import Difference
from campaigns.parliament.watching import ours


class Teller:
    """Collects the changes of a run; `write` puts them down, within the caller's transaction."""

    def __init__(self, run: SyncRun) -> None:
        self.run = run
        self._waiting: list[SyncChange] = []
        words = run.bill.sync_changes.filter(kind=ChangeKind.UNKNOWN_WORD)
        self._words = set(words.values_list("after", flat=True))

    def tell(
        self,
        kind: ChangeKind,
        before: str = "",
        after: str = "",
        *,
        stage: Stage | None = None,
        amendment: Amendment | None = None,
        member: Member | None = None,
        is_ours: bool = False,
    ) -> None:
        change = SyncChange(
            run=self.run,
            bill_id=self.run.bill_id,
            stage=stage,
            amendment=amendment,
            member=member,
            kind=kind,
            before=before[:200],
            after=after[:200],
            is_ours=is_ours,
            raised_at=timezone.now(),
        )
        self._waiting.append(change)

    def tell_of_word(
        self, word: str, *, stage: Stage | None = None, amendment: Amendment | None = None
    ) -> None:
        """Once for a bill, however many amendments the word stands at."""
        word = word[:200]
        if word not in self._words:
            self._words.add(word)
            self.tell(
                ChangeKind.UNKNOWN_WORD, "", word, stage=stage, amendment=amendment, is_ours=True
            )

    def write(self) -> int:
        told = len(SyncChange.objects.bulk_create(self._waiting))
        self._waiting.clear()
        return told


def tell_what_a_person_brought(
    stage: Stage, told: Iterable[tuple[UUID, Difference]]
) -> list[SyncChange]:
    """Changes that no reading found: a list or groupings that somebody brought in."""
    concerning = ours(stage.bill)
    now = timezone.now()
    return SyncChange.objects.bulk_create(
        SyncChange(
            bill=stage.bill,
            stage=stage,
            amendment_id=amendment_id,
            kind=each.kind,
            before=each.before[:200],
            after=each.after[:200],
            is_ours=amendment_id in concerning or each.kind == ChangeKind.NEW_ON_WATCHED_CLAUSE,
            raised_at=now,
        )
        for amendment_id, each in told
    )
