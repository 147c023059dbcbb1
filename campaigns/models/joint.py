"""Joint packs: the organisations beside the one that sends it, each with its own contact."""

from django.db import models

from campaigns.models.packs import Pack
from evidence.models import Organisation


class PackContact(models.Model):
    """One of the others, and whom to ask there; the pack's own contact is the sender's."""

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="contacts")
    position = models.PositiveSmallIntegerField(default=1, help_text="Its place after the sender.")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="pack_contacts"
    )
    name = models.CharField(max_length=120, blank=True, help_text="Whom to ask there.")
    role = models.CharField(max_length=120, blank=True, help_text="As in: Policy officer.")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    about = models.TextField(blank=True, help_text="A sentence on who they are.")

    class Meta:
        ordering = ["pack", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "organisation"],
                name="pack_contact_once_for_an_organisation",
                violation_error_message="This organisation has a line already.",
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)
