"""The ledger of uses: each copy and each feed item, what calls it back, and who was told."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from evidence.models.consent import Consent
from evidence.models.protection import AnonymityWaiver
from evidence.models.scopes import ConsentScope
from evidence.models.testimony import IdentityForm, Testimony, TestimonyVersion

# What a publication's name begins with where we do not print the words ourselves.
OUTLET = "outlet:"


class Outcome(models.TextChoices):
    ASKED = "asked", "Asked"
    DESTROYED = "destroyed", "Destroyed"
    SUPERSEDED = "superseded", "Superseded"
    NO_REPLY = "no_reply", "No reply"
    UNREACHABLE = "unreachable", "Unreachable"
    IRREVOCABLE = "irrevocable", "Cannot come back"


class TestimonyUseQuerySet(models.QuerySet["TestimonyUse"]):
    def live_on_website(self) -> "TestimonyUseQuerySet":
        return self.filter(feed_item__isnull=False, recalled_at__isnull=True)

    def in_force(self, at: datetime | None = None) -> "TestimonyUseQuerySet":
        """Out there now: not called back, and on the website only while the consent runs.

        The website drops an item by itself when its consent ends; copies stay with their holders.
        """
        dropped = Q(feed_item__isnull=False, consent__validity__endswith__lte=at or timezone.now())
        return self.filter(~dropped, recalled_at=None)

    def under(self, consent: Consent) -> "TestimonyUseQuerySet":
        """Of the consent and of those it renewed: what they left with its holders ends with it."""
        line = RawSQL("SELECT consent_with_those_it_renewed(%s)", [consent.pk])
        return self.filter(consent__in=line)


class TestimonyUse(models.Model):
    """One use: a recipient's copy or a feed item. `evidence.uses.record_use` writes it, and a
    trigger refuses what the consent does not cover, whoever asks.
    """

    __test__ = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(TestimonyVersion, on_delete=models.PROTECT, related_name="uses")
    testimony = models.ForeignKey(Testimony, on_delete=models.PROTECT, related_name="uses")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="uses")
    scope = models.ForeignKey(ConsentScope, on_delete=models.PROTECT, related_name="uses")
    waiver = models.ForeignKey(
        AnonymityWaiver, on_delete=models.PROTECT, null=True, blank=True, related_name="uses"
    )
    publication = models.CharField(
        max_length=120, blank=True, help_text="Where it is used: website, pack:slug, outlet:name."
    )
    holder = models.CharField(
        "who holds it",
        max_length=200,
        blank=True,
        db_default="",
        help_text="Of words that somebody handed over themselves: whom to ask for them.",
    )
    identity = models.PositiveSmallIntegerField(choices=IdentityForm)
    used_on = models.DateField(help_text="The day of use, as in the day of the debate.")
    feed_item = models.UUIDField(null=True, blank=True, help_text="The public id in the feed.")
    artefact_sha256 = models.CharField(max_length=64)
    used_at = models.DateTimeField(auto_now_add=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)

    objects = TestimonyUseQuerySet.as_manager()

    class Meta:
        ordering = ["-used_at"]
        constraints = [
            models.CheckConstraint(
                name="testimony_use_outcome_is_known",
                condition=Q(outcome="") | Q(outcome__in=Outcome.values),
            ),
            models.CheckConstraint(
                name="testimony_use_is_of_hashed_bytes",
                condition=Q(artefact_sha256__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="testimony_use_by_name_needs_a_waiver",
                condition=Q(identity__lt=IdentityForm.FIRST_NAME) | Q(waiver__isnull=False),
                violation_error_message="A use by name needs an anonymity waiver for that "
                "consent, publication and version.",
            ),
            models.CheckConstraint(
                name="testimony_use_by_hand_names_its_outlet",
                condition=Q(holder="") | Q(publication__startswith=OUTLET),
                violation_error_message="What was handed over by hand names its outlet.",
            ),
            models.UniqueConstraint(
                name="testimony_use_by_hand_once",
                fields=["version", "scope", "publication", "holder", "used_on", "artefact_sha256"],
                condition=~Q(holder="") & Q(recalled_at__isnull=True),
                violation_error_message="That use is recorded already.",
            ),
        ]

    def __str__(self) -> str:
        return f"Use of {self.testimony_id} on {self.used_on}"

    @property
    def outlet(self) -> str:
        """Where somebody took the words by hand: `example-times`; empty for any other use."""
        by_hand = self.publication.startswith(OUTLET)
        return self.publication.removeprefix(OUTLET) if by_hand else ""


class RecallTask(models.Model):
    """A copy to be called back; the database opens it when a consent stops being live."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    use = models.OneToOneField(TestimonyUse, on_delete=models.PROTECT, related_name="recall_task")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Every holder is asked within two working days.")
    asked_at = models.DateTimeField(null=True, blank=True)
    chase_on = models.DateField(
        null=True, blank=True, help_text="When to ask again if nothing was heard."
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True, help_text="What the holder answered. No names or words.")

    class Meta:
        ordering = ["due_at"]

    def __str__(self) -> str:
        return f"Recall opened {self.opened_at:%d %B %Y}"


class NoticeKind(models.TextChoices):
    BEFORE_USE = "before_use", "Your words will be used"
    CHECK_IN = "check_in", "How are you after it"


class NoticeHow(models.TextChoices):
    PHONE = "phone", "By phone"
    EMAIL = "email", "By e-mail"
    LETTER = "letter", "By letter"
    IN_PERSON = "in_person", "In person"
    NOT_WANTED = "not_wanted", "They asked not to be told"


class UseNotice(models.Model):
    """That a contributor was told of a use beforehand, or was asked afterwards how they are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    testimony = models.ForeignKey(Testimony, on_delete=models.PROTECT, related_name="notices")
    used_on = models.DateField()
    kind = models.CharField(max_length=12, choices=NoticeKind)
    how = models.CharField(max_length=12, choices=NoticeHow)
    done_at = models.DateTimeField(auto_now_add=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["-done_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["testimony", "used_on", "kind"],
                name="use_notice_once",
                violation_error_message="That is recorded already.",
            ),
            models.CheckConstraint(
                name="use_notice_words_are_known",
                condition=Q(kind__in=NoticeKind.values, how__in=NoticeHow.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.used_on}"
