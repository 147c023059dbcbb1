"""Consents: who agreed to what, when, how, after which notice, and for which accounts."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from evidence.models.notices import PrivacyNotice
from evidence.models.testimony import Contributor, Testimony


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


OPEN_STATES = frozenset({ConsentState.REQUESTED, ConsentState.DEFERRED})  # nobody has given it
FINAL_STATES = frozenset(
    {
        ConsentState.REFUSED,
        ConsentState.WITHDRAWN,
        ConsentState.REVOKED,
        ConsentState.INVALIDATED,
        ConsentState.REPLACED,
    }
)


NOT_IN_FORCE = sorted(set(ConsentState) - {ConsentState.GIVEN, ConsentState.SUSPENDED})


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
    notice = models.ForeignKey(
        PrivacyNotice,
        on_delete=models.PROTECT,
        related_name="consents",
        help_text="The notice that was shown: it says who relies on the consent, and for what.",
    )
    lawful_basis = models.CharField(max_length=8, default="6(1)(a)", editable=False)
    special_category_condition = models.CharField(max_length=8, default="9(2)(a)", editable=False)
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
    pr_conflict = models.BooleanField(
        "parents disagree",
        default=False,
        help_text="Holders of parental responsibility who disagree cannot decide for the child.",
    )
    reconsent_month = models.DateField(
        null=True,
        blank=True,
        help_text="First day of the month of the 16th or 18th birthday: it ends by then, and the "
        "young person decides anew.",
    )
    receipt_issued_at = models.DateTimeField(null=True, blank=True, editable=False)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewals"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["-event_time"]
        constraints = [
            models.UniqueConstraint(
                fields=["replaces"],
                condition=~Q(state=ConsentState.REFUSED),
                name="consent_renewed_once",
                violation_error_message="Its renewal was begun already: go on with that one, or "
                "press “They said no” there.",
            ),
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
                name="consent_rests_on_explicit_consent",
                condition=Q(lawful_basis="6(1)(a)", special_category_condition="9(2)(a)"),
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
                condition=Q(age_at_consent__gte=18)
                | Q(state__in=NOT_IN_FORCE)
                | Q(subject_assent=True),
                violation_error_message="Under 18, the child's own agreement is needed as well.",
            ),
            models.CheckConstraint(
                name="consent_from_16_is_not_gillick",
                condition=Q(age_at_consent__lt=16) | ~Q(competence__in=ASSESSED_UNDER_16),
                violation_error_message="Gillick competence is assessed under 16; from 16 on "
                "capacity is presumed, or assessed under the Mental Capacity Act.",
            ),
            models.CheckConstraint(
                name="consent_of_an_adult_is_their_own",
                condition=Q(age_at_consent__lt=18)
                | ~Q(expressed_by=ExpressedBy.PARENTAL_RESPONSIBILITY),
                violation_error_message="From 18 on nobody has parental responsibility: the "
                "person decides.",
            ),
            models.CheckConstraint(
                name="consent_without_capacity_by_another",
                condition=~Q(competence=Competence.MCA_LACKS)
                | Q(expressed_by=ExpressedBy.OTHER_LAWFUL),
                violation_error_message="Who lacks capacity needs another lawful representative.",
            ),
            models.CheckConstraint(
                name="consent_not_against_a_parent",
                condition=Q(pr_conflict=False)
                | Q(state__in=NOT_IN_FORCE)
                | Q(expressed_by__in=[ExpressedBy.SUBJECT, ExpressedBy.OTHER_LAWFUL]),
                violation_error_message="While holders of parental responsibility disagree they "
                "cannot give it: press “Not yet”.",
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
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it was withdrawn for this one alone."
    )

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
                condition=Q(
                    state__in=[ConsentState.GIVEN, ConsentState.SUSPENDED],
                    withdrawn_at__isnull=True,
                ),
                violation_error_message="Another live consent covers this testimony at that time: "
                "renew that one instead.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.testimony)


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


class PausedBy(models.TextChoices):
    PERSON = "person", "The person, on their own page"
    DESK = "desk", "The charity"


class Pause(models.Model):
    """Who wants a consent paused: both may, and neither ends the other's pause unasked."""

    event = models.ForeignKey(ConsentEvent, on_delete=models.PROTECT, related_name="pauses")
    by = models.CharField(max_length=6, choices=PausedBy)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "by"], name="consent_pause_once_by_each"),
            models.CheckConstraint(
                name="consent_pause_by_somebody", condition=Q(by__in=PausedBy.values)
            ),
        ]

    def __str__(self) -> str:
        return f"Paused by {self.get_by_display().lower()}"


class Alert(models.Model):
    """What the safeguarding lead has to hear of now, at any hour; the database raises it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="alerts")
    what = models.CharField(
        max_length=20, help_text="The consent's new state, `narrowed`, or `testimony`."
    )
    raised_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["-raised_at"]

    def __str__(self) -> str:
        return f"Consent {str(self.consent_id)[:8]}: {self.what}"
