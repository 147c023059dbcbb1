"""Who else an account speaks of, what the courts forbid, and when somebody may be named."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from evidence.models.consent import Consent
from evidence.models.testimony import IdentityForm, Testimony, TestimonyVersion


class ContributorIs(models.TextChoices):
    """What the contributor is to the person spoken about."""

    PARENT = "parent", "Their parent"
    SIBLING = "sibling", "Their brother or sister"
    CHILD = "child", "Their child"
    PARTNER = "partner", "Their partner"
    FRIEND = "friend", "Their friend"
    PROFESSIONAL = "professional", "Somebody who worked with them"
    OTHER = "other", "Somebody else"


class Life(models.TextChoices):
    LIVING = "living", "Living"
    DIED = "died", "Has died"
    NOT_KNOWN = "not_known", "Not known"


class PersonSpokenAbout(models.Model):
    """Another person in an account. No name and no words: what protects them, and nothing else.

    A living complainant caps how far the account may let anyone be recognised; only they can
    waive that. Recording a death suspends every use until somebody else signs that it may go on.
    What protects more holds at once; what protects less takes a second person (`Loosening`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    testimony = models.ForeignKey(
        Testimony, on_delete=models.PROTECT, related_name="persons_spoken_about"
    )
    contributor_is = models.CharField(max_length=16, choices=ContributorIs)
    is_complainant = models.BooleanField(
        "complainant", default=False, help_text="Were they harmed themselves?"
    )
    life = models.CharField("alive", max_length=12, choices=Life, default=Life.NOT_KNOWN)
    is_accused = models.BooleanField("accused", default=False)
    is_identifiable = models.BooleanField(
        "can be recognised", default=False, help_text="Could a reader tell who they are?"
    )
    max_identity = models.PositiveSmallIntegerField(
        "as far as",
        choices=IdentityForm,
        default=IdentityForm.VERBATIM_ANONYMOUS,
        help_text="How far this account may let anybody in it be recognised.",
    )
    own_consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    death_noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who noted the death; somebody else reviews it.",
    )
    death_reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who decided, after a death, that the account may be used again.",
    )
    death_reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["testimony", "id"]
        verbose_name_plural = "persons spoken about"
        constraints = [
            models.CheckConstraint(
                name="person_spoken_about_words_are_known",
                condition=Q(contributor_is__in=ContributorIs.values, life__in=Life.values),
            ),
            models.CheckConstraint(
                name="person_spoken_about_named_by_waiver_alone",
                condition=Q(max_identity__lt=IdentityForm.FIRST_NAME),
                violation_error_message="Only their own anonymity waiver goes as far as a name.",
            ),
            models.CheckConstraint(
                name="person_spoken_about_death_reviewed_by_and_at",
                condition=Q(death_reviewed_by__isnull=True, death_reviewed_at__isnull=True)
                | Q(death_reviewed_by__isnull=False, death_reviewed_at__isnull=False, life="died"),
                violation_error_message="A review after a death needs the death on record.",
            ),
            models.CheckConstraint(
                name="person_spoken_about_death_reviewed_by_another",
                condition=Q(death_reviewed_by__isnull=True)
                | Q(death_noted_by__isnull=True)
                | ~Q(death_reviewed_by=F("death_noted_by")),
                violation_error_message="Whoever noted a death cannot review it: ask a colleague.",
            ),
        ]

    def __str__(self) -> str:
        part = "accused" if self.is_accused else "complainant" if self.is_complainant else "person"
        return f"{part}; the contributor is {self.get_contributor_is_display().lower()}"


class Loosening(models.Model):
    """What would protect a person spoken about less than now: proposed by one, agreed by another.

    `before` and `after` hold what protects them, whole, as `protection_of` in the database tells
    it: is_complainant, life, is_accused, is_identifiable, max_identity and has_own_consent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        PersonSpokenAbout, on_delete=models.PROTECT, related_name="loosenings"
    )
    before = models.JSONField()
    after = models.JSONField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(agreed_at__isnull=True, dropped_at__isnull=True),
                name="loosening_open_once",
            ),
            models.CheckConstraint(
                name="loosening_agreed_by_another",
                condition=Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | (
                    Q(agreed_by__isnull=False, agreed_at__isnull=False)
                    & ~Q(agreed_by=F("proposed_by"))
                ),
                violation_error_message="Whoever proposed it cannot agree to it: ask a colleague.",
            ),
            models.CheckConstraint(
                name="loosening_ends_one_way",
                condition=Q(agreed_at__isnull=True) | Q(dropped_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, less protected"


class AccusedSignOff(models.Model):
    """A lawyer's signature that an accused person may be recognised in the words of one version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        PersonSpokenAbout, on_delete=models.PROTECT, related_name="sign_offs"
    )
    version = models.ForeignKey(
        TestimonyVersion, on_delete=models.PROTECT, related_name="accused_sign_offs"
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "version"],
                name="accused_signed_off_once_a_version",
                violation_error_message="That is signed already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.version}"


