"""The vault: who somebody is, what they said in full, what they signed. Sealed with their own key.

Nothing in here can be read from the database or its backups alone; `evidence.identities` opens it
and writes down who looked.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from evidence.models.consent import Consent
from evidence.models.testimony import Contributor, Testimony


class Identity(models.Model):
    """Name, date of birth and ways to reach a contributor, sealed as one."""

    contributor = models.OneToOneField(
        Contributor, on_delete=models.PROTECT, primary_key=True, related_name="identity"
    )
    sealed = models.BinaryField()
    recorded_at = models.DateTimeField(auto_now=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "identities"

    def __str__(self) -> str:
        return f"Identity of {self.contributor}"


class RawAccount(models.Model):
    """The account in full as it was told, with the plan for distress and who supports them."""

    testimony = models.OneToOneField(
        Testimony, on_delete=models.PROTECT, primary_key=True, related_name="raw_account"
    )
    sealed = models.BinaryField()
    recorded_at = models.DateTimeField(auto_now=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"Raw account of {self.testimony}"


class ConsentEvidence(models.Model):
    """The form, recording or message by which somebody agreed, as a sealed file."""

    consent = models.OneToOneField(
        Consent, on_delete=models.PROTECT, primary_key=True, related_name="evidence"
    )
    sealed = models.BinaryField()
    media_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64, help_text="Of the file as it was uploaded.")
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "consent evidence"
        constraints = [
            models.CheckConstraint(
                name="consent_evidence_is_hashed", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"Evidence of {self.consent}"


class Looked(models.TextChoices):
    IDENTITY = "identity", "At the identity"
    RAW_ACCOUNT = "raw_account", "At the raw account"
    EVIDENCE = "evidence", "At the consent's evidence"
    EXPORT = "export", "At all of it, for an access request"


class VaultLook(models.Model):
    """Somebody looked into the vault: written before it opens, and never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contributor = models.ForeignKey(Contributor, on_delete=models.PROTECT, related_name="looks")
    what = models.CharField(max_length=12, choices=Looked)
    because = models.CharField(max_length=200, help_text="Why, in none of their words.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(name="vault_look_is_known", condition=Q(what__in=Looked.values)),
            models.CheckConstraint(
                name="vault_look_says_why",
                condition=~Q(because=""),
                violation_error_message="Say why you have to look.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}, {self.at:%d %B %Y}"
