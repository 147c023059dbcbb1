"""Accounts of people who were harmed: who gave them, what may leave, what was never given us."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from evidence.models.sources import Source


class IdentityForm(models.IntegerChoices):
    """How far a person can be recognised, least first; the order is what scopes are compared by."""

    AGGREGATE_ONLY = 0, "Counted only"
    PARAPHRASE_ANONYMOUS = 1, "Paraphrased, anonymous"
    VERBATIM_ANONYMOUS = 2, "In their words, anonymous"
    PSEUDONYM = 3, "Pseudonym"
    FIRST_NAME = 4, "First name"
    FULL_NAME = 5, "Full name"
    IMAGE_VOICE = 6, "Picture or voice"


class RetentionHold(models.TextChoices):
    NONE = "none", "None"
    SAFEGUARDING_REFERRAL = "safeguarding_referral", "Safeguarding referral"
    POLICE = "police", "Police"
    LEGAL_CLAIM = "legal_claim", "Legal claim"


class Contributor(models.Model):
    """Someone who told us what happened. Nothing here says who: a working label, never a name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label = models.CharField(
        max_length=80,
        unique=True,
        help_text="What we call this person among ourselves. Never their name or initials.",
    )
    is_fictional = models.BooleanField(default=False, help_text="Tick for a made-up example.")
    lifelong_anonymity = models.BooleanField(default=True)
    do_not_contact = models.BooleanField(
        default=False,
        help_text="Ask nothing and send nothing, not even a code: their own page can still pause.",
    )
    retention_hold = models.CharField(
        max_length=24,
        choices=RetentionHold,
        default=RetentionHold.NONE,
        help_text="It stops the destruction after an erasure was asked for, never a withdrawal.",
    )
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["label"]
        constraints = [
            models.CheckConstraint(
                name="contributor_hold_is_known",
                condition=Q(retention_hold__in=RetentionHold.values),
            ),
            models.CheckConstraint(
                name="contributor_held_is_not_erased",
                condition=Q(erased_at__isnull=True) | Q(retention_hold=RetentionHold.NONE),
                violation_error_message="What was erased cannot be held any more.",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Safeguarding(models.TextChoices):
    NOT_ASSESSED = "not_assessed", "Not assessed"
    OPEN = "open", "Open"
    NONE = "none", "No concern"
    REFERRED = "referred", "Referred"
    NO_FURTHER_ACTION = "no_further_action", "No further action"


class Proceedings(models.TextChoices):
    NOT_ASSESSED = "not_assessed", "Not assessed"
    NONE = "none", "None"
    ACTIVE = "active", "Active"
    CONCLUDED = "concluded", "Concluded"


class Teller(models.TextChoices):
    """Whose harm the contributor tells of: only whom it was done to can ever waive anonymity."""

    COMPLAINANT = "complainant", "The person who was harmed"
    SOMEBODY_CLOSE = "somebody_close", "A parent, sibling, friend or other"


class Testimony(models.Model):
    """One account by one contributor; its cleared versions are what may leave."""

    __test__ = False  # pytest takes every class named Test* for a test

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    contributor = models.ForeignKey(
        Contributor, on_delete=models.PROTECT, related_name="testimonies"
    )
    title = models.CharField(
        max_length=120, help_text="How it is listed. No name, place or age that tells who."
    )
    teller = models.CharField("told by", max_length=16, choices=Teller, default=Teller.COMPLAINANT)
    collected_on = models.DateField()
    collected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    support_offered = models.BooleanField(
        "trauma support offered", default=False, help_text="Was support offered before and after?"
    )
    safeguarding = models.CharField(
        max_length=20,
        choices=Safeguarding,
        default=Safeguarding.NOT_ASSESSED,
        help_text="Not assessed and open both keep every version from being used.",
    )
    proceedings = models.CharField(
        max_length=16,
        choices=Proceedings,
        default=Proceedings.NOT_ASSESSED,
        help_text="Not assessed and active both keep every version from being used.",
    )

    class Meta:
        ordering = ["title"]
        verbose_name_plural = "testimonies"
        constraints = [
            models.CheckConstraint(
                name="testimony_safeguarding_is_known",
                condition=Q(safeguarding__in=Safeguarding.values),
            ),
            models.CheckConstraint(
                name="testimony_proceedings_are_known",
                condition=Q(proceedings__in=Proceedings.values),
            ),
            models.CheckConstraint(
                name="testimony_teller_is_known", condition=Q(teller__in=Teller.values)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class VersionState(models.TextChoices):
    DRAFT = "draft", "Draft"
    CLEARED = "cleared", "Cleared"
    RECALLED = "recalled", "Recalled"
    SUPERSEDED = "superseded", "Superseded"


class TestimonyVersion(models.Model):
    """Words that may leave, once cleared: immutable, so that new words are a new row."""

    __test__ = False  # as above

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    testimony = models.ForeignKey(Testimony, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(help_text="The account as the contributor approved it.")
    attribution = models.CharField(
        max_length=120, help_text="How the speaker is named under it, as in a pseudonym."
    )
    identity = models.PositiveSmallIntegerField(
        choices=IdentityForm, help_text="How far this version lets the person be recognised."
    )
    anonymity_note = models.CharField(
        max_length=300, help_text="Printed under it, as in: a pseudonym; details are changed."
    )
    content_warning = models.CharField(max_length=200, blank=True)
    contributor_approved_at = models.DateTimeField(
        null=True, blank=True, help_text="When the contributor approved these very words."
    )
    jigsaw_reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="Who checked that place, age and events together do not tell who it is.",
    )
    jigsaw_reviewed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )

    class Meta:
        ordering = ["testimony", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["testimony", "number"], name="testimony_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["id", "testimony"], name="testimony_version_of_its_testimony"
            ),
            models.CheckConstraint(
                name="testimony_version_identity_is_known",
                condition=Q(identity__in=IdentityForm.values),
            ),
            models.CheckConstraint(
                name="testimony_version_is_more_than_counted",
                condition=Q(identity__gt=IdentityForm.AGGREGATE_ONLY),
                violation_error_message="A version has words: it is a paraphrase at the least.",
            ),
            models.CheckConstraint(
                name="testimony_version_state_is_known", condition=Q(state__in=VersionState.values)
            ),
            models.CheckConstraint(
                name="testimony_version_cleared_by_a_second_person",
                condition=~Q(state=VersionState.CLEARED)
                | (
                    Q(
                        cleared_by__isnull=False,
                        contributor_approved_at__isnull=False,
                        jigsaw_reviewed_by__isnull=False,
                        jigsaw_reviewed_at__isnull=False,
                    )
                    & ~Q(cleared_by=models.F("written_by"))
                ),
                violation_error_message="Clearing needs the contributor's approval of these words, "
                "a jigsaw check, and a second person.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.testimony}, version {self.number}"


class FeatureKind(models.TextChoices):
    PLACE = "place", "Place"
    AGE = "age", "Age"
    RELATIONSHIP = "relationship", "Relationship"
    DATE = "date", "Date"
    SCHOOL_OR_WORK = "school_or_work", "School or work"
    RARE_EVENT = "rare_event", "Rare event"


class IdentifyingFeature(models.Model):
    """Something that a version tells and that narrows down who speaks: what jigsaws are made of."""

    version = models.ForeignKey(TestimonyVersion, on_delete=models.CASCADE, related_name="features")
    kind = models.CharField(max_length=16, choices=FeatureKind)
    told = models.CharField(
        max_length=120, help_text="As the version tells it: “Cardiff”, “14”, “my swimming coach”."
    )

    class Meta:
        ordering = ["version", "kind", "id"]
        constraints = [
            models.CheckConstraint(
                name="identifying_feature_kind_is_known",
                condition=Q(kind__in=FeatureKind.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.told}"


class RestrictedAccount(models.Model):
    """A private person's words that reached us inside a public source, with no consent held.

    It has no words, name, age or circumstance, and no version: so there is nothing to publish. It
    stands here that packs and feed can say that they leave it out, and why.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="restricted_accounts")
    state = models.CharField(
        max_length=8, choices=[("unknown", "Consent unknown")], default="unknown", editable=False
    )
    noted_on = models.DateField(auto_now_add=True)
    became = models.OneToOneField(
        Testimony,
        on_delete=models.PROTECT,
        related_name="restricted_account",
        null=True,
        blank=True,
        help_text="The testimony that it became, once the person gave it to us with a consent.",
    )

    class Meta:
        ordering = ["source"]
        constraints = [
            models.CheckConstraint(
                name="restricted_account_state_is_unknown", condition=Q(state="unknown")
            ),
        ]

    def __str__(self) -> str:
        return f"a personal account in {self.source.key}"

    @property
    def refusal(self) -> str:
        """Why it is in no pack and not in the feed, for the officer who wonders."""
        return (
            f"A personal account in {self.source.key} is left out: no consent record is held for "
            "it (state unknown), so it cannot be used until the person gives us one."
        )
