"""Readings of Parliament's API: what was asked, what changed since, and who has seen it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models.bills import Bill, Member, Stage
from campaigns.models.parliament import Amendment


class SyncState(models.TextChoices):
    RUNNING = "running", "Running"
    COMPLETE = "complete", "Complete"
    INCOMPLETE = "incomplete", "Incomplete"


class SyncRun(models.Model):
    """One reading of a bill. Where it broke off, the next one goes on from its cursor."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="sync_runs")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=SyncState, default=SyncState.RUNNING)
    is_thorough = models.BooleanField(
        default=True, help_text="Whether it asks again for every wording."
    )
    asked = models.PositiveIntegerField("requests", default=0)
    changed = models.PositiveIntegerField("changes", default=0)
    failures = models.JSONField(default=list, help_text="A sentence for each thing not read.")
    cursor = models.JSONField(default=dict, help_text="The stages done, and how far the next is.")

    class Meta:
        ordering = ["-started_at"]
        verbose_name = "reading of Parliament"
        verbose_name_plural = "readings of Parliament"
        constraints = [
            models.CheckConstraint(
                name="sync_run_state_is_known", condition=Q(state__in=SyncState.values)
            ),
            models.CheckConstraint(
                name="sync_run_that_ended_says_when",
                condition=Q(state=SyncState.RUNNING) | Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bill}, read on {self.started_at:%-d %B %Y at %H:%M}"


class ChangeKind(models.TextChoices):
    NEW = "new", "New amendment"
    NEW_ON_WATCHED_CLAUSE = "new_on_watched_clause", "New amendment on a watched clause"
    MAYBE_RE_TABLED = "maybe_re_tabled", "May be one of ours, tabled again"
    RECOGNISED = "recognised", "Known here, now read from Parliament"
    NUMBERED = "numbered", "Numbered"
    LETTERED = "lettered", "Given a letter"
    RENUMBERED = "renumbered", "Renumbered"
    GROUPED = "grouped", "Grouped"
    TEXT_CHANGED = "text_changed", "Wording changed"
    PLACE_CHANGED = "place_changed", "Place in the bill changed"
    NEW_PRINT = "new_print", "New print of the bill"
    DECIDED = "decided", "Decided"
    VANISHED = "vanished", "No longer published"
    CAME_BACK = "came_back", "Published again"
    STAGE_MOVED = "stage_moved", "The bill moved on"
    SPONSORS_CHANGED = "sponsors_changed", "Names changed"
    MEMBER_CHANGED = "member_changed", "Member changed"
    UNKNOWN_WORD = "unknown_word", "A word of Parliament's that we do not know"


class SyncChangeQuerySet(models.QuerySet["SyncChange"]):
    def unseen(self) -> "SyncChangeQuerySet":
        return self.filter(seen_at=None)

    def alerts(self) -> "SyncChangeQuerySet":
        """What the desk is told of: a marshalled list numbers thousands, and few are ours."""
        return self.filter(is_ours=True).unseen()


class SyncChange(models.Model):
    """One change that somebody on the desk should know of: it is raised once, and stays."""

    run = models.ForeignKey(
        SyncRun,
        on_delete=models.PROTECT,
        null=True,
        related_name="changes",
        help_text="Empty where a person made it, as by pasting a grouping.",
    )
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="sync_changes")
    stage = models.ForeignKey(
        Stage, on_delete=models.PROTECT, null=True, related_name="sync_changes"
    )
    amendment = models.ForeignKey(
        Amendment, on_delete=models.PROTECT, null=True, related_name="sync_changes"
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="sync_changes"
    )
    kind = models.CharField(max_length=24, choices=ChangeKind)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    is_ours = models.BooleanField(
        "concerns us",
        default=False,
        help_text="Of what an ask, a pack, a draft of ours or a watched clause names.",
    )
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = SyncChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-pk"]
        verbose_name = "change in Parliament"
        verbose_name_plural = "changes in Parliament"
        indexes = [
            models.Index(
                fields=["-raised_at"],
                name="sync_change_unseen",
                condition=Q(seen_at=None, is_ours=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="sync_change_kind_is_known", condition=Q(kind__in=ChangeKind.values)
            ),
            models.CheckConstraint(
                name="sync_change_seen_by_somebody_once",
                condition=Q(seen_at=None, seen_by=None)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        if self.kind in (ChangeKind.TEXT_CHANGED, ChangeKind.MAYBE_RE_TABLED):
            return self.get_kind_display()  # what is kept of these is a hash, an id
        told = " → ".join(filter(None, (self.before, self.after)))
        return f"{self.get_kind_display()}: {told}" if told else self.get_kind_display()


class AskedAddress(models.Model):
    """What an address of the API answered last, so that it need send only what has changed."""

    url = models.CharField(max_length=500, unique=True)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    reader = models.PositiveSmallIntegerField(
        help_text="Which edition of our reading: what an older one read is asked for again."
    )
    listed: Any = models.JSONField(
        default=list, help_text="For a page of a list: the amendments on it, and of how many."
    )

    class Meta:
        ordering = ["url"]
        verbose_name_plural = "asked addresses"

    def __str__(self) -> str:
        return self.url
