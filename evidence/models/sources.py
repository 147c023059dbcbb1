"""Where a figure was printed: organisations, sources and their chain, and public statements."""

import uuid

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from evidence.models.reviewing import Reviewed


class OrganisationKind(models.TextChoices):
    """By what somebody who is asked for a change can make it."""

    GOVERNMENT = "government", "Government"
    PARLIAMENT = "parliament", "Parliament, or one of its Houses"
    REGULATOR = "regulator", "Regulator"
    COMPANY = "company", "Company"


class Organisation(models.Model):
    """Whoever publishes, records, is asked for something or speaks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=80, unique=True, help_text="A short name, as in nspcc.")
    name = models.CharField(max_length=200, unique=True, help_text="In full, as it calls itself.")
    website = models.URLField(blank=True)
    kind = models.CharField(
        max_length=10,
        choices=OrganisationKind,
        blank=True,
        help_text="For whom we ask for something: what a company can do needs no amendment.",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="organisation_kind_is_known",
                condition=Q(kind__in=["", *OrganisationKind.values]),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SourceKind(models.TextChoices):
    FOI_RESPONSE = "foi_response", "Freedom of Information response"
    OFFICIAL_STATISTICS = "official_statistics", "Official statistics"
    CHARITY_RELEASE = "charity_release", "Charity release"
    NEWS_REPORT = "news_report", "News report"
    SURVEY = "survey", "Survey"
    COMMITTEE_EVIDENCE = "committee_evidence", "Committee evidence"
    HANSARD = "hansard", "Hansard"
    LEGISLATION = "legislation", "Legislation"
    REPORT = "report", "Report"


@pghistory.track()
class Source(Reviewed):
    """A publication that prints figures or statements; `derived_from` is the next one upstream."""

    key = models.SlugField(
        max_length=80, unique=True, help_text="A short name that we say, as in deeside-2023."
    )
    kind = models.CharField(max_length=20, choices=SourceKind)
    title = models.CharField(max_length=300, help_text="As printed, or in our words if untitled.")
    title_is_ours = models.BooleanField(
        default=False, help_text="Tick where the title is our description, not the printed one."
    )
    authors = models.CharField(max_length=300, blank=True, help_text="As printed, if named.")
    publisher = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="published_sources"
    )
    url = models.URLField("web address", max_length=500, blank=True)
    doi = models.CharField("DOI", max_length=120, blank=True)
    published_on = models.DateField(
        null=True, blank=True, help_text="The full date, if it is printed. Leave empty if unknown."
    )
    published_label = models.CharField(
        max_length=80, blank=True, help_text="As far as the date is known, as in September 2018."
    )
    accessed_on = models.DateField(null=True, blank=True, help_text="When one of us last read it.")
    language = models.CharField(max_length=8, default="en-GB")
    licence = models.CharField(
        max_length=120, blank=True, help_text="The source's own licence, as in OGL v3.0."
    )
    derived_from = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="derivatives",
        help_text="The release or FOI response from which this one takes its figures.",
    )
    reliability_note = models.TextField(
        blank=True, help_text="What a colleague should know before relying on it."
    )
    held = models.BooleanField(
        default=True, help_text="Untick for a primary source that nobody here has seen."
    )
    summary = models.TextField(blank=True, help_text="What it says, in our own words.")
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    retracted_on = models.DateField(null=True, blank=True)
    retraction_note = models.TextField(blank=True)

    class Meta(Reviewed.Meta):
        ordering = ["-published_on", "title"]
        constraints = [
            *Reviewed.Meta.constraints,
            models.CheckConstraint(
                name="source_kind_is_known", condition=Q(kind__in=SourceKind.values)
            ),
            models.CheckConstraint(
                name="source_retraction_has_a_note",
                condition=Q(retracted_on__isnull=True) | ~Q(retraction_note=""),
                violation_error_message="Say why the source was retracted.",
            ),
            models.CheckConstraint(
                name="source_does_not_supersede_itself",
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("id")),
                violation_error_message="A source cannot supersede itself.",
            ),
        ]
        indexes = [
            GinIndex(
                SearchVector("title", "summary", "authors", config="english"), name="source_search"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.date_label or 'undated'})"

    def clean(self) -> None:
        """What a person mends at one field; bibliographies come in as they were kept."""
        first = self.published_on
        if first and self.accessed_on and self.accessed_on < first:
            raise ValidationError({"accessed_on": "Nobody read it before it was published."})
        if first and self.retracted_on and self.retracted_on < first:
            raise ValidationError({"retracted_on": "It was not retracted before it came out."})
        if self.retracted_on and not self.retraction_note:
            raise ValidationError({"retraction_note": "Say why the source was retracted."})

    @property
    def date_label(self) -> str:
        """The printed date as far as it is known, or an empty string."""
        if self.published_on:
            return f"{self.published_on.day} {self.published_on:%B %Y}"
        return self.published_label

    def missing_for_what_cites_it(self) -> list[str]:
        """Why nothing that cites it can be approved yet."""
        return [] if self.is_approved else [f"its source, {self.key}, is not approved"]


@pghistory.track()
class Statement(Reviewed):
    """Words said in public by someone who speaks for an organisation or an office."""

    speaker = models.CharField(max_length=120)
    role = models.CharField(
        max_length=200, help_text="The office held when it was said, as in Home Office minister."
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="statements"
    )
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="statements")
    excerpt = models.ForeignKey(
        "evidence.Excerpt",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
    )
    gist = models.TextField(help_text="What was said, in our own words.")
    words = models.CharField(
        max_length=200, blank=True, help_text="A short verbatim quotation, without quotation marks."
    )
    said_in = models.CharField(max_length=40, help_text="The year or date, as in 2018.")

    class Meta(Reviewed.Meta):
        ordering = ["speaker"]

    def __str__(self) -> str:
        return f"{self.speaker}, {self.said_in}"

    def missing_for_approval(self) -> list[str]:
        return self.source.missing_for_what_cites_it()
