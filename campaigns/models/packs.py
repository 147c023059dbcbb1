"""Briefing packs as they are put together: their sections, and what is chosen for each."""

from datetime import datetime
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from campaigns import markdown
from campaigns.models.asks import Ask, Campaign, exactly_one
from campaigns.models.parliament import Amendment, Member, Stage
from evidence.models import (
    Audience,
    Claim,
    Organisation,
    Purpose,
    Reviewed,
    Statement,
    Statistic,
    TestimonyVersion,
)


def in_words(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%-d %B %Y at %H:%M}"


class Layout(models.TextChoices):
    FULL = "full", "Full"
    ONE_PAGE = "one_page", "One side of A4"


class NoteStyle(models.TextChoices):
    SHORT = "short", "Short and linked"
    OSCOLA = "oscola", "OSCOLA"


@pghistory.track()
class Pack(Reviewed):
    """A briefing for one stage of a bill: figures and testimony are chosen, never retyped."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="packs")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="packs")
    organisations = models.ManyToManyField(
        Organisation, related_name="packs", help_text="In whose name it goes out."
    )
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.POLICY_BRIEFING)
    audience = models.CharField(
        max_length=24, choices=Audience, default=Audience.PARLIAMENT_MEMBERS
    )
    used_on = models.DateField(
        "date of use", help_text="The day of the debate: every consent has to reach it."
    )
    layout = models.CharField(max_length=8, choices=Layout, default=Layout.FULL)
    notes = models.CharField(
        "footnotes",
        max_length=6,
        choices=NoteStyle,
        default=NoteStyle.SHORT,
        help_text="Short: NSPCC FOI, four of four forces, 2021/22, with a link.",
    )
    about_us = models.TextField(blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    recipients = models.ManyToManyField(
        Member,
        blank=True,
        related_name="packs",
        verbose_name="to whom it goes",
        help_text="Whom you mean it for: who cannot be reached by e-mail is told beside the form.",
    )
    not_before = models.DateTimeField(
        "embargoed until",
        null=True,
        blank=True,
        help_text="Printed on every page; nothing is sent before.",
    )
    not_after = models.DateTimeField(
        "expires", null=True, blank=True, help_text="From then on nothing of it is issued or sent."
    )
    personalised = models.BooleanField(
        default=False,
        help_text="Each copy greets its reader, has the amendments that they signed first, a "
        "number, and a code that tells whether it is still good.",
    )

    class Meta(Reviewed.Meta):
        ordering = ["-used_on", "title"]
        constraints = [
            *Reviewed.Meta.constraints,
            models.CheckConstraint(
                name="pack_expires_after_its_embargo",
                condition=Q(not_before=None)
                | Q(not_after=None)
                | Q(not_before__lt=models.F("not_after")),
                violation_error_message="It would expire before its embargo ends.",
            ),
            models.CheckConstraint(
                name="pack_notes_are_of_a_known_style", condition=Q(notes__in=NoteStyle.values)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def embargo(self) -> str:
        """What is printed on a pack that may not be used yet; empty where it may."""
        return f"Embargoed until {in_words(self.not_before)}" if self.not_before else ""

    def prose(self) -> dict[str, str]:
        sections = {
            f"the section “{each.heading}”": markdown.words(each.text)
            for each in self.sections.all()
        }
        others = {f"the words about {each}": each.about for each in self.contacts.all()}
        return {**sections, "the words about us": self.about_us, **others}

    def bound_figures(self) -> list[Any]:
        """The figures and claims that are chosen for it, and the figures under those claims."""
        chosen = PackItem.objects.filter(section__pack=self)
        claims = Claim.objects.filter(pack_items__in=chosen).distinct()
        figures = Statistic.objects.filter(
            Q(pack_items__in=chosen) | Q(claim_inputs__claim__in=claims)
        )
        return [*figures.select_related("area", "period", "source").distinct(), *claims]


class SectionKind(models.TextChoices):
    SUMMARY = "summary", "Summary and asks"
    PROBLEM = "problem", "The problem"
    BILL = "bill", "What the Bill does now"
    AMENDMENT = "amendment", "The proposed amendment"
    WHY = "why", "Why it works"
    QUESTIONS = "questions", "Questions to the Minister"
    CASE_STUDY = "case_study", "Case study"


class PackSection(models.Model):
    """A part of a pack, in reading order, with the officer's own words for it."""

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=SectionKind)
    heading = models.CharField(max_length=120)
    text = models.TextField(
        blank=True,
        help_text="Paragraphs with an empty line between; **bold**, *italics*, "
        "[links](https://example.org), lists with - or 1. at the start of each line.",
    )

    class Meta:
        ordering = ["pack", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "position"],
                name="pack_section_position_once",
                deferrable=models.Deferrable.DEFERRED,  # two sections change places
            ),
            models.CheckConstraint(
                name="pack_section_kind_is_known", condition=Q(kind__in=SectionKind.values)
            ),
        ]

    def __str__(self) -> str:
        return self.heading

    def clean(self) -> None:
        if faults := markdown.faults(self.text):
            raise ValidationError({"text": [str(each) for each in faults]})


ITEM_FIELDS = ("ask", "statistic", "claim", "statement", "testimony_version", "amendment")


class PackItem(models.Model):
    """One thing chosen for a section: its words come from the evidence."""

    section = models.ForeignKey(PackSection, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    ask = models.ForeignKey(
        Ask, on_delete=models.PROTECT, null=True, blank=True, related_name="pack_items"
    )
    statistic = models.ForeignKey(
        Statistic, on_delete=models.PROTECT, null=True, blank=True, related_name="pack_items"
    )
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="pack_items"
    )
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="pack_items"
    )
    testimony_version = models.ForeignKey(
        TestimonyVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="pack_items"
    )
    amendment = models.ForeignKey(
        Amendment, on_delete=models.PROTECT, null=True, blank=True, related_name="pack_items"
    )
    as_background = models.BooleanField(
        "as background only",
        default=False,
        help_text="Include an account that may not be read in the Chamber.",
    )

    class Meta:
        ordering = ["section", "position", "id"]
        constraints = [
            models.CheckConstraint(
                name="pack_item_is_exactly_one",
                condition=exactly_one(ITEM_FIELDS),
                violation_error_message="Choose exactly one thing for each line.",
            ),
            models.CheckConstraint(
                name="pack_item_as_background_is_an_account",
                condition=Q(as_background=False) | Q(testimony_version__isnull=False),
                violation_error_message="Only an account is included as background.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.chosen)

    @property
    def chosen(self) -> models.Model:
        """The one thing that is chosen."""
        chosen: models.Model = next(item for field in ITEM_FIELDS if (item := getattr(self, field)))
        return chosen
