"""What was let through at the gate: by whom, and why."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models.packs import Pack


class StopPassed(models.Model):
    """One soft stop of one pack, passed as it read then; the issued version prints it.

    Another wording of the stop is another stop: what is new is looked at anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="stops_passed")
    stop = models.CharField(max_length=40)
    sentence = models.TextField()
    of = models.CharField(max_length=64, blank=True, help_text="The state it was passed in.")
    reason = models.TextField()
    passed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    passed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["passed_at"]
        verbose_name_plural = "stops passed"
        constraints = [
            models.CheckConstraint(
                name="stop_passed_says_why",
                condition=~Q(reason=""),
                violation_error_message="Say why it may go out all the same.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sentence} Passed: {self.reason}"
