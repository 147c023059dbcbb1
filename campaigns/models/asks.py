"""What we ask for: campaigns, asks and the evidence that carries each ask."""

from collections.abc import Iterable
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from evidence.models import (
    Claim,
    ClaimInput,
    EvidenceGap,
    Organisation,
    Reviewed,
    ReviewState,
    Source,
    Statement,
    Statistic,
    TestimonyVersion,
)


@pghistory.track()
class Campaign(Reviewed):
    """A piece of advocacy work that asks, bills and packs belong to."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    summary = models.TextField(help_text="What the campaign wants and why, in two sentences.")
    organisations = models.ManyToManyField(Organisation, related_name="campaigns", blank=True)

    class Meta(Reviewed.Meta):
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class AskStatus(models.TextChoices):
    ACTIVE = "active", "Active"
    DELIVERED = "delivered", "Delivered"
    PARTLY_DELIVERED = "partly_delivered", "Partly delivered"
    REFUSED = "refused", "Refused"
    DROPPED = "dropped", "Dropped"


@pghistory.track()
class Ask(Reviewed):
    """One change that we want someone to make."""

    slug = models.SlugField(max_length=80, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="asks")
    position = models.PositiveSmallIntegerField(default=0, help_text="Order within the campaign.")
    title = models.CharField(max_length=160, help_text="As in: a statutory child safety advocate.")
    change_wanted = models.TextField(help_text="What should be different, in one or two sentences.")
    targets = models.ManyToManyField(Organisation, related_name="asks", help_text="Who can do it.")
    rationale = models.TextField(blank=True, help_text="Why it would work.")
    precedent = models.TextField(blank=True, help_text="Where it works already.")
    year = models.PositiveSmallIntegerField(help_text="The year in which it was first made.")
    status = models.CharField(max_length=16, choices=AskStatus, default=AskStatus.ACTIVE)
    outcome = models.TextField(blank=True, help_text="What came of it.")
    outcome_on = models.DateField(null=True, blank=True)
    outcome_source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="outcomes",
        null=True,
        blank=True,
        help_text="Where it can be read. Empty where none is held.",
    )
    sources = models.ManyToManyField(Source, related_name="asks", blank=True)

    class Meta(Reviewed.Meta):
        ordering = ["campaign", "position"]
        constraints = [
            *Reviewed.Meta.constraints,
            models.CheckConstraint(
                name="ask_status_is_known", condition=Q(status__in=AskStatus.values)
            ),
            models.CheckConstraint(
                name="ask_ended_says_what_came_of_it",
                condition=Q(status=AskStatus.ACTIVE) | ~Q(outcome=""),
                violation_error_message="Say what came of the ask.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def prose(self) -> dict[str, str]:
        objections = [(each.objection, each.answer) for each in self.objections.all()]
        return self.prose_with(objections, [each.text for each in self.questions.all()])

    def prose_with(
        self, objections: Iterable[tuple[str, str]], questions: Iterable[str]
    ) -> dict[str, str]:
        """The same, where these are read already: each objection with its answer."""
        texts = {
            "the change wanted": self.change_wanted,
            "the rationale": self.rationale,
            "the precedent": self.precedent,
            "the outcome": self.outcome,
        }
        for number, (objection, answer) in enumerate(objections, start=1):
            texts[f"objection {number}"] = objection
            texts[f"the answer to objection {number}"] = answer
        for number, question in enumerate(questions, start=1):
            texts[f"question {number}"] = question
        return texts

    def bound_figures(self) -> list[Any]:
        """The figures among its evidence, and the claims that rest on those alone."""
        named = ("area", "period", "source")
        figures = Statistic.objects.filter(ask_links__ask=self).select_related(*named).distinct()
        others = ClaimInput.objects.exclude(statistic__in=figures).values("claim")
        claims = Claim.objects.filter(inputs__statistic__in=figures).exclude(pk__in=others)
        in_use = claims.exclude(review_state=ReviewState.RETIRED).distinct()
        return [*figures, *in_use]


class Objection(models.Model):
    """What opponents say against an ask, and our answer."""

    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="objections")
    position = models.PositiveSmallIntegerField(default=0)
    objection = models.TextField()
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["ask", "position"]

    def __str__(self) -> str:
        return self.objection[:80]


class MinisterQuestion(models.Model):
    """A question that a member can put to the Minister."""

    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()

    class Meta:
        ordering = ["ask", "position"]

    def __str__(self) -> str:
        return self.text[:80]


class EvidenceRole(models.TextChoices):
    SHOWS_PROBLEM = "shows_problem", "Shows the problem"
    SHOWS_IT_WORKS = "shows_it_works", "Shows that it works"
    ANSWERS_OBJECTION = "answers_objection", "Answers an objection"
    PUBLIC_SUPPORT = "public_support", "Public support"
    COUNTER_EVIDENCE = "counter_evidence", "Counter-evidence"


class Strength(models.TextChoices):
    STRONG = "strong", "Strong"
    MODERATE = "moderate", "Moderate"
    WEAK = "weak", "Weak"


EVIDENCE_FIELDS = ("statistic", "testimony_version", "statement", "source", "gap")


def exactly_one(fields: tuple[str, ...]) -> Q:
    """Exactly one of these foreign keys is set."""
    condition = Q()
    for chosen in fields:
        condition |= Q(**{f"{field}__isnull": field != chosen for field in fields})
    return condition


@pghistory.track()
class EvidenceLink(models.Model):
    """What a piece of evidence does for an ask; evidence against it is kept as well."""

    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="evidence")
    role = models.CharField(max_length=20, choices=EvidenceRole)
    statistic = models.ForeignKey(
        Statistic, on_delete=models.PROTECT, related_name="ask_links", null=True, blank=True
    )
    testimony_version = models.ForeignKey(
        TestimonyVersion, on_delete=models.PROTECT, related_name="ask_links", null=True, blank=True
    )
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="ask_links", null=True, blank=True
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="ask_links", null=True, blank=True
    )
    gap = models.ForeignKey(
        EvidenceGap, on_delete=models.PROTECT, related_name="ask_links", null=True, blank=True
    )
    strength = models.CharField(max_length=8, choices=Strength, default=Strength.MODERATE)
    reason = models.TextField(
        blank=True, help_text="Why it is as strong as you say. Strong and weak need one."
    )
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        help_text="Who puts their name to the role and the strength. Empty where nobody has.",
    )
    judged_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["ask", "role", "id"]
        constraints = [
            models.CheckConstraint(
                name="evidence_link_to_exactly_one",
                condition=exactly_one(EVIDENCE_FIELDS),
                violation_error_message="Choose exactly one figure, testimony, statement, source "
                "or gap.",
            ),
            models.CheckConstraint(
                name="evidence_link_role_and_strength_are_known",
                condition=Q(role__in=EvidenceRole.values, strength__in=Strength.values),
            ),
            models.CheckConstraint(
                name="evidence_link_strength_has_a_reason",
                condition=Q(strength=Strength.MODERATE) | ~Q(reason=""),
                violation_error_message="Say why it is that strong, or that weak.",
            ),
            models.CheckConstraint(
                name="evidence_link_judged_by_somebody_once",
                condition=Q(judged_by=None, judged_at=None)
                | Q(judged_by__isnull=False, judged_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.evidence}"

    @property
    def evidence(self) -> models.Model:
        """The one piece of evidence that is linked."""
        chosen: models.Model = next(
            item for field in EVIDENCE_FIELDS if (item := getattr(self, field))
        )
        return chosen
