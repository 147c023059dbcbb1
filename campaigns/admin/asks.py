"""Campaigns and asks, with the evidence for and against each, objections and questions."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from campaigns.admin.accounts import WithoutHiddenAccounts
from campaigns.admin.signing import SigningAdmin, checked, judged
from campaigns.admin.suggesting import SuggestionsPage, suggestions_page
from campaigns.judging import judge
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
from evidence.admin.acting import Act
from evidence.admin.base import Blocks, Lines, column
from evidence.admin.reviewing import ACTS, ReviewedAdmin, state
from evidence.desk_addresses import address_of

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


class EvidenceLines(WithoutHiddenAccounts, Blocks):
    """Counter-evidence stands among the rest: it is kept, not hidden."""

    model = EvidenceLink
    autocomplete_fields = EVIDENCE_FIELDS
    fields = [
        ("role", "strength"),
        "reason",
        ("statistic", "testimony_version"),
        ("statement", "source"),
        "gap",
        "judged",
    ]
    readonly_fields = ["judged"]
    judged = staticmethod(judged)
    named_with = ("judged_by",)
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
    fields = ["amendment", "relation", "confidence", "note", "checked"]
    readonly_fields = ["checked"]
    checked = staticmethod(checked)
    named_with = ("amendment__stage", "checked_by")
    autocomplete_fields = ["amendment"]
    verbose_name = "amendment"
    verbose_name_plural = "amendments"


@column("came of it", ordering="status", label=STATUS_COLOURS)
def status(ask: Ask) -> tuple[str, str]:
    return ask.status, AskStatus(ask.status).label


@admin.register(Ask)
class AskAdmin(SigningAdmin):
    list_display = ["title", "campaign", "year", status, state]
    list_select_related = ["campaign"]
    list_filter = ["review_state", "status", ["campaign", AutocompleteSelectFilter], "year"]
    list_filter_submit = True
    search_fields = ["title", "slug", "change_wanted", "rationale", "precedent"]
    autocomplete_fields = ["campaign", "targets", "sources", "outcome_source"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [EvidenceLines, ObjectionLines, QuestionLines, AmendmentLinks]
    fieldsets = [
        (
            "The ask",
            {"fields": ["title", "slug", ("campaign", "position"), "change_wanted", "targets"]},
        ),
        ("Why it would work", {"fields": ["rationale", "precedent", "sources"]}),
        (
            "What came of it",
            {"fields": [("year", "status"), "outcome", ("outcome_on", "outcome_source")]},
        ),
    ]
    acts = (
        *ACTS,
        Act(
            "judge",
            "Judge the evidence",
            "",
            lambda ask, user, note: _told(judge(ask, by=user)),
            lambda ask, user: ask.evidence.filter(judged_by=None).exists(),
            warns="Your name stands beside each role and strength that nobody has judged yet. What "
            "you do not agree with, change first, under the tab Evidence.",
        ),
    )

    def links(self, record: Any) -> list[tuple[str, str]]:
        return [
            (SuggestionsPage.title, address_of(record, "suggestions")),
            ("What is missing", f"{reverse('admin:gaps')}#ask-{record.pk}"),
        ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.suggestions_view)
        name = "campaigns_ask_suggestions"
        return [path("<uuid:object_id>/suggestions/", view, name=name), *super().get_urls()]

    def suggestions_view(self, request: HttpRequest, object_id: UUID) -> HttpResponseBase:
        return suggestions_page(self, request, get_object_or_404(Ask, pk=object_id))


def _told(count: int) -> str:
    pieces = "1 piece of evidence" if count == 1 else f"{count} pieces of evidence"
    return f"You have judged {pieces}."
