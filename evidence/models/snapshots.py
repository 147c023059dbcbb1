"""What sources said when we looked: snapshots, the excerpts in them, and what was withheld."""

import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from evidence.models.reviewing import ReviewState
from evidence.models.sources import Source


class FileKind(models.TextChoices):
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word document"
    HTML = "html", "Web page"
    TEXT = "text", "Plain text"


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def live(self) -> "SnapshotQuerySet":
        """Those whose words are still there."""
        return self.filter(redacted_at=None)

    def newest_first(self) -> "SnapshotQuerySet":
        """By when the source last said these words, not by when it first did."""
        return self.order_by(Snapshot.seen().desc())

    def newest(self) -> "SnapshotQuerySet":
        """What each source said last."""
        return self.live().order_by("source_id", Snapshot.seen().desc()).distinct("source_id")


class Snapshot(models.Model):
    """What a source said when we looked: immutable, known by the hash of its text.

    Only `evidence.snapshots.redacting` takes words out: they go to nobody, and a successor that
    withholds them stands in this one's place.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="snapshots")
    text = models.TextField(help_text="The words as they were found, or a summary marked as such.")
    is_summary = models.BooleanField(
        default=False, help_text="Tick where the text is our summary, not the source's own words."
    )
    sha256 = models.CharField("hash of the text", max_length=64, editable=False)
    kind = models.CharField(
        "taken from a", max_length=4, choices=FileKind, blank=True, editable=False
    )
    original_sha256 = models.CharField(
        "hash of the file", max_length=64, blank=True, editable=False
    )
    taken_from = models.URLField(
        "address that answered", max_length=2000, blank=True, editable=False
    )
    taken_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(
        "last found unchanged", null=True, blank=True, editable=False
    )
    redacts = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="successor",
    )
    redacted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "sha256"],
                # Two texts that differ in what is withheld become the same one.
                condition=Q(redacted_at=None, redacts=None),
                name="snapshot_once_for_a_source",
                violation_error_message="This source already has a snapshot with the same text.",
            ),
            models.CheckConstraint(
                name="snapshot_has_its_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="snapshot_file_has_its_hash",
                condition=Q(original_sha256__regex=r"^([0-9a-f]{64})?$"),
            ),
            models.CheckConstraint(
                name="snapshot_kind_is_known", condition=Q(kind__in=["", *FileKind.values])
            ),
            models.CheckConstraint(
                name="snapshot_is_empty_once_redacted",
                condition=(Q(redacted_at=None) & ~Q(text=""))
                | Q(redacted_at__isnull=False, text=""),
                violation_error_message="A snapshot holds words until they are withheld.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source.key}, {self.taken_at:%d %B %Y}"

    def set_hash(self) -> None:
        self.sha256 = hashlib.sha256(self.text.encode()).hexdigest()

    @staticmethod
    def seen(prefix: str = "") -> Coalesce:
        """When its source last said these words, for a query."""
        return Coalesce(f"{prefix}last_seen_at", f"{prefix}taken_at")


class ExcerptQuerySet(models.QuerySet["Excerpt"]):
    def cited(self) -> "ExcerptQuerySet":
        """Those on which a figure, claim or statement in use rests."""
        return self.filter(_is_cited())

    def with_citing(self) -> models.QuerySet[Any]:
        """With `is_cited`."""
        return self.annotate(is_cited=_is_cited())

    def lines(self) -> models.QuerySet[Any]:
        """With `first`, of the excerpts that carry the same words on."""
        return self.annotate(first=Coalesce("follows_id", "id"))

    def orphans(self) -> models.QuerySet["Excerpt"]:
        """Cited words that have no place in what their source said last."""
        newest = Snapshot.objects.newest().values("pk")
        placed = Excerpt.objects.filter(snapshot__in=newest, withheld=False)
        return self.cited().lines().exclude(first__in=placed.lines().values("first"))


class Excerpt(models.Model):
    """The exact words in a snapshot that print a figure: W3C text quote and position selectors."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="excerpts")
    exact = models.TextField(help_text="The words that print the figure.")
    prefix = models.CharField(max_length=120, blank=True, help_text="The words just before.")
    suffix = models.CharField(max_length=120, blank=True, help_text="The words just after.")
    start = models.PositiveIntegerField(help_text="Code points from the start of the snapshot.")
    end = models.PositiveIntegerField(help_text="The first code point after the excerpt.")
    follows = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="followers",
        help_text="The first of those that carry the same words from snapshot to snapshot.",
    )
    withheld = models.BooleanField(
        default=False, editable=False, help_text="Whether some of its words were redacted."
    )

    objects = ExcerptQuerySet.as_manager()

    class Meta:
        ordering = ["snapshot", "start"]
        constraints = [
            models.CheckConstraint(
                name="excerpt_ends_after_its_start",
                condition=Q(end__gt=F("start")),
                violation_error_message="An excerpt ends after it starts.",
            ),
            models.UniqueConstraint(
                fields=["snapshot", "start", "end"],
                # Two that were marked apart may meet in one place of a later snapshot.
                condition=Q(follows=None, withheld=False),
                name="excerpt_once_in_a_snapshot",
                violation_error_message="These words of the snapshot are an excerpt already.",
            ),
            models.UniqueConstraint(
                fields=["follows", "snapshot"], name="excerpt_followed_once_in_a_snapshot"
            ),
        ]

    def __str__(self) -> str:
        return f"“{self.exact[:80]}”"

    @property
    def line(self) -> uuid.UUID:
        return self.follows_id or self.id


class Redaction(models.Model):
    """That words of a snapshot were withheld: by whom, when and why, and never which words.

    The database's function `redact_snapshot` writes it, with the act and not without it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="redaction")
    successor = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="+")
    withheld_sha256 = models.CharField("hash of the text that was", max_length=64)
    passages = models.PositiveIntegerField("passages withheld")
    reason = models.TextField(help_text="Why they were withheld, in none of their words.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                name="redaction_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Say why the words are withheld.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot}, {self.passages} withheld"


def _is_cited() -> Any:
    used = Q()
    for name in ("statistics", "claims", "statements"):
        citing = Excerpt._meta.get_field(name).related_model
        rows = citing.objects.filter(excerpt=OuterRef("pk"))  # type: ignore[union-attr]
        used |= Q(Exists(rows.exclude(review_state=ReviewState.RETIRED)))
    return used
