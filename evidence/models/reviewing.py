"""The state that every reviewed record carries; `evidence.review` alone moves it."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q

from evidence.prose_binding import unbound_numbers


class ReviewState(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    SENT_BACK = "sent_back", "Sent back"
    RETIRED = "retired", "Retired"


# A trigger holds the same table for whoever writes past `evidence.review`.
PERMITTED_MOVES: dict[str, frozenset[str]] = {
    ReviewState.DRAFT: frozenset({ReviewState.IN_REVIEW, ReviewState.RETIRED}),
    ReviewState.IN_REVIEW: frozenset(
        {ReviewState.APPROVED, ReviewState.SENT_BACK, ReviewState.DRAFT}
    ),
    ReviewState.SENT_BACK: frozenset({ReviewState.DRAFT, ReviewState.IN_REVIEW}),
    ReviewState.APPROVED: frozenset({ReviewState.DRAFT, ReviewState.RETIRED}),
    ReviewState.RETIRED: frozenset({ReviewState.DRAFT}),
}


class ReviewedQuerySet(models.QuerySet[Any]):
    def approved(self) -> "ReviewedQuerySet":
        return self.filter(review_state=ReviewState.APPROVED)


class Reviewed(models.Model):
    """A record that two people see before it leaves: one edits, another approves."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review_state = models.CharField(
        "state", max_length=10, choices=ReviewState, default=ReviewState.DRAFT, editable=False
    )
    last_edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    number_decisions = GenericRelation("evidence.NumberDecision")
    review_note = models.TextField(
        blank=True, editable=False, help_text="What the reviewer asked for when sending it back."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ReviewedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_approver_is_not_last_editor",
                condition=~Q(review_state=ReviewState.APPROVED)
                | (
                    Q(approved_by__isnull=False, approved_at__isnull=False)
                    & ~Q(approved_by=F("last_edited_by"))
                ),
                violation_error_message="Whoever edited this last cannot approve it: "
                "ask a colleague.",
            ),
            models.CheckConstraint(
                name="%(class)s_review_state_is_known",
                condition=Q(review_state__in=ReviewState.values),
            ),
        ]

    def missing_for_approval(self) -> list[str]:
        """What has to be done first, as ends of a sentence; empty where nothing has."""
        return [str(each) for each in unbound_numbers(self)]

    def prose(self) -> dict[str, str]:
        """The texts whose numbers have to rest on something, by how a sentence calls each."""
        return {}

    def bound_figures(self) -> list[Any]:
        """The statistics and claims that it links, on which those numbers may rest."""
        return []

    @property
    def is_approved(self) -> bool:
        return self.review_state == ReviewState.APPROVED
