"""What was issued of a pack: its frozen versions, and who holds a copy of which."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from campaigns.models.bills import Member
from campaigns.models.packs import Pack
from evidence.models import TestimonyUse


class PackFormat(models.TextChoices):
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    HTML = "html", "Web page"
    TXT = "txt", "Plain text"
    JSON = "json", "JSON"


class PackVersion(models.Model):
    """A pack as it was issued: frozen, numbered, with the blocks that every format is made from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    used_on = models.DateField()
    manifest = models.JSONField(help_text="Items, their hashes, checks and refusals, as issued.")
    format = models.CharField(max_length=4, choices=PackFormat, default=PackFormat.PDF)
    content = models.BinaryField(help_text="The bytes as issued.")
    sha256 = models.CharField(max_length=64)
    not_before = models.DateTimeField("embargoed until", null=True, blank=True)
    not_after = models.DateTimeField("expires", null=True, blank=True)
    personalised = models.BooleanField(default=False)
    second_signature_due = models.DateTimeField(
        null=True, blank=True, help_text="Where it went out with one signature."
    )
    erased_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When an account in it was erased, and its bytes with that.",
    )

    class Meta:
        ordering = ["pack", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "number"], name="pack_version_number_once"),
            models.CheckConstraint(
                name="pack_version_is_hashed", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack}, version {self.number}"

    @property
    def why_gone(self) -> str:
        """Why it cannot be shown or printed again; empty where it can."""
        if self.erased_at is None:
            return ""
        day = timezone.localdate(self.erased_at)
        return (
            f"This version held an account that was erased on {day:%-d %B %Y}, so its documents "
            "are gone. Who holds a copy stays on record."
        )


class CopyQuerySet(models.QuerySet["Copy"]):
    def recalled(self) -> "CopyQuerySet":
        """Those with an account that was called back, and those of a version that was."""
        return self.filter(_is_recalled())

    def held(self) -> "CopyQuerySet":
        return self.exclude(_is_recalled())


def _is_recalled() -> Q:
    uses = TestimonyUse.objects.filter(copy_use__copy=OuterRef("pk"), recalled_at__isnull=False)
    return Q(Exists(uses)) | Q(version__recall__isnull=False)


class Copy(models.Model):
    """One recipient's copy of an issued version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="copies")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="copies")
    issued_at = models.DateTimeField()
    number = models.PositiveIntegerField(
        default=0, help_text="Among the copies of its version; 0 where they were not counted."
    )
    sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of its own bytes; empty where all copies are alike."
    )
    salutation = models.CharField(max_length=200, blank=True, help_text="As printed in it.")
    named_as = models.CharField(
        max_length=120,
        blank=True,
        help_text="The name by which its reader's amendments were put first.",
    )
    uses = models.ManyToManyField(TestimonyUse, through="CopyUse", related_name="copies")

    objects = CopyQuerySet.as_manager()

    class Meta:
        ordering = ["version", "member"]
        verbose_name_plural = "copies"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "member"],
                name="copy_once_for_a_member",
                violation_error_message="This member already holds that version.",
            ),
            models.UniqueConstraint(
                fields=["version", "number"],
                condition=Q(number__gt=0),
                name="copy_number_once_in_a_version",
            ),
            models.CheckConstraint(
                name="copy_of_its_own_is_hashed",
                condition=Q(sha256="", salutation="", named_as="")
                | Q(sha256__regex=r"^[0-9a-f]{64}$", number__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}, held by {self.member}"


class CopyUse(models.Model):
    """Which use of a testimony stands in which copy: the way to a recall."""

    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, related_name="copy_uses")
    use = models.OneToOneField(TestimonyUse, on_delete=models.PROTECT, related_name="copy_use")

    class Meta:
        ordering = ["copy", "id"]

    def __str__(self) -> str:
        return f"Testimony in {self.copy}"
