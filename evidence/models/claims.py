"""Claims between statistics, the verdict on each, and what is claimed without any figure."""

from contextlib import suppress
from fractions import Fraction

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from evidence.models.figures import Area, Period, Qualifier, Statistic
from evidence.models.reviewing import Reviewed, ReviewState
from evidence.models.snapshots import Excerpt
from evidence.models.sources import Source
from evidence.numbers.quantities import PrintedNumber, Unit
from evidence.printed import UnreadableNumber, read_number
from evidence.prose import Figure


class ClaimType(models.TextChoices):
    PERCENT_CHANGE = "percent_change", "Percentage change"
    ABSOLUTE_CHANGE = "absolute_change", "Absolute change"
    MULTIPLE_CHANGE = "multiple_change", "Multiple"
    SHARE = "share", "Share"
    SUM = "sum", "Sum"
    RATE_PER_PERIOD = "rate_per_period", "Rate per period"
    DIRECTION_ONLY = "direction_only", "Direction"


RECOMPUTED_IN: dict[str, Unit] = {
    ClaimType.PERCENT_CHANGE: Unit.PERCENT,
    ClaimType.ABSOLUTE_CHANGE: Unit.COUNT,
    ClaimType.MULTIPLE_CHANGE: Unit.MULTIPLE,
    ClaimType.SHARE: Unit.PERCENT,
    ClaimType.SUM: Unit.COUNT,
    ClaimType.RATE_PER_PERIOD: Unit.RATE,
}


class Verdict(models.TextChoices):
    CONSISTENT = "consistent", "Consistent"
    INCONSISTENT = "inconsistent", "Inconsistent"
    NOT_TESTABLE = "not_testable", "Not testable"


class InputRole(models.TextChoices):
    FROM = "from", "From"
    TO = "to", "To"
    TOTAL = "total", "Total"
    PART = "part", "Part"


@pghistory.track(exclude=["verdict", "recomputed", "reason", "checked_at"])
class Claim(Reviewed):
    """What a source says about its figures, or what we compute from them ourselves.

    Verdict, recomputed value and reason are written by `evidence.checking` alone; a claim of our
    own has no source and states nothing, so that its value is always the recomputed one.
    """

    key = models.SlugField(max_length=80, unique=True, help_text="As in wales-up-43.")
    type = models.CharField(max_length=16, choices=ClaimType)
    wording = models.CharField(max_length=200, help_text="What is claimed, in our own words.")
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="claims",
        null=True,
        blank=True,
        help_text="The source that prints it. Empty for a computation of our own.",
    )
    also_printed_in = models.ManyToManyField(Source, blank=True, related_name="repeated_claims")
    excerpt = models.ForeignKey(
        Excerpt, on_delete=models.PROTECT, related_name="claims", null=True, blank=True
    )
    stated = models.CharField(
        max_length=80, blank=True, help_text="The claimed size as printed, as in 43% or a third."
    )
    qualifier = models.CharField(max_length=8, choices=Qualifier, default=Qualifier.EXACT)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="claims", null=True, blank=True
    )
    period = models.ForeignKey(
        Period, on_delete=models.PROTECT, related_name="claims", null=True, blank=True
    )
    days = models.PositiveIntegerField(
        null=True, blank=True, help_text="For a rate: how many days the count covers."
    )
    base = models.PositiveIntegerField(null=True, blank=True)
    weighted = models.BooleanField(default=False)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True, editable=False)
    recomputed = models.CharField(max_length=40, blank=True, editable=False)
    reason = models.TextField(blank=True, editable=False)
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Reviewed.Meta):
        ordering = ["key"]
        constraints = [
            *Reviewed.Meta.constraints,
            models.CheckConstraint(
                name="claim_type_is_known", condition=Q(type__in=ClaimType.values)
            ),
            models.CheckConstraint(
                name="claim_of_our_own_states_nothing",
                condition=Q(source__isnull=False) | Q(stated=""),
                violation_error_message="Name the source that states this value, or leave the "
                "value empty: a computation of ours is recomputed each time.",
            ),
            models.CheckConstraint(
                name="claim_verdict_has_a_reason",
                condition=Q(verdict="") | (Q(verdict__in=Verdict.values) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.wording

    def clean(self) -> None:
        if not self.stated or self.type == ClaimType.DIRECTION_ONLY:
            return
        said = None if self.qualifier == Qualifier.EXACT else self.qualifier
        try:
            read_number(self.stated, said)
        except UnreadableNumber as error:
            raise ValidationError({"stated": str(error)}) from error

    @property
    def is_ours(self) -> bool:
        return self.source_id is None

    def figures(self) -> list[Figure]:
        """What it states and what we recomputed, as far as each can be read."""
        found: list[Figure] = []
        if self.stated and self.type != ClaimType.DIRECTION_ONLY:
            with suppress(UnreadableNumber):
                found.append(read_number(self.stated))
        if self.recomputed and self.type in RECOMPUTED_IN:
            value = Fraction(self.recomputed)
            found.append(PrintedNumber(self.recomputed, value, RECOMPUTED_IN[self.type]))
        return found

    def missing_for_approval(self) -> list[str]:
        unapproved = self.inputs.exclude(statistic__review_state=ReviewState.APPROVED)
        missing = [
            f"its input, {row.statistic}, is not approved"
            for row in unapproved.select_related(
                "statistic__area", "statistic__period", "statistic__source"
            )
        ]
        cited = self.source.missing_for_what_cites_it() if self.source else []
        return [*cited, *missing]


class ClaimInput(models.Model):
    """One statistic that a claim is computed from, and the part it plays."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="inputs")
    role = models.CharField(max_length=5, choices=InputRole)
    statistic = models.ForeignKey(Statistic, on_delete=models.PROTECT, related_name="claim_inputs")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["claim", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "statistic", "role"], name="claim_input_once_in_a_role"
            ),
            models.UniqueConstraint(
                fields=["claim", "role"],
                condition=~Q(role=InputRole.PART),
                name="claim_input_one_in_each_role_but_part",
                violation_error_message="A claim has one statistic to start from, one to end at "
                "and one total.",
            ),
            models.CheckConstraint(
                name="claim_input_role_is_known", condition=Q(role__in=InputRole.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.statistic}"


@pghistory.track()
class EvidenceGap(Reviewed):
    """Something said in public without a figure or a source behind it, shown until one is found."""

    key = models.SlugField(max_length=80, unique=True)
    wording = models.CharField(max_length=300, help_text="What is said, in our own words.")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="gaps")
    missing = models.TextField(help_text="What would have to be found.")
    filled_by = models.ForeignKey(
        Statistic, on_delete=models.PROTECT, related_name="fills_gaps", null=True, blank=True
    )

    class Meta(Reviewed.Meta):
        verbose_name = "gap"
        ordering = ["key"]

    def __str__(self) -> str:
        return self.wording
