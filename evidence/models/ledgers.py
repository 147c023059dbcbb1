"""What must survive a restored backup: that something was withdrawn, and that somebody was erased.

Ids, codes and times, never words. The database writes both ledgers; `evidence.ledgers` keeps a copy
of them outside it.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from evidence.models.testimony import Contributor, RetentionHold


class WithdrawalAct(models.TextChoices):
    CONSENT_MOVED = "consent_moved", "A consent changed its state"
    TESTIMONY_WITHDRAWN = "testimony_withdrawn", "A consent was withdrawn for one testimony"
    SCOPE_NARROWED = "scope_narrowed", "A consent was narrowed"
    VERSION_RECALLED = "version_recalled", "A version was recalled"
    ACCOUNT_FLAGGED = "account_flagged", "An account was flagged"
    RESTRICTION_NOTED = "restriction_noted", "A restriction was noted"
    PERSON_NOTED = "person_noted", "Somebody spoken about was noted"
    TAKEN_OFF = "taken_off", "An account was taken off the website"
    WAIVER_VOIDED = "waiver_voided", "A waiver was voided"
    LINKS_ENDED = "links_ended", "The links to somebody's own page were ended"
    CONTACT_CHANGED = "contact_changed", "How somebody may be reached was changed"


class WithdrawalLedger(models.Model):
    """One act that took something out of use, so that a restored backup can be told of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.CharField(max_length=20, choices=WithdrawalAct)
    subject = models.UUIDField(help_text="The consent, version, testimony, waiver or person.")
    codes = models.JSONField(default=dict, help_text="States and scopes, never words.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        verbose_name_plural = "withdrawal ledger"

    def __str__(self) -> str:
        return f"{self.act} {self.subject}"


class ErasureLedger(models.Model):
    """That somebody was erased. The id alone remains, and it leads to nobody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contributor = models.UUIDField(unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        verbose_name_plural = "erasure ledger"

    def __str__(self) -> str:
        return f"erased {self.contributor}"


class ErasureRequest(models.Model):
    """Somebody asked to be erased: done, or held, and then they are told why not yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contributor = models.ForeignKey(
        Contributor, on_delete=models.PROTECT, related_name="erasure_requests"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    held_because = models.CharField(max_length=24, choices=RetentionHold, default="none")
    told_at = models.DateTimeField(
        "told of the hold at", null=True, blank=True, help_text="When they were told of the hold."
    )
    done_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                name="erasure_request_hold_is_known",
                condition=Q(held_because__in=RetentionHold.values),
            ),
        ]

    def __str__(self) -> str:
        return f"Erasure asked for on {self.asked_at:%d %B %Y}"
