"""Statistics as printed and as numbers, and what they measure: areas, measures, periods."""

import uuid
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from evidence.models.reviewing import Reviewed, ReviewState
from evidence.models.snapshots import Excerpt
from evidence.models.sources import Organisation, Source
from evidence.printed import UnreadableNumber, read_number
from evidence.prose import Figure

PER_CENT_AT_MOST = 100


class AreaLevel(models.TextChoices):
    UK = "uk", "United Kingdom"
    GREAT_BRITAIN = "gb", "Great Britain"
    ENGLAND_AND_WALES = "ew", "England and Wales"
    COUNTRY = "country", "Country"
    POLICE_FORCE = "police_force", "Police force area"


class Area(models.Model):
    """A territory by its GSS code; the tree lets parts be checked against totals."""

    gss_code = models.CharField("GSS code", max_length=9, primary_key=True)
    name = models.CharField(max_length=120, unique=True)
    level = models.CharField(max_length=16, choices=AreaLevel)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    aliases = models.CharField(max_length=300, blank=True, help_text="Other names, with | between.")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="area_code_is_gss",
                condition=Q(gss_code__regex=r"^[EKNSW][0-9]{8}$"),
                violation_error_message="A GSS code is a letter and eight digits, as in W92000004.",
            ),
            models.CheckConstraint(
                name="area_is_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("gss_code")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Measure(models.Model):
    """What is counted, and by which rules."""

    key = models.SlugField(max_length=80, primary_key=True)
    name = models.CharField(max_length=200, unique=True)
    definition = models.TextField(help_text="Exactly what is counted and what is not.")
    offence_class = models.CharField("Home Office class", max_length=20, blank=True)
    additive = models.BooleanField(
        default=True, help_text="Tick where the areas' counts add up to the whole."
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PeriodKind(models.TextChoices):
    FINANCIAL_YEAR = "financial_year", "Year ending 31 March"
    CALENDAR_YEAR = "calendar_year", "Calendar year"
    OTHER = "other", "Other span"


class Period(models.Model):
    """A span of days, both included, and the label under which it is printed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label = models.CharField(max_length=60, help_text="As printed, as in 2016/17.")
    kind = models.CharField(max_length=16, choices=PeriodKind)
    start = models.DateField()
    end = models.DateField(help_text="The last day, included.")

    class Meta:
        ordering = ["start", "end"]
        constraints = [
            models.CheckConstraint(
                name="period_ends_after_its_start",
                condition=Q(end__gte=F("start")),
                violation_error_message="A period cannot end before it starts.",
            ),
            models.UniqueConstraint(
                fields=["label", "start", "end"],
                name="period_once",
                violation_error_message="This period is already there.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def clean(self) -> None:
        try:
            ends_early = self.end < self.start
        except TypeError:  # one of them is no date, which the form has said
            return
        if ends_early:
            raise ValidationError({"end": "A period cannot end before it starts."})


class Unit(models.TextChoices):
    COUNT = "count", "Count"
    PERCENT = "percent", "Per cent"
    PERCENTAGE_POINT = "percentage_point", "Percentage points"
    FRACTION = "fraction", "Fraction"
    MULTIPLE = "multiple", "Multiple"
    RATE = "rate", "Rate"
    MONEY = "money", "Money"
    OTHER = "other", "Other"


class Qualifier(models.TextChoices):
    EXACT = "exact", "exactly"
    OVER = "over", "over"
    UNDER = "under", "under"
    ABOUT = "about", "about"
    NEARLY = "nearly", "nearly"
    AT_LEAST = "at_least", "at least"
    AT_MOST = "at_most", "at most"


class Comparability(models.TextChoices):
    COMPARABLE = "comparable", "Comparable with the series"
    NOTE = "note", "Comparable only with its note"
    BREAK = "break", "Not comparable"


@pghistory.track()
class Statistic(Reviewed):
    """One figure in one source: its value as printed, and the number that we read from it."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="statistics")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="statistics")
    period = models.ForeignKey(
        Period,
        on_delete=models.PROTECT,
        related_name="statistics",
        help_text="The period that we read it as. Choose the printed one below if that differs.",
    )
    printed_period = models.ForeignKey(
        Period,
        on_delete=models.PROTECT,
        related_name="printed_statistics",
        null=True,
        blank=True,
        help_text="Only where the source prints another label for the same figure.",
    )
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="statistics",
        help_text="The nearest source that one of us has seen.",
    )
    excerpt = models.ForeignKey(
        Excerpt,
        on_delete=models.PROTECT,
        related_name="statistics",
        null=True,
        blank=True,
        help_text="The words that print it. Without them the figure counts as unanchored.",
    )
    recorded_by = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="recorded_statistics",
        null=True,
        blank=True,
        help_text="Who counted, as in a police force.",
    )
    value_printed = models.CharField(max_length=80, help_text="As printed, as in 1,437 or 43%.")
    value = models.DecimalField(
        max_digits=24, decimal_places=6, help_text="The same as a number, as in 1437."
    )
    unit = models.CharField(max_length=16, choices=Unit, default=Unit.COUNT)
    qualifier = models.CharField(
        max_length=8,
        choices=Qualifier,
        default=Qualifier.EXACT,
        help_text="Over, nearly, about: the word in front of the printed number.",
    )
    base = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many people answered, for a survey."
    )
    weighted = models.BooleanField(default=False, help_text="Tick for a weighted survey.")
    forces_answered = models.PositiveSmallIntegerField(null=True, blank=True)
    forces_asked = models.PositiveSmallIntegerField(null=True, blank=True)
    comparability = models.CharField(
        max_length=10, choices=Comparability, default=Comparability.COMPARABLE
    )
    caveat = models.TextField(blank=True, help_text="What must be said wherever it is used.")
    approved_wording = models.TextField(blank=True, help_text="A sentence that is safe to print.")
    wording_to_avoid = models.TextField(blank=True, help_text="How it must not be put, and why.")
    spoken = models.CharField(
        "said aloud", max_length=200, blank=True, help_text="As in: up by more than two-fifths."
    )
    next_release_on = models.DateField(null=True, blank=True)
    correction_note = models.TextField(
        "what was wrong",
        blank=True,
        help_text="Only where a figure that is on the website changes: it becomes a correction.",
    )

    class Meta(Reviewed.Meta):
        verbose_name = "figure"  # as everyone calls it
        ordering = ["measure", "area", "period", "source"]
        constraints = [
            *Reviewed.Meta.constraints,
            models.UniqueConstraint(
                fields=["measure", "area", "period", "source", "unit"],
                name="statistic_once_in_a_source",
                violation_error_message="This source's figure for that measure, area and period "
                "is already there.",
            ),
            models.CheckConstraint(
                name="statistic_unit_is_known", condition=Q(unit__in=Unit.values)
            ),
            models.CheckConstraint(
                name="statistic_qualifier_is_known", condition=Q(qualifier__in=Qualifier.values)
            ),
            models.CheckConstraint(
                name="statistic_count_is_not_negative",
                condition=~Q(unit=Unit.COUNT) | Q(value__gte=0),
                violation_error_message="A count cannot be negative.",
            ),
            models.CheckConstraint(
                name="statistic_coverage_within_asked",
                condition=Q(forces_answered__isnull=True)
                | Q(forces_asked__isnull=False, forces_answered__lte=F("forces_asked")),
                violation_error_message="More forces answered than were asked: check both numbers.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value_printed}, {self.area}, {self.period} ({self.source.key})"

    @property
    def display_value(self) -> str:
        """The printed value with its qualifier, as in “over 30,000”."""
        if self.qualifier == Qualifier.EXACT:
            return self.value_printed
        return f"{Qualifier(self.qualifier).label} {self.value_printed}"

    @property
    def is_anchored(self) -> bool:
        return self.excerpt_id is not None

    def figures(self) -> list[Figure]:
        return [self]

    def prose(self) -> dict[str, str]:
        return {"the approved wording": self.approved_wording, "the words said aloud": self.spoken}

    def bound_figures(self) -> list[Any]:
        """Itself, the claims on it, and the other figures under those."""
        rows = self.claim_inputs.exclude(claim__review_state=ReviewState.RETIRED)
        rows = rows.select_related("claim").prefetch_related(
            "claim__inputs__statistic__area",
            "claim__inputs__statistic__period",
            "claim__inputs__statistic__source",
        )
        claims = list({row.claim: None for row in rows})
        others = [beside.statistic for claim in claims for beside in claim.inputs.all()]
        return list(dict.fromkeys([self, *claims, *others]))

    def clean(self) -> None:
        if faults := self.faults():
            raise ValidationError(dict(faults))

    def faults(self) -> dict[str, str]:
        """By field, what cannot be so: a printed form and a number that disagree, and the like."""
        said = None if self.qualifier == Qualifier.EXACT else self.qualifier
        try:
            read = read_number(self.value_printed, said, self.unit).value
        except UnreadableNumber as error:
            return {"value_printed": str(error)}
        if self.value is None:
            return {}
        found = {}
        if abs(read - Fraction(self.value)) > Fraction(1, 10**5):
            written = f"{Decimal(self.value):f}"
            found["value"] = f"{self.value_printed} is printed, but {written} is written here."
        if self.unit == Unit.PERCENT and read > PER_CENT_AT_MOST:
            found["value"] = "A share is at most 100 per cent: a rise beyond that is a claim."
        if self.excerpt and self.value_printed.casefold() not in self.excerpt.exact.casefold():
            found["excerpt"] = f"Its words do not print {self.value_printed}: choose those that do."
        return found

    def missing_for_approval(self) -> list[str]:
        return [
            *self.source.missing_for_what_cites_it(),
            *[fault.rstrip(".") for fault in self.faults().values()],
            *super().missing_for_approval(),
        ]
