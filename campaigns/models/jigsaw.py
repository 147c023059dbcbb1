"""What a reviewer decided about the pieces that a pack puts side by side."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models.packs import Pack


class JigsawDecision(models.TextChoices):
    ACCEPTABLE = "acceptable", "They do not tell who it is"
    NOT_ACCEPTABLE = "not_acceptable", "They could tell who it is: change the pack"


class JigsawReview(models.Model):
    """One decision on exactly these findings; other findings need another. Never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="jigsaw_reviews")
    findings = models.JSONField(help_text="Kinds and ids of what was found, never words.")
    fingerprint = models.CharField(max_length=64)
    decision = models.CharField(max_length=16, choices=JigsawDecision)
    reason = models.TextField(help_text="Why, in none of the accounts' words.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-decided_at"]
        constraints = [
            models.CheckConstraint(
                name="jigsaw_review_is_decided",
                condition=Q(decision__in=JigsawDecision.values) & ~Q(reason=""),
                violation_error_message="Decide, and say why.",
            ),
            models.CheckConstraint(
                name="jigsaw_review_of_hashed_findings",
                condition=Q(fingerprint__regex=r"^[0-9a-f]{64}$"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack}: {self.get_decision_display().lower()}"
