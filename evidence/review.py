"""The one door for review: draft, in review, approved or sent back, retired.

Nothing else assigns `review_state`; the database refuses what goes past these functions.
"""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from evidence.correcting import record_correction
from evidence.models import PERMITTED_MOVES, Reviewed, ReviewState, Statistic
from evidence.refusing import Refused
from publishing import publication

__all__ = ["Refused", "approve", "edit", "possible_moves", "retire", "send_back", "submit"]


def possible_moves(record: Reviewed, *, by: User) -> frozenset[str]:
    """The states that this person could move the record to now."""
    moves = PERMITTED_MOVES[record.review_state]
    if record.last_edited_by_id == by.pk:
        moves = moves - {ReviewState.APPROVED}
    return moves


@transaction.atomic
def edit(record: Reviewed, *, by: User) -> None:
    """Make the record this person's draft, before its fields or lines are changed.

    What the website shows stays as it was approved until the new wording is approved or retired.
    """
    if record._state.adding:
        record.last_edited_by = by
        return
    _lock(record)
    record.last_edited_by = by
    record.approved_by = None
    record.approved_at = None
    _save(record, ReviewState.DRAFT)


@transaction.atomic
def submit(record: Reviewed, *, by: User) -> None:
    """Ask a colleague to look at it."""
    _lock(record)
    _refuse_unless_possible(record, ReviewState.IN_REVIEW, by=by)
    record.review_note = ""
    _save(record, ReviewState.IN_REVIEW)


@transaction.atomic
def approve(record: Reviewed, *, by: User) -> None:
    """Approve what a colleague edited, and publish it in the same transaction.

    What is approved is what the record in hand says: if it has changed since, that is refused.
    """
    current = _lock(record)
    if current.updated_at != record.updated_at:
        raise Refused("It has changed since you opened it: read it again first.")
    if record.last_edited_by_id == by.pk:
        raise Refused("You edited this last, so somebody else has to approve it.")
    _refuse_unless_possible(record, ReviewState.APPROVED, by=by)
    if missing := record.missing_for_approval():
        raise Refused(f"It cannot be approved yet: {'; '.join(missing)}.")
    if isinstance(record, Statistic):
        record_correction(record, by=by)
    record.approved_by = by
    record.approved_at = timezone.now()
    _save(record, ReviewState.APPROVED)
    publication.publish(record)


@transaction.atomic
def send_back(record: Reviewed, *, by: User, note: str) -> None:
    """Return it to its editor with what is missing."""
    if not note.strip():
        raise Refused("Say what is missing, so that the editor can mend it.")
    _lock(record)
    _refuse_unless_possible(record, ReviewState.SENT_BACK, by=by)
    record.review_note = note.strip()
    _save(record, ReviewState.SENT_BACK)


@transaction.atomic
def retire(record: Reviewed, *, by: User) -> None:
    """Take it out of use, and out of the feed."""
    _lock(record)
    _refuse_unless_possible(record, ReviewState.RETIRED, by=by)
    record.approved_by = None
    record.approved_at = None
    _save(record, ReviewState.RETIRED)
    publication.retire(record)


def _lock(record: Reviewed) -> Reviewed:
    """Take the row and its state of now: the one in memory may be minutes old."""
    current: Reviewed = type(record)._default_manager.select_for_update().get(pk=record.pk)
    for field in ("review_state", "last_edited_by_id", "approved_by_id", "approved_at"):
        setattr(record, field, getattr(current, field))
    return current


def _refuse_unless_possible(record: Reviewed, state: ReviewState, *, by: User) -> None:
    if state not in possible_moves(record, by=by):
        now = ReviewState(record.review_state).label.lower()
        raise Refused(f"It is {now}, so it cannot become {state.label.lower()}.")


def _save(record: Reviewed, state: ReviewState) -> None:
    record.review_state = state
    record.save(
        update_fields=[
            "review_state",
            "last_edited_by",
            "approved_by",
            "approved_at",
            "review_note",
            "updated_at",
        ]
    )
