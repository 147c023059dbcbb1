"""A consumer, how far he has confirmed the changes, and the alarm when he does not."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


def alarm_after() -> int:
    return int(settings.CONSUMER_ALARM_MINUTES)


class Consumer(models.Model):
    """One copy of the feed that somebody keeps: the website, a partner's, an archive.

    What was applied is written by `publishing.consumers.confirming` alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(
        max_length=80, unique=True, help_text="What keeps the copy, as in the charity's website."
    )
    contact_role = models.CharField(
        max_length=120,
        help_text="Whom to ask when it is late: a role, no person, as in the agency's duty desk.",
    )
    alarm_after_minutes = models.PositiveSmallIntegerField(
        default=alarm_after,
        help_text="How long a removal may stay unconfirmed before somebody is told.",
    )
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when its key opens nothing."
    )
    applied_epoch = models.UUIDField(null=True, editable=False)
    applied_seq = models.BigIntegerField(default=0, editable=False)
    applied_expired_at = models.DateTimeField(null=True, editable=False)
    applied_token = models.TextField(blank=True, editable=False)
    applied_at = models.DateTimeField(
        null=True, editable=False, help_text="When it last said what it had applied."
    )

    class Meta:
        app_label = "publishing"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="consumer_alarm_within_a_day",
                condition=Q(alarm_after_minutes__gte=1, alarm_after_minutes__lte=1440),
                violation_error_message="Between one minute and a day.",
            ),
            models.CheckConstraint(
                name="consumer_contact_is_a_role",
                condition=~Q(contact_role__contains="@"),
                violation_error_message="Name a role, and not the address of a person.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Alarm(models.Model):
    """A consumer was late with a removal: raised, mailed and ended by `publishing.consumers`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consumer = models.ForeignKey(Consumer, on_delete=models.PROTECT, related_name="alarms")
    raised_at = models.DateTimeField(auto_now_add=True)
    removals = models.PositiveIntegerField(help_text="How many were late when it was raised.")
    mailed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="When the last of the late removals was confirmed."
    )

    class Meta:
        app_label = "publishing"
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["consumer"], condition=Q(ended_at=None), name="one_alarm_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} is late"
