"""Amendments: ours and Parliament's, their lines and sponsors, and what each does for an ask."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from campaigns.models.asks import Ask
from campaigns.models.bills import Member, Stage
from campaigns.models.published import Standing, standing_of
from campaigns.models.vocabulary import LONGEST_WORD
from evidence.models import Reviewed, Source

__all__ = [
    "Amendment",
    "AmendmentLine",
    "AmendmentOrigin",
    "AskAmendment",
    "Confidence",
    "Member",
    "Relation",
    "Sponsor",
    "SponsorRole",
    "Stage",
    "Tabling",
]


class AmendmentOrigin(models.TextChoices):
    PARLIAMENT = "parliament", "Published by Parliament"
    OWN_DRAFT = "own_draft", "Our own draft"


class Tabling(models.TextChoices):
    """How far a draft of our own has come on its way to being tabled."""

    DRAFTING = "drafting", "Being drafted"
    WITH_COUNSEL = "with_counsel", "With counsel"
    WITH_MEMBER = "with_member", "With a member"
    HANDED_IN = "handed_in", "Handed in to the Public Bill Office"


@pghistory.track()
class Amendment(Reviewed):
    """A change to a bill: one that Parliament published, or a draft of our own.

    What stands here is ours, and reviewed. What Parliament publishes of it is in `as_published`,
    which the sync writes. Stage, number and decision follow that row without a review, and the
    database lets them take no other value; `stands()` says what is shown of all the rest.
    """

    slug = models.SlugField(max_length=80, unique=True)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="amendments")
    parliament_id = models.PositiveIntegerField(null=True, blank=True, unique=True)
    origin = models.CharField(
        max_length=12, choices=AmendmentOrigin, default=AmendmentOrigin.PARLIAMENT
    )
    number = models.CharField(
        "marshalled number", max_length=20, blank=True, help_text="As in 270A. Empty if unknown."
    )
    title = models.CharField(max_length=200, help_text="What it would do, or its printed heading.")
    position_in_bill = models.CharField(
        max_length=160, blank=True, help_text="As printed, as in: After Clause 142."
    )
    decision = models.CharField(
        max_length=LONGEST_WORD,
        blank=True,
        help_text="Parliament's own word. Empty if unknown.",
    )
    decided_on = models.DateField(null=True, blank=True)
    considered_on = models.DateField(null=True, blank=True, help_text="The sitting day.")
    explanatory_statement = models.TextField("member's explanatory statement", blank=True)
    note = models.TextField(blank=True, help_text="What is known, and what is not.")
    url = models.URLField("web address", blank=True)
    sources = models.ManyToManyField(Source, related_name="amendments", blank=True)
    re_tabled_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="re_tabled_as",
        help_text="The same proposal at an earlier stage. Parliament does not say which: you do.",
    )
    tabled_as = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="our_draft",
        help_text="For a draft of our own: the amendment that was tabled from it.",
    )
    tabling = models.CharField(
        "before tabling",
        max_length=12,
        choices=Tabling,
        blank=True,
        help_text="For a draft of our own. Empty where not known.",
    )

    class Meta(Reviewed.Meta):
        ordering = ["stage", "number"]
        constraints = [
            *Reviewed.Meta.constraints,
            models.CheckConstraint(
                name="amendment_draft_of_ours_has_no_number",
                condition=~Q(origin=AmendmentOrigin.OWN_DRAFT)
                | Q(number="", parliament_id__isnull=True, decision=""),
                violation_error_message="A draft of our own has no number, id or decision: only "
                "Parliament gives those.",
            ),
            models.CheckConstraint(
                name="amendment_origin_is_known", condition=Q(origin__in=AmendmentOrigin.values)
            ),
            models.CheckConstraint(
                name="amendment_only_a_draft_of_ours_is_tabled",
                condition=Q(origin=AmendmentOrigin.OWN_DRAFT) | Q(tabled_as=None, tabling=""),
                violation_error_message="Only a draft of our own is on its way to being tabled.",
            ),
            models.CheckConstraint(
                name="amendment_is_not_its_own_forerunner",
                condition=(Q(re_tabled_from=None) | ~Q(re_tabled_from=F("pk")))
                & (Q(tabled_as=None) | ~Q(tabled_as=F("pk"))),
                violation_error_message="An amendment does not come from itself.",
            ),
            models.CheckConstraint(
                name="amendment_tabling_is_known",
                condition=Q(tabling="") | Q(tabling__in=Tabling.values),
            ),
        ]

    def __str__(self) -> str:
        if self.origin == AmendmentOrigin.OWN_DRAFT:
            return f"Draft of our own: {self.title}"
        return f"Amendment {self.number}: {self.title}" if self.number else self.title

    @property
    def is_own_draft(self) -> bool:
        return self.origin == AmendmentOrigin.OWN_DRAFT

    @property
    def way_to_the_table(self) -> str:
        """Of a draft of our own, as a sentence says it: "tabled as 270A"."""
        if self.tabled_as:
            number = self.tabled_as.number
            return f"tabled as {number}" if number else "tabled, number not known"
        if not self.tabling:
            return "not yet tabled"
        how_far = Tabling(self.tabling).label
        return f"not yet tabled ({how_far[0].lower()}{how_far[1:]})"

    def stands(self) -> Standing:
        """What is shown of it: Parliament's words where they were read, else what we hold.

        One query for each of `as_published` and `lines` that was not loaded before.
        """
        published = getattr(self, "as_published", None)
        return standing_of(self, published)


class AmendmentLine(models.Model):
    """One printed line of an amendment, with its place in the layout."""

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    indent = models.PositiveSmallIntegerField(default=0, help_text="Levels, 0 to 6.")
    hanging = models.BooleanField(default=False, help_text="Later lines hang under the text.")

    class Meta:
        ordering = ["amendment", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["amendment", "position"], name="amendment_line_position_once"
            ),
            models.CheckConstraint(
                name="amendment_line_indent_is_printable", condition=Q(indent__lte=6)
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class SponsorRole(models.TextChoices):
    LEAD = "lead", "Lead"
    SUPPORTING = "supporting", "Added their name"


class Sponsor(models.Model):
    """A member who put their name to an amendment."""

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="sponsors")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="sponsorships")
    role = models.CharField(max_length=12, choices=SponsorRole, default=SponsorRole.SUPPORTING)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["amendment", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["amendment", "member"], name="sponsor_once_for_an_amendment"
            ),
            models.UniqueConstraint(
                fields=["amendment"],
                condition=Q(role=SponsorRole.LEAD),
                name="amendment_has_one_lead",
                violation_error_message="An amendment has one lead sponsor.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} ({self.get_role_display().lower()})"


class Confidence(models.TextChoices):
    SURE = "sure", "Sure"
    LIKELY = "likely", "Likely"
    DOUBTFUL = "doubtful", "Doubtful"


class Relation(models.TextChoices):
    DELIVERS = "delivers", "Delivers"
    PARTLY_DELIVERS = "partly_delivers", "Partly delivers"
    WATERS_DOWN = "waters_down", "Waters down"
    OPPOSES = "opposes", "Opposes"


class AskAmendment(models.Model):
    """What an amendment would do for an ask, as one of us judged it."""

    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="amendment_links")
    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="ask_links")
    relation = models.CharField(max_length=16, choices=Relation)
    note = models.TextField(blank=True)
    confidence = models.CharField(
        max_length=8, choices=Confidence, blank=True, help_text="Empty where nobody has said."
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    text_sha256_when_linked = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Of the wording that was judged; empty where none was held.",
    )

    class Meta:
        ordering = ["ask", "amendment"]
        verbose_name = "amendment for an ask"
        verbose_name_plural = "amendments for asks"
        constraints = [
            models.UniqueConstraint(fields=["ask", "amendment"], name="ask_amendment_once"),
            models.CheckConstraint(
                name="ask_amendment_confidence_is_known",
                condition=Q(confidence="") | Q(confidence__in=Confidence.values),
            ),
            models.CheckConstraint(
                name="ask_amendment_checked_by_somebody_once",
                condition=Q(checked_by=None, checked_at=None)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="ask_amendment_wording_is_hashed",
                condition=Q(text_sha256_when_linked="")
                | Q(text_sha256_when_linked__regex=r"^[0-9a-f]{64}$"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amendment} {self.get_relation_display().lower()} {self.ask}"