class RestrictionKind(models.TextChoices):
    CA89_S97 = "CA89_s97", "Children Act 1989, s. 97"
    AJA60_S12 = "AJA60_s12", "Administration of Justice Act 1960, s. 12"
    YJCEA_S45 = "YJCEA_s45", "Youth Justice and Criminal Evidence Act 1999, s. 45"
    YJCEA_S45A = "YJCEA_s45A", "Youth Justice and Criminal Evidence Act 1999, s. 45A"
    YJCEA_S46 = "YJCEA_s46", "Youth Justice and Criminal Evidence Act 1999, s. 46"
    CYPA33_S39 = "CYPA33_s39", "Children and Young Persons Act 1933, s. 39"
    CYPA33_S49 = "CYPA33_s49", "Children and Young Persons Act 1933, s. 49"
    CCA81_S4 = "CCA81_s4", "Contempt of Court Act 1981, s. 4"
    CCA81_S11 = "CCA81_s11", "Contempt of Court Act 1981, s. 11"
    COURT_ORDER = "court_order", "A court's order"


class ReportingRestriction(models.Model):
    """What a court or an Act forbids to report. No date ends it: somebody's sign-off does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    testimony = models.ForeignKey(Testimony, on_delete=models.PROTECT, related_name="restrictions")
    kind = models.CharField(max_length=12, choices=RestrictionKind)
    noted_at = models.DateTimeField(auto_now_add=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    class Meta:
        ordering = ["testimony", "noted_at"]
        constraints = [
            models.CheckConstraint(
                name="reporting_restriction_kind_is_known",
                condition=Q(kind__in=RestrictionKind.values),
            ),
            models.CheckConstraint(
                name="reporting_restriction_ended_by_sign_off",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_by=F("noted_by"))),
                violation_error_message="A restriction ends by the sign-off of a person other "
                "than the one who noted it.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class GivenBy(models.TextChoices):
    COMPLAINANT = "complainant", "The complainant"
    PARENT = "parent", "A parent"
    OTHER = "other", "Somebody else"


class AnonymityWaiver(models.Model):
    """Leave to name one complainant in one publication, in the words of one version.

    It counts once two people have signed: one that there was no pressure, another for the law.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="waivers")
    version = models.ForeignKey(TestimonyVersion, on_delete=models.PROTECT, related_name="waivers")
    complainant = models.ForeignKey(
        PersonSpokenAbout,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="waivers",
        help_text="Who waives, where it is not the contributor.",
    )
    publication = models.CharField(
        max_length=120, help_text="Exactly one: website, pack:slug, or outlet:name."
    )
    matter = models.TextField(help_text="What may be told, as the document describes it.")
    signed_at = models.DateTimeField()
    age_when_signed = models.PositiveSmallIntegerField()
    given_by = models.CharField(max_length=12, choices=GivenBy, default=GivenBy.COMPLAINANT)
    document_sha256 = models.CharField(max_length=64, help_text="Of the signed document.")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    pressure_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    pressure_checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    legal_sign_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    legal_sign_off_at = models.DateTimeField(null=True, blank=True, editable=False)
    voided_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["id", "consent", "version", "publication"],
                name="anonymity_waiver_of_its_publication",
            ),
            models.CheckConstraint(
                name="anonymity_waiver_publication_is_named",
                condition=Q(publication__regex=r"^(website|pack:[-a-z0-9]+|outlet:.+)$"),
                violation_error_message="Name one publication: website, pack:slug or outlet:name.",
            ),
            models.CheckConstraint(
                name="anonymity_waiver_from_16",
                condition=Q(age_when_signed__gte=16),
                violation_error_message="A waiver signed under 16 is void, and stays so.",
            ),
            models.CheckConstraint(
                name="anonymity_waiver_by_the_complainant",
                condition=Q(given_by=GivenBy.COMPLAINANT),
                violation_error_message="Only the complainant can waive; a parent cannot.",
            ),
            models.CheckConstraint(
                name="anonymity_waiver_document_is_hashed",
                condition=Q(document_sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message="The document is known by its SHA-256: 64 hex digits.",
            ),
            models.CheckConstraint(
                name="anonymity_waiver_checked_by_and_at",
                condition=Q(pressure_checked_by__isnull=True, pressure_checked_at__isnull=True)
                | Q(pressure_checked_by__isnull=False, pressure_checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="anonymity_waiver_signed_off_by_and_at",
                condition=Q(legal_sign_off_by__isnull=True, legal_sign_off_at__isnull=True)
                | Q(legal_sign_off_by__isnull=False, legal_sign_off_at__isnull=False),
            ),
            models.CheckConstraint(
                name="anonymity_waiver_two_people_sign",
                condition=Q(pressure_checked_by__isnull=True)
                | Q(legal_sign_off_by__isnull=True)
                | ~Q(pressure_checked_by=F("legal_sign_off_by")),
                violation_error_message="Who checked for pressure cannot sign for the law too.",
            ),
        ]

    def __str__(self) -> str:
        return f"Waiver for {self.publication}"
