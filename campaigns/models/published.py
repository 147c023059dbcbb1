"""Amendments as Parliament publishes them: its words, which the sync writes and nobody reviews."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pghistory
from django.db import models
from django.db.models import Q

from campaigns.models.bills import Stage
from campaigns.models.vocabulary import AMENDMENT_TYPES, DECISIONS, LONGEST_WORD
from campaigns.printing import Line

if TYPE_CHECKING:
    from campaigns.models.parliament import Amendment  # which itself needs `Standing`


@dataclass(frozen=True, slots=True)
class Standing:
    """What is shown of an amendment; empty is not known."""

    number: str
    decision: str
    stage: Stage
    place: str
    lines: tuple[Line, ...]
    explanatory_statement: str
    is_read: bool  # from Parliament, rather than typed here
    vanished: bool = False

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def text_sha256(self) -> str:
        return hash_of_text(self.text)


DEEPEST = 6  # levels of indentation that are printed


class CameFrom(models.TextChoices):
    API = "api", "The Bills API"
    LIST = "list", "A marshalled list"


def _printed(**options: Any) -> models.CharField[str, str]:
    """A field that is kept as it was printed: Parliament sends numbers and words for one thing."""
    return models.CharField(max_length=options.pop("longest", 20), blank=True, **options)


@pghistory.track(exclude=["first_seen_at", "last_seen_at", "detail_read_at", "item_sha256"])
class AmendmentAsPublished(models.Model):
    """What Parliament says of an amendment now. Its history is kept, and nothing of it is ours."""

    amendment = models.OneToOneField(
        "campaigns.Amendment", on_delete=models.PROTECT, related_name="as_published"
    )
    parliament_id = models.PositiveIntegerField(
        null=True, unique=True, help_text="It lasts for one stage, and no longer."
    )
    came_from = models.CharField(max_length=4, choices=CameFrom, default=CameFrom.API)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="as_published")
    number = _printed(help_text="As marshalled: read from the text of the marshalled list.")
    marshalled_list_text = models.TextField(blank=True)
    d_num = _printed(longest=40, help_text="Under which it was tabled.")
    amendment_type = _printed(longest=LONGEST_WORD)
    decision = _printed(longest=LONGEST_WORD)
    decision_explanation = models.TextField(blank=True)
    clause = _printed()
    schedule = _printed()
    page_number = _printed()
    line_number = _printed()
    position = _printed(longest=200)
    location = _printed(longest=400)
    main_header = models.TextField(blank=True)
    amendment_note = models.TextField(blank=True)
    status_indicator = _printed(longest=60)
    summary = models.TextField(blank=True)
    lines = models.JSONField(default=list, help_text="Of each: text, indent, hanging, image.")
    text = models.TextField(blank=True, help_text="The lines, one below the other.")
    text_sha256 = models.CharField(max_length=64, blank=True)
    explanatory_prefix = models.TextField(blank=True)
    explanatory_text = models.TextField(blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    vanished_at = models.DateTimeField(null=True)
    detail_read_at = models.DateTimeField(null=True)
    item_sha256 = models.CharField(max_length=64, blank=True, help_text="Of what its list said.")

    class Meta:
        ordering = ["id"]  # by stage and amendment would join four tables for every page read
        verbose_name = "amendment as published"
        verbose_name_plural = "amendments as published"
        indexes = [
            models.Index(fields=["stage", "last_seen_at"], name="as_published_seen"),
            models.Index(fields=["stage", "number"], name="as_published_number"),
        ]
        constraints = [
            models.CheckConstraint(
                name="as_published_came_from_somewhere",
                condition=Q(came_from=CameFrom.LIST)
                | Q(came_from=CameFrom.API, parliament_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.d_num or f"number {self.parliament_id} at Parliament"

    def set_lines(self, lines: list[dict[str, Any]]) -> None:
        """The one place where the wording is set, so that text and hash are those of the lines."""
        self.lines = lines
        self.text = "\n".join(str(line["text"]) for line in lines)
        self.text_sha256 = hash_of_text(self.text)

    @property
    def unknown_words(self) -> list[str]:
        """Words of Parliament's own that we have no meaning for."""
        found = []
        if self.decision and self.decision not in DECISIONS:
            found.append(self.decision)
        if self.amendment_type and self.amendment_type not in AMENDMENT_TYPES:
            found.append(self.amendment_type)
        return found

    @property
    def place(self) -> str:
        """Where it stands in the bill, as far as the API tells."""
        named = (
            ("Clause", self.clause),
            ("Schedule", self.schedule),
            ("page", self.page_number),
            ("line", self.line_number),
        )
        told = ", ".join(f"{word} {value}" for word, value in named if value)
        return self.location or told


def hash_of_text(text: str) -> str:
    """Empty where there is no text."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def standing_of(amendment: Amendment, published: AmendmentAsPublished | None) -> Standing:
    """Parliament's words where they were read, else those that were typed here."""
    place, statement = amendment.position_in_bill, amendment.explanatory_statement
    lines: tuple[Line, ...] = ()
    if published:
        place = place or published.place
        lines = tuple(_line(line) for line in published.lines)
        statement = published.explanatory_text or statement
    return Standing(
        number=amendment.number,
        decision=amendment.decision,
        stage=amendment.stage,
        place=place,
        lines=lines or tuple(_own_lines(amendment)),
        explanatory_statement=statement,
        is_read=published is not None,
        vanished=published is not None and published.vanished_at is not None,
    )


def _line(kept: dict[str, Any]) -> Line:
    return Line(kept["text"], min(kept["indent"], DEEPEST), kept["hanging"])


def _own_lines(amendment: Amendment) -> Iterator[Line]:
    for line in amendment.lines.all():
        yield Line(line.text, line.indent, line.hanging)
