"""What people decided about figures: claims accepted as they are, numbers bound, corrections."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from evidence.models.claims import Claim
from evidence.models.figures import Statistic
from evidence.models.reviewing import ReviewState


class ClaimAcceptance(models.Model):
    """A curator's reason to let an inconsistent claim stand; it falls when an input changes.

    `fingerprint` is of all that the verdict rests on, so nothing has to be done for it to fall.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="acceptances")
    reason = models.TextField(help_text="Why it may stand although the arithmetic does not hold.")
    fingerprint = models.CharField(max_length=64, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    accepted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-accepted_at"]
        constraints = [
            models.CheckConstraint(
                name="claim_acceptance_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Say why the claim may stand.",
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:80]


class NumberDecision(models.Model):
    """What a number in somebody's prose rests on, or why it rests on nothing."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.UUIDField()
    record = GenericForeignKey()
    number = models.CharField(max_length=80, help_text="As it stands in the text, as in 1 in 4.")
    statistic = models.ForeignKey(
        Statistic, on_delete=models.PROTECT, related_name="numbers", null=True, blank=True
    )
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="numbers", null=True, blank=True
    )
    waiver = models.TextField(
        blank=True, help_text="Why it needs no figure, as in: the number of asks, not a statistic."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "number"], name="number_decided_once"
            ),
            models.CheckConstraint(
                name="number_is_bound_or_waived",
                condition=Q(statistic__isnull=False, claim__isnull=True, waiver="")
                | Q(statistic__isnull=True, claim__isnull=False, waiver="")
                | (Q(statistic__isnull=True, claim__isnull=True) & ~Q(waiver="")),
                violation_error_message="Bind the number to one figure or claim, or say why it "
                "needs none.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def holds(self) -> bool:
        """A binding falls when what the number rests on is taken out of use."""
        bound = self.statistic or self.claim
        return bound is None or bound.review_state != ReviewState.RETIRED


class Correction(models.Model):
    """A figure that was published and is now another: numbered, dated, never changed again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True, editable=False)
    statistic = models.ForeignKey(Statistic, on_delete=models.PROTECT, related_name="corrections")
    was = models.CharField(max_length=300, help_text="What was published.")
    now = models.CharField(max_length=300, help_text="What it is.")
    explanation = models.TextField(help_text="What was wrong, for those who used the old figure.")
    corrected_on = models.DateField()
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="correction_is_explained",
                condition=~Q(explanation=""),
                violation_error_message="Say what was wrong.",
            ),
            models.CheckConstraint(
                name="correction_changes_something", condition=~Q(was=models.F("now"))
            ),
        ]

    def __str__(self) -> str:
        return f"Correction {self.number}: {self.was} is {self.now}"
