"""Consents, what they permit, and the ledger of every use that rests on them."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from evidence.models.testimony import Contributor, IdentityForm, Testimony, TestimonyVersion


class ConsentState(models.TextChoices):
    REQUESTED = "requested", "Requested"
    DEFERRED = "deferred", "Deferred"
    REFUSED = "refused", "Refused"
    GIVEN = "given", "Given"
    SUSPENDED = "suspended", "Paused"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REVOKED = "revoked", "Revoked"
    INVALIDATED = "invalidated", "Invalidated"
    REPLACED = "replaced", "Replaced"


FINAL_STATES = frozenset(
    {
        ConsentState.REFUSED,
        ConsentState.WITHDRAWN,
        ConsentState.REVOKED,
        ConsentState.INVALIDATED,
        ConsentState.REPLACED,
    }
)


class Competence(models.TextChoices):
    ADULT_PRESUMED = "adult_presumed", "Adult, presumed"
    GILLICK_COMPETENT = "gillick_assessed_competent", "Under 16, assessed competent"
    GILLICK_NOT_COMPETENT = "gillick_not_competent", "Under 16, assessed not competent"
    MCA_ASSESSED = "mca_assessed", "Capacity assessed"
    MCA_LACKS = "mca_lacks", "Lacks capacity"


ASSESSED_UNDER_16 = [Competence.GILLICK_COMPETENT, Competence.GILLICK_NOT_COMPETENT]


class ExpressedBy(models.TextChoices):
    SUBJECT = "subject", "The person"
    PARENTAL_RESPONSIBILITY = "parental_responsibility", "Holder of parental responsibility"
    BOTH = "both", "Both"
    OTHER_LAWFUL = "other_lawful", "Another lawful representative"


class Jurisdiction(models.TextChoices):
    ENGLAND_AND_WALES = "EW", "England and Wales"
    SCOTLAND = "SC", "Scotland"
    NORTHERN_IRELAND = "NI", "Northern Ireland"


class IndicationMethod(models.TextChoices):
    WRITTEN_SIGNED = "written_signed", "Signed in writing"
    E_SIGNED = "e_signed", "Signed electronically"
    AUDIO = "audio", "Audio"
    VIDEO = "video", "Video"
    WITNESSED_VERBAL = "witnessed_verbal", "Spoken, witnessed"


class Consent(models.Model):
    """What one person agreed to, for which accounts, until when. Once given it cannot be edited."""

    record_id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contributor = models.ForeignKey(Contributor, on_delete=models.PROTECT, related_name="consents")
    testimonies = models.ManyToManyField(
        Testimony, through="ConsentTestimony", related_name="consents"
    )
    schema_version = models.CharField(max_length=20, default="TS27560:2023", editable=False)
    notice_version = models.CharField(max_length=40, help_text="The privacy notice that was shown.")
    notice_sha256 = models.CharField(max_length=64, help_text="Of the exact text that was shown.")
    language = models.CharField(max_length=8, default="en-GB")
    jurisdiction = models.CharField(
        max_length=2, choices=Jurisdiction, default=Jurisdiction.ENGLAND_AND_WALES
    )
    indication_method = models.CharField(max_length=20, choices=IndicationMethod)
    event_time = models.DateTimeField("given at", null=True, blank=True)
    validity = DateTimeRangeField(help_text="From when until when. At most two years.")
    review_due = models.DateField(help_text="When to ask again; within the validity.")
    state = models.CharField(max_length=12, choices=ConsentState, default=ConsentState.REQUESTED)
    age_at_consent = models.PositiveSmallIntegerField()
    competence = models.CharField(
        max_length=28, choices=Competence, default=Competence.ADULT_PRESUMED
    )
    expressed_by = models.CharField(max_length=24, choices=ExpressedBy, default=ExpressedBy.SUBJECT)
    subject_assent = models.BooleanField(default=False, help_text="Did the child agree as well?")
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["-event_time"]
        constraints = [
            models.CheckConstraint(
                name="consent_state_is_known", condition=Q(state__in=ConsentState.values)
            ),
            models.CheckConstraint(
                name="consent_given_says_when",
                condition=~Q(state__in=[ConsentState.GIVEN, ConsentState.SUSPENDED])
                | Q(event_time__isnull=False),
                violation_error_message="Say when the consent was given.",
            ),
            models.CheckConstraint(
                name="consent_names_the_notice_shown",
                condition=Q(notice_sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="The notice is known by its SHA-256: 64 hex digits.",
            ),
            models.CheckConstraint(
                name="consent_under_13_by_parent",
                condition=Q(age_at_consent__gte=13)
                | Q(expressed_by__in=[ExpressedBy.PARENTAL_RESPONSIBILITY, ExpressedBy.BOTH]),
                violation_error_message="Under 13, someone with parental responsibility decides.",
            ),
            models.CheckConstraint(
                name="consent_under_16_is_assessed",
                condition=Q(age_at_consent__gte=16) | Q(competence__in=ASSESSED_UNDER_16),
                violation_error_message="Under 16, competence has to be assessed.",
            ),
            models.CheckConstraint(
                name="consent_not_competent_by_parent",
                condition=~Q(competence=Competence.GILLICK_NOT_COMPETENT)
                | Q(expressed_by__in=[ExpressedBy.PARENTAL_RESPONSIBILITY, ExpressedBy.BOTH]),
                violation_error_message="A child who is not competent needs someone with parental "
                "responsibility.",
            ),
            models.CheckConstraint(
                name="consent_under_18_has_assent",
                condition=Q(age_at_consent__gte=18) | Q(subject_assent=True),
                violation_error_message="Under 18, the child's own agreement is needed as well.",
            ),
            models.CheckConstraint(
                name="consent_does_not_replace_itself",
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("record_id")),
            ),
        ]

    def __str__(self) -> str:
        return f"Consent {str(self.record_id)[:8]}, {self.get_state_display().lower()}"


class ConsentTestimony(models.Model):
    """A testimony that a consent lists. The database copies state and validity here from the
    consent, so that one exclusion constraint can refuse a second live consent.
    """

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="listed")
    testimony = models.ForeignKey(Testimony, on_delete=models.PROTECT, related_name="listings")
    state = models.CharField(max_length=12, choices=ConsentState, editable=False)
    validity = DateTimeRangeField(editable=False)

    class Meta:
        verbose_name = "testimony covered"
        verbose_name_plural = "testimonies covered"
        constraints = [
            models.UniqueConstraint(
                fields=["consent", "testimony"], name="consent_lists_a_testimony_once"
            ),
            ExclusionConstraint(
                name="one_live_consent_for_a_testimony",
                expressions=[
                    ("testimony", RangeOperators.EQUAL),
                    ("validity", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=[ConsentState.GIVEN, ConsentState.SUSPENDED]),
                violation_error_message="Another live consent covers this testimony at that time: "
                "replace it instead.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.testimony)


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


class ConsentScope(models.Model):
    """One thing a consent permits or denies; what no row permits is denied. Append-only."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="scopes")
    purpose = models.CharField(max_length=20, choices=Purpose)
    audience = models.CharField(max_length=24, choices=Audience)
    channel = models.CharField(max_length=28, choices=Channel)
    max_identity = models.PositiveSmallIntegerField(choices=IdentityForm)
    max_edits = models.CharField(max_length=16, choices=Edits, default=Edits.NONE)
    decision = models.CharField(max_length=6, choices=Decision, default=Decision.PERMIT)
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
        return f"{self.decision} {self.purpose}:{self.audience}:{self.channel}"


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
                condition=Q(identity__lt=IdentityForm.FIRST_NAME),
                violation_error_message="A use by name needs an anonymity waiver for that "
                "publication, and none can be recorded here.",
            ),
        ]

    def __str__(self) -> str:
        return f"Use of {self.testimony_id} on {self.used_on}"


class RecallTask(models.Model):
    """A copy to be called back; the database opens it when a consent stops being live."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    use = models.OneToOneField(TestimonyUse, on_delete=models.PROTECT, related_name="recall_task")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Every holder is asked within two working days.")
    asked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True, help_text="What the holder answered. No names or words.")

    class Meta:
        ordering = ["due_at"]

    def __str__(self) -> str:
        return f"Recall opened {self.opened_at:%d %B %Y}"


class ConsentEvent(models.Model):
    """Each change of a consent's state, written by the database: ids and codes, never words."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="events")
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    at = models.DateTimeField()
    login = models.CharField(max_length=63, help_text="The database login that wrote it.")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.from_state or 'new'} to {self.to_state}"
