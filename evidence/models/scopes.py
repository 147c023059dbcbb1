"""What a consent permits or denies: purpose, audience, channel, and how far one is known."""

import re

from django.db import models
from django.db.models import Q

from evidence.models.testimony import IdentityForm


class Purpose(models.TextChoices):
    POLICY_BRIEFING = "policy_briefing", "Policy briefing"
    COMMITTEE_EVIDENCE = "committee_evidence", "Committee evidence"
    PUBLIC_AWARENESS = "public_awareness", "Public awareness"
    MEDIA = "media", "Media"
    TRAINING = "training", "Training"
    RESEARCH_AGGREGATE = "research_aggregate", "Research, counted only"


class Audience(models.TextChoices):
    STAFF_NAMED = "staff_named", "Named staff"
    PARLIAMENTARIAN_NAMED = "parliamentarian_named", "Named parliamentarians"
    PARLIAMENT_MEMBERS = "parliament_members", "Members of Parliament and peers"
    COMMITTEE = "committee", "A committee"
    PRESS = "press", "Press"
    PUBLIC = "public", "Public"


# Whom the person named is on paper alone: such a permission is kept here, and carries no use.
NAMED_READERS = frozenset({Audience.STAFF_NAMED.value, Audience.PARLIAMENTARIAN_NAMED.value})


class Channel(models.TextChoices):
    INTERNAL = "internal", "Internal"
    BRIEFING_PACK = "briefing_pack", "Briefing pack"
    SPEECH = "speech", "Speech in the Chamber"
    COMMITTEE_WRITTEN_EVIDENCE = "committee_written_evidence", "Written evidence to a committee"
    WEBSITE_FEED = "website_feed", "Website"
    PRINT = "print", "Print"
    PRESS_RELEASE = "press_release", "Press release"
    SOCIAL = "social", "Social media"


class Decision(models.TextChoices):
    PERMIT = "permit", "Permit"
    DENY = "deny", "Deny"


class Edits(models.TextChoices):
    NONE = "none", "None"
    TRIM_ONLY = "trim_only", "Trimming only"
    WITH_APPROVAL = "with_approval", "With approval"


# What is said aloud, printed by others or taken into a record cannot be called back.
IRREVOCABLE = frozenset(
    {
        Channel.SPEECH.value,
        Channel.COMMITTEE_WRITTEN_EVIDENCE.value,
        Channel.PRESS_RELEASE.value,
        Channel.SOCIAL.value,
    }
)

SCOPE_PATTERN = re.compile(
    ":".join(f"({'|'.join(words.values)})" for words in (Purpose, Audience, Channel))
)


def scope_key(purpose: str, audience: str, channel: str) -> str:
    """How notices, commands and exports write a scope: `media:press:press_release`."""
    return f"{purpose}:{audience}:{channel}"


def scope_parts(key: str) -> dict[str, str]:
    """The three by their names; a ValueError where there are not three."""
    return dict(zip(("purpose", "audience", "channel"), key.split(":"), strict=True))


class ConsentScope(models.Model):
    """One thing a consent permits or denies; what no row permits is denied. Append-only."""

    consent = models.ForeignKey("evidence.Consent", on_delete=models.PROTECT, related_name="scopes")
    purpose = models.CharField(max_length=20, choices=Purpose)
    audience = models.CharField(max_length=24, choices=Audience)
    channel = models.CharField(max_length=28, choices=Channel)
    max_identity = models.PositiveSmallIntegerField(choices=IdentityForm)
    max_edits = models.CharField(max_length=16, choices=Edits, default=Edits.NONE)
    decision = models.CharField(max_length=6, choices=Decision, default=Decision.PERMIT)
    irrevocable_understood = models.BooleanField(
        "told that it cannot come back",
        default=False,
        help_text="Tick where the person agreed although it cannot be called back: speech, "
        "committee evidence, press, social media.",
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["consent", "id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "consent"], name="consent_scope_of_its_consent"),
            models.CheckConstraint(
                name="consent_scope_words_are_known",
                condition=Q(
                    purpose__in=Purpose.values,
                    audience__in=Audience.values,
                    channel__in=Channel.values,
                    decision__in=Decision.values,
                    max_identity__in=IdentityForm.values,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.key}"

    @property
    def key(self) -> str:
        return scope_key(self.purpose, self.audience, self.channel)
