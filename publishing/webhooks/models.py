"""An endpoint that is called, and one delivery for each change and endpoint."""

import secrets
import uuid

from django.db import models
from django.db.models import Q

from publishing.consumers.models import Consumer


def new_salt() -> bytes:
    return secrets.token_bytes(32)


class EndpointState(models.TextChoices):
    ON = "on", "On"
    OFF = "off", "Switched off"
    DISABLED = "disabled", "Disabled: it failed again and again"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    SUPERSEDED = "superseded", "Superseded by a later change"
    FAILED = "failed", "Given up"


class Endpoint(models.Model):
    """Where a consumer is called. `seq` and `expired_at` are how far the log was read for it.

    Its secret is derived from the salt and the house's own key, so that no copy of the database
    holds it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consumer = models.ForeignKey(
        Consumer, on_delete=models.PROTECT, related_name="endpoints", help_text="Who is called."
    )
    url = models.URLField(
        max_length=500, help_text="An https address in the public internet; it has to answer 2xx."
    )
    state = models.CharField(
        max_length=8, choices=EndpointState, default=EndpointState.ON, editable=False
    )
    salt = models.BinaryField(default=new_salt, editable=False)
    previous_salt = models.BinaryField(null=True, editable=False)
    renewed_at = models.DateTimeField(null=True, editable=False)
    seq = models.BigIntegerField(default=0, editable=False)
    expired_at = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(
        default=0, editable=False, help_text="In a row, whatever was to be delivered."
    )
    failing_since = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "publishing"
        ordering = ["url"]
        constraints = [
            models.UniqueConstraint(fields=["consumer", "url"], name="endpoint_once_a_consumer"),
            models.CheckConstraint(
                name="endpoint_state_is_known", condition=Q(state__in=EndpointState.values)
            ),
        ]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One change on its way to one endpoint; its id is the `webhook-id`, whatever the try."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    seq = models.BigIntegerField()
    op = models.CharField(max_length=6)
    kind = models.CharField(max_length=12)
    item_id = models.UUIDField()
    at = models.DateTimeField(help_text="When it changed.")
    state = models.CharField(
        max_length=10, choices=DeliveryState, default=DeliveryState.WAITING, editable=False
    )
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    answered = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The status of the last answer."
    )
    problem = models.CharField(max_length=200, blank=True, help_text="Of the last try.")

    class Meta:
        app_label = "publishing"
        ordering = ["-seq"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "seq", "op"], name="webhook_delivery_once"),
            models.CheckConstraint(
                name="webhook_delivery_state_known", condition=Q(state__in=DeliveryState.values)
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_try_at"],
                name="webhook_delivery_due",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["endpoint", "item_id", "seq"], name="webhook_delivery_item"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.op} {self.kind}"
