"""Bills with what of them is watched, and amendments as they are printed."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from campaigns.admin.signing import SigningAdmin, checked
from campaigns.admin.syncing import last_reading, start_reading
from campaigns.models import (
    Amendment,
    AmendmentAsPublished,
    AmendmentLine,
    AmendmentOrigin,
    AskAmendment,
    Bill,
    BillPrint,
    BillWatch,
    ChangeKind,
    Sponsor,
    Stage,
    WatchedClause,
)
from campaigns.parliament.groupings import fill_and_tell
from campaigns.parliament.watching import read_watched
from evidence.admin.acting import Act
from evidence.admin.base import NOT_KNOWN, Blocks, DeskForm, Lines, Shown, column
from evidence.admin.reviewing import ACTS, ReviewedAdmin, state
from evidence.refusing import Refused


class StageLines(Lines):
    model = Stage
    fields = ["position", "house", "name", "parliament_id"]
    show_change_link = True


class PrintLines(Lines):
    model = BillPrint
    part_of_review = False
    fields = ["number", "house", "published_on", "url"]


class ClauseForm(DeskForm):
    def clean_clause(self) -> str:
        typed: str = self.cleaned_data["clause"]
        try:
            read_watched(typed)
        except Refused as refused:
            raise ValidationError(str(refused)) from refused
        return typed


class ClauseLines(Lines):
    model = WatchedClause
    form = ClauseForm
    part_of_review = False
    fields = ["clause", "note"]


@column("Royal Assent", ordering="royal_assent_on")
def royal_assent(bill: Bill) -> str:
    given = bill.royal_assent_on
    return f"{given.day} {given:%B %Y}" if given else "none recorded"


@admin.register(Bill)
class BillAdmin(ReviewedAdmin):
    list_display = ["title", "session", "act_title", royal_assent, state]
    search_fields = ["title", "slug", "act_title", "session"]
    autocomplete_fields = ["campaigns"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [StageLines, PrintLines, ClauseLines]
    acts = (
        *ACTS,
        Act(
            "sync",
            "Sync now",
            "The worker reads it from Parliament; look here again in a while.",
            start_reading,
            lambda bill, user: bill.parliament_id is not None,
        ),
        Act(
            "watch",
            "Watch",
            "Watched: it is read from Parliament every half hour.",
            lambda bill, user, note: BillWatch.objects.get_or_create(
                bill=bill, defaults={"started_by": user}
            ),
            lambda bill, user: bill.parliament_id is not None and not bill.is_watched,
        ),
        Act(
            "unwatch",
            "Stop watching",
            "No longer watched: it is read only when somebody asks for it.",
            lambda bill, user, note: BillWatch.objects.filter(bill=bill).delete(),
            lambda bill, user: bill.is_watched,
        ),
    )
    fieldsets = [
        (
            "The bill",
            {"fields": ["title", "slug", ("session", "parliament_id"), "url", "campaigns"]},
        ),
        ("As an Act", {"fields": [("act_title", "royal_assent_on")]}),
    ]

    def standing(self, record: Any) -> list[str]:
        return [*super().standing(record), *_assent(record), *last_reading(record)]


def _assent(bill: Bill) -> Iterator[str]:
    """Beside the day that was typed here, which is ours to approve."""
    published = getattr(bill, "as_published", None)
    said = published.royal_assent_on if published else None
    if said is None:
        return
    sentence = f"Parliament says that it had Royal Assent on {said:%-d %B %Y}"
    if bill.royal_assent_on is None:
        yield f"{sentence}: write the day below."
    elif bill.royal_assent_on != said:
        yield f"{sentence}, and not on {bill.royal_assent_on:%-d %B %Y}, as is written below."
    else:
        yield f"{sentence}."


class PrintedLines(Lines):
    model = AmendmentLine
    fields = ["position", "text", "indent", "hanging"]
    verbose_name = "printed line"
    verbose_name_plural = "text"


class SponsorLines(Lines):
    model = Sponsor
    fields = ["position", "member", "role"]
    autocomplete_fields = ["member"]


class PublishedBlock(Shown, Blocks):
    """Word for word, and written by the sync alone."""

    model = AmendmentAsPublished
    part_of_review = False
    fields: list[Any] = [
        ("parliament_id", "number", "d_num"),
        ("amendment_type", "decision", "decision_explanation"),
        ("clause", "schedule", "page_number", "line_number"),
        "summary",
        "text",
        "explanatory_text",
        ("first_seen_at", "last_seen_at", "vanished_at"),
    ]
    readonly_fields = flatten(fields)
    verbose_name_plural = "as published"


class AskLinks(Lines):
    model = AskAmendment
    fields = ["ask", "relation", "confidence", "note", "checked"]
    readonly_fields = ["checked"]
    checked = staticmethod(checked)
    named_with = ("checked_by",)
    autocomplete_fields = ["ask"]
    verbose_name = "ask"
    verbose_name_plural = "what it does for our asks"


@column("number", ordering="number")
def number(amendment: Amendment) -> str:
    return amendment.number or ("ours, none" if amendment.is_own_draft else NOT_KNOWN)


@column(
    "whose",
    ordering="origin",
    label={AmendmentOrigin.PARLIAMENT.value: "info", AmendmentOrigin.OWN_DRAFT.value: "warning"},
)
def origin(amendment: Amendment) -> tuple[str, str]:
    return amendment.origin, AmendmentOrigin(amendment.origin).label


@column("decision", ordering="decision")
def decision(amendment: Amendment) -> str:
    if amendment.is_own_draft:
        return amendment.way_to_the_table
    return amendment.decision or NOT_KNOWN


@admin.register(Amendment)
class AmendmentAdmin(SigningAdmin):
    list_display = [number, "title", "stage", origin, decision, state]
    list_display_links = [number, "title"]
    list_filter = ["review_state", "origin", "decision", ["stage", AutocompleteSelectFilter]]
    list_filter_submit = True
    list_select_related = ["stage", "tabled_as"]
    search_fields = ["number", "title", "slug", "decision", "sponsors__member__name"]
    autocomplete_fields = ["stage", "sources", "re_tabled_from", "tabled_as"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [PrintedLines, SponsorLines, AskLinks, PublishedBlock]
    fieldsets = [
        (
            "The amendment",
            {
                "fields": [
                    "title",
                    "slug",
                    ("stage", "origin"),
                    ("number", "position_in_bill"),
                    ("parliament_id", "url"),
                ]
            },
        ),
        ("What became of it", {"fields": [("considered_on", "decided_on"), "decision"]}),
        (
            "Before and after",
            {"fields": ["tabling", ("tabled_as", "re_tabled_from")]},
        ),
        ("What is said about it", {"fields": ["explanatory_statement", "note", "sources"]}),
    ]

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if {"number", "stage"} & set(form.changed_data):
            fill_and_tell(obj.stage)

    def standing(self, record: Amendment) -> list[str]:
        return [*super().standing(record), *_from_parliament(record)]


def _from_parliament(amendment: Amendment) -> Iterator[str]:
    """What a person has to know of it or decide: nothing of it is decided here."""
    published = getattr(amendment, "as_published", None)
    if published is None:
        return
    if published.vanished_at:
        yield f"Parliament no longer publishes it, since {published.vanished_at:%-d %B %Y}."
    for word in published.unknown_words:
        yield f"Parliament says “{word}” of it, a word that we do not know."
    if amendment.re_tabled_from_id is None:
        likely = amendment.sync_changes.filter(kind=ChangeKind.MAYBE_RE_TABLED).first()
        earlier = Amendment.objects.filter(pk=likely.before.split()[-1]).first() if likely else None
        if likely and earlier:
            percent = likely.before.partition(" ")[0]
            yield f"It reads like {earlier} ({percent}): if it is that, tabled again, say so below."
