"""What leaves by e-mail, one row a message; a version called back as a whole; second signatures."""

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from campaigns.models.issued import Copy, PackVersion
from campaigns.models.notices import Notice


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Not known whether it was sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Refused"
    WITHHELD = "withheld", "Not sent"


NEVER_LEFT = (DeliveryState.WAITING, DeliveryState.FAILED, DeliveryState.WITHHELD)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self) -> "DeliveryQuerySet":
        return self.filter(state=DeliveryState.WAITING).filter(
            Q(not_before=None) | Q(not_before__lte=timezone.now())
        )

    def undecided(self) -> "DeliveryQuerySet":
        """Those whose fate nobody knows, after a stop between the two commits."""
        return self.filter(state=DeliveryState.SENDING)


@pghistory.track()
class Delivery(models.Model):
    """One message to one person: a copy of a pack, or a notice about it.

    It is committed as `sending` before the message leaves, and nothing but a person's decision
    brings it back to `waiting`: so it leaves at most once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, related_name="deliveries")
    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries"
    )
    turn = models.PositiveSmallIntegerField(
        default=1, help_text="1, and more where its reader was asked again."
    )
    state = models.CharField(
        max_length=8, choices=DeliveryState, default=DeliveryState.WAITING, editable=False
    )
    not_before = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    queued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    address = models.EmailField(blank=True, help_text="Where it went.")
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why = models.TextField(blank=True, help_text="Why it was not sent.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["queued_at", "id"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["queued_at"],
                name="copy_delivery_waiting",
                condition=Q(state=DeliveryState.WAITING),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["copy", "notice", "turn"],
                name="copy_delivery_once",
                nulls_distinct=False,
                violation_error_message="It is on its way already.",
            ),
            models.CheckConstraint(
                name="copy_delivery_state_is_known", condition=Q(state__in=DeliveryState.values)
            ),
            models.CheckConstraint(
                name="copy_delivery_began_at_an_address",
                condition=Q(state__in=[DeliveryState.WAITING, DeliveryState.WITHHELD])
                | (Q(began_at__isnull=False) & ~Q(address="")),
            ),
            models.CheckConstraint(
                name="copy_delivery_that_ended_says_when",
                condition=Q(state__in=[DeliveryState.WAITING, DeliveryState.SENDING])
                | Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="copy_delivery_not_sent_says_why",
                condition=~Q(state__in=[DeliveryState.FAILED, DeliveryState.WITHHELD]) | ~Q(why=""),
            ),
        ]

    def __str__(self) -> str:
        what = "Notice" if self.notice_id else "Copy"
        return f"{what} to {self.copy.member}: {self.get_state_display().lower()}"


class VersionRecall(models.Model):
    """A version called back as a whole, as where the wrong one was issued."""

    version = models.OneToOneField(PackVersion, on_delete=models.PROTECT, related_name="recall")
    reason = models.TextField(help_text="For us: no recipient is told.")
    recalled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recalled_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-recalled_at"]
        constraints = [
            models.CheckConstraint(
                name="version_recall_says_why",
                condition=~Q(reason=""),
                violation_error_message="Say why it is called back.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}, called back"


class SecondSignature(models.Model):
    """The second person's name under a version that went out with one."""

    version = models.OneToOneField(
        PackVersion, on_delete=models.PROTECT, related_name="second_signature"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-signed_at"]
        constraints = [
            models.CheckConstraint(
                name="second_signature_is_another_persons",
                condition=~Q(signed_by=F("issued_by")),
                violation_error_message="Whoever issued it cannot sign it too.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}, signed by {self.signed_by}"
