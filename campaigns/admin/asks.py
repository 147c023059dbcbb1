"""Campaigns and asks, with the evidence for and against each, objections and questions."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from campaigns.models import (
    EVIDENCE_FIELDS,
    Ask,
    AskAmendment,
    AskStatus,
    Campaign,
    EvidenceLink,
    MinisterQuestion,
    Objection,
)
from evidence.admin.base import Blocks, Lines, column
from evidence.admin.reviewing import ReviewedAdmin, state

STATUS_COLOURS = {
    AskStatus.ACTIVE.value: "info",
    AskStatus.DELIVERED.value: "success",
    AskStatus.PARTLY_DELIVERED.value: "warning",
    AskStatus.REFUSED.value: "danger",
    AskStatus.DROPPED.value: "",
}


@admin.register(Campaign)
class CampaignAdmin(ReviewedAdmin):
    list_display = ["title", "summary", state]
    search_fields = ["title", "slug", "summary"]
    autocomplete_fields = ["organisations"]
    prepopulated_fields = {"slug": ["title"]}
    fields = ["title", "slug", "summary", "organisations"]


class EvidenceLines(Blocks):
    model = EvidenceLink
    autocomplete_fields = EVIDENCE_FIELDS
    fields = [
        ("role", "strength"),
        ("statistic", "testimony_version"),
        ("statement", "source"),
        "gap",
        "reason",
    ]
    verbose_name = "piece of evidence"
    verbose_name_plural = "evidence"


class ObjectionLines(Blocks):
    model = Objection
    fields = ["position", "objection", "answer"]


class QuestionLines(Lines):
    model = MinisterQuestion
    fields = ["position", "text"]
    verbose_name = "question to the Minister"
    verbose_name_plural = "questions"


class AmendmentLinks(Lines):
    model = AskAmendment
    fields = ["amendment", "relation", "note"]
    autocomplete_fields = ["amendment"]
    verbose_name = "amendment"
    verbose_name_plural = "amendments"


@column("came of it", ordering="status", label=STATUS_COLOURS)
def status(ask: Ask) -> tuple[str, str]:
    return ask.status, AskStatus(ask.status).label


@admin.register(Ask)
class AskAdmin(ReviewedAdmin):
    list_display = ["title", "campaign", "year", status, state]
    list_select_related = ["campaign"]
    list_filter = ["review_state", "status", ["campaign", AutocompleteSelectFilter], "year"]
    list_filter_submit = True
    search_fields = ["title", "slug", "change_wanted", "rationale", "precedent"]
    autocomplete_fields = ["campaign", "targets", "sources"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [EvidenceLines, ObjectionLines, QuestionLines, AmendmentLinks]
    fieldsets = [
        (
            "The ask",
            {"fields": ["title", "slug", ("campaign", "position"), "change_wanted", "targets"]},
        ),
        ("Why it would work", {"fields": ["rationale", "precedent", "sources"]}),
        ("What came of it", {"fields": [("year", "status"), "outcome", "outcome_on"]}),
    ]
