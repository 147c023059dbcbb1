"""What happened to a version after it was issued, and what is written to each who holds it."""

import uuid

from django.db import models
from django.db.models import Q

from campaigns.models.issued import Copy, PackVersion
from evidence.models import Outcome


class Why(models.TextChoices):
    RECALL = "recall", "Called back"
    CORRECTION = "correction", "A figure was corrected"
    AMENDMENT = "amendment", "An amendment changed"
    NEW_VERSION = "new_version", "There is a newer version"


class VersionMark(models.Model):
    """One thing that happened to what a version says: found once, and never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="marks")
    why = models.CharField(max_length=12, choices=Why)
    cause = models.CharField(
        max_length=80, help_text="What it was, by its own id: found a second time it is the same."
    )
    told = models.TextField(help_text="What changed, for whoever holds the version.")
    page = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="On which page it stands; empty where that is not known."
    )
    found_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["found_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "cause"], name="version_mark_once"),
            models.CheckConstraint(
                name="version_mark_why_is_known", condition=Q(why__in=Why.values)
            ),
        ]

    def __str__(self) -> str:
        return self.told


class NoticeQuerySet(models.QuerySet["Notice"]):
    def open(self) -> "NoticeQuerySet":
        return self.filter(closed_at=None)

    def to_send(self) -> "NoticeQuerySet":
        return self.open().filter(deliveries=None)


class Notice(models.Model):
    """What is written to the holder of one copy, in a message of their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, related_name="notices")
    why = models.CharField(max_length=12, choices=Why)
    text = models.TextField("what is written", help_text="You may edit it until it is sent.")
    drafted_at = models.DateTimeField(auto_now_add=True)
    chase_on = models.DateField(
        null=True, blank=True, help_text="When to ask again if nothing was heard."
    )
    reply = models.TextField(
        blank=True, help_text="What they answered. No names of contributors, none of their words."
    )
    replied_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    marks = models.ManyToManyField(VersionMark, through="NoticeMark", related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-drafted_at", "id"]
        constraints = [
            models.CheckConstraint(name="notice_why_is_known", condition=Q(why__in=Why.values)),
            models.CheckConstraint(
                name="notice_outcome_is_known",
                condition=Q(outcome="") | Q(outcome__in=Outcome.values),
            ),
            models.CheckConstraint(
                name="notice_says_something",
                condition=~Q(text=""),
                violation_error_message="Write what is to be told.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_why_display()}: {self.copy}"


class NoticeMark(models.Model):
    """Which notice tells a copy's holder of which change: each is told once."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="notice_marks")
    mark = models.ForeignKey(VersionMark, on_delete=models.PROTECT, related_name="notice_marks")
    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, related_name="notice_marks")

    class Meta:
        ordering = ["notice", "id"]
        constraints = [
            models.UniqueConstraint(fields=["copy", "mark"], name="notice_once_for_a_copy"),
        ]

    def __str__(self) -> str:
        return f"{self.mark} told to {self.copy.member}"
