"""What Parliament does: members, bills, their stages and sittings, and amendments."""

import pghistory
from django.db import models
from django.db.models import Q

from campaigns.models.asks import Ask
from evidence.models import Reviewed, Source


class House(models.TextChoices):
    COMMONS = "commons", "House of Commons"
    LORDS = "lords", "House of Lords"


class Member(models.Model):
    """A member of either House, as Parliament publishes them."""

    parliament_id = models.PositiveIntegerField(
        null=True,
        blank=True,
        unique=True,
        help_text="The id in Parliament's Members API, if known.",
    )
    name = models.CharField(max_length=120, unique=True, help_text="As Parliament lists them.")
    house = models.CharField(max_length=8, choices=House)
    party = models.CharField("party or group", max_length=80, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="member_house_is_known", condition=Q(house__in=House.values)
            )
        ]

    def __str__(self) -> str:
        return self.name


class MemberContact(models.Model):
    """What the charity itself holds on how to reach a member, apart from the public record."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="contact")
    email = models.EmailField(blank=True)
    salutation = models.CharField(max_length=80, blank=True, help_text="As in: Dear Lord ...")
    preferences = models.TextField(blank=True)

    class Meta:
        ordering = ["member"]

    def __str__(self) -> str:
        return f"How to reach {self.member}"


@pghistory.track()
class Bill(Reviewed):
    """A bill before Parliament, or the Act that it became."""

    parliament_id = models.PositiveIntegerField(
        null=True, blank=True, unique=True, help_text="The id on bills.parliament.uk."
    )
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    session = models.CharField(max_length=20, blank=True, help_text="As in 2022-23.")
    url = models.URLField("web address", blank=True)
    act_title = models.CharField("title as an Act", max_length=200, blank=True)
    royal_assent_on = models.DateField("Royal Assent", null=True, blank=True)
    campaigns = models.ManyToManyField(
        "campaigns.Campaign", related_name="bills", blank=True, help_text="Who follows it."
    )

    class Meta(Reviewed.Meta):
        ordering = ["title"]
        constraints = [
            *Reviewed.Meta.constraints,
            models.CheckConstraint(
                name="bill_act_has_its_royal_assent",
                condition=Q(act_title="") | Q(royal_assent_on__isnull=False),
                violation_error_message="An Act has a date of Royal Assent.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Stage(models.Model):
    """A stage of a bill in one House. Its name is Parliament's own; unknown stays empty."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="stages")
    parliament_id = models.PositiveIntegerField(
        null=True, blank=True, unique=True, help_text="The bill stage's id in Parliament's API."
    )
    house = models.CharField(max_length=8, choices=House, blank=True)
    name = models.CharField(max_length=80, blank=True, help_text="Empty where not known.")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["bill", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["bill", "house", "name"],
                condition=~Q(name=""),
                name="stage_once_in_a_house",
                violation_error_message="The bill already has this stage in that House.",
            ),
            models.CheckConstraint(
                name="stage_house_is_known_or_empty",
                condition=Q(house="") | Q(house__in=House.values),
            ),
        ]

    def __str__(self) -> str:
        if not self.name:
            return "Stage not known"
        return f"{House(self.house).label[9:]} {self.name}" if self.house else self.name


class Sitting(models.Model):
    """A day on which a stage was taken."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="sittings")
    date = models.DateField()
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "date"], name="sitting_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.date.day} {self.date:%B %Y}"


class AmendmentOrigin(models.TextChoices):
    PARLIAMENT = "parliament", "Published by Parliament"
    OWN_DRAFT = "own_draft", "Our own draft"


@pghistory.track()
class Amendment(Reviewed):
    """A change to a bill: one that Parliament published, or a draft of our own."""

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
        max_length=40, blank=True, help_text="Parliament's own word. Empty if unknown."
    )
    decided_on = models.DateField(null=True, blank=True)
    considered_on = models.DateField(null=True, blank=True, help_text="The sitting day.")
    explanatory_statement = models.TextField("member's explanatory statement", blank=True)
    note = models.TextField(blank=True, help_text="What is known, and what is not.")
    url = models.URLField("web address", blank=True)
    sources = models.ManyToManyField(Source, related_name="amendments", blank=True)

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
        ]

    def __str__(self) -> str:
        if self.origin == AmendmentOrigin.OWN_DRAFT:
            return f"Draft of our own: {self.title}"
        return f"Amendment {self.number}: {self.title}" if self.number else self.title

    @property
    def is_own_draft(self) -> bool:
        return self.origin == AmendmentOrigin.OWN_DRAFT


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

    class Meta:
        ordering = ["ask", "amendment"]
        verbose_name = "amendment for an ask"
        verbose_name_plural = "amendments for asks"
        constraints = [
            models.UniqueConstraint(fields=["ask", "amendment"], name="ask_amendment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.amendment} {self.get_relation_display().lower()} {self.ask}"
