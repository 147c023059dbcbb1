"""How a contributor reaches their own page: a link, and a code sent to where it is safe."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from evidence.models.testimony import Contributor


class LinkFor(models.TextChoices):
    CONTRIBUTOR = "contributor", "The contributor"
    PARENT = "parent", "A holder of parental responsibility"


class OwnPageLink(models.Model):
    """One link to somebody's page. Its hash alone is kept: no reader of the database follows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contributor = models.ForeignKey(
        Contributor, on_delete=models.PROTECT, related_name="own_page_links"
    )
    made_for = models.CharField(max_length=12, choices=LinkFor, default=LinkFor.CONTRIBUTOR)
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="own_page_link_is_hashed", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="own_page_link_is_for_somebody", condition=Q(made_for__in=LinkFor.values)
            ),
        ]

    def __str__(self) -> str:
        return f"Link made on {self.made_at:%d %B %Y}"


class OwnPageCode(models.Model):
    """A code that was sent to the safe contact; good once, for minutes, for a few tries."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.ForeignKey(OwnPageLink, on_delete=models.PROTECT, related_name="codes")
    sha256 = models.CharField(max_length=64, help_text="Keyed, since codes are short.")
    sent_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"Code sent at {self.sent_at:%H:%M}"
