"""The privacy notice that people were shown: its exact words, and what it asks for."""

import hashlib
import uuid

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from evidence.models.scopes import IRREVOCABLE, SCOPE_PATTERN


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class PrivacyNotice(models.Model):
    """One version of the notice in one language. Never edited: other words are another version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.CharField(max_length=40)
    language = models.CharField(max_length=8, default="en-GB")
    text = models.TextField(help_text="The exact text that is shown, with nothing left out.")
    sha256 = models.CharField(max_length=64, editable=False)
    covers = ArrayField(
        models.CharField(max_length=80),
        help_text="What it asks for, as purpose:audience:channel. No consent goes further.",
    )
    controllers = models.TextField(help_text="Each controller that relies on it, one on a line.")
    recipients = models.TextField(help_text="Who may receive the words, one on a line.")
    storage_location = models.CharField(max_length=200)
    retention_months = models.PositiveSmallIntegerField(
        help_text="How long after the consent has ended the account is kept."
    )
    backup_days = models.PositiveSmallIntegerField(
        help_text="How many days backups keep cleared words after an erasure."
    )
    withdrawal_method = models.TextField(help_text="How to withdraw, as the notice tells it.")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "language"], name="privacy_notice_version_once"
            ),
            models.CheckConstraint(
                name="privacy_notice_is_hashed", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"Notice {self.version} ({self.language})"

    def clean(self) -> None:
        self.covers = [line.strip() for line in self.covers if line.strip()]
        unknown = [line for line in self.covers if not SCOPE_PATTERN.fullmatch(line)]
        if unknown:
            raise ValidationError(
                {"covers": f"“{unknown[0]}” is not a purpose:audience:channel that we know."}
            )
        self.sha256 = hash_of(self.text)

    def irrevocable(self) -> list[str]:
        """What it asks for and nobody can call back once it is done."""
        return [key for key in self.covers if key.rpartition(":")[2] in IRREVOCABLE]
