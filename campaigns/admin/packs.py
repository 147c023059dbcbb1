"""Briefing packs: what is chosen for each, previews, and issuing one."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from campaigns.admin.issued import answer, document
from campaigns.building import build
from campaigns.issuing import copies_folder, find_members, issue
from campaigns.models import (
    ITEM_FIELDS,
    Pack,
    PackFormat,
    PackItem,
    PackSection,
    PackVersion,
)
from campaigns.packs import compose
from evidence.admin.acting import Act
from evidence.admin.base import Blocks, Lines, Shown, person
from evidence.admin.reviewing import ACTS, ReviewedAdmin, state
from evidence.refusing import Refused


class ItemLines(Lines):
    model = PackItem
    fields = ["position", *ITEM_FIELDS]
    autocomplete_fields = ITEM_FIELDS
    tab = False
    verbose_name = "thing chosen"
    verbose_name_plural = "what is chosen for it: one thing on each line"


class SectionBlocks(Blocks):
    model = PackSection
    fields = [("position", "kind"), "heading", "text"]
    inlines = [ItemLines]
    show_change_link = True
    verbose_name = "section"
    verbose_name_plural = "sections"


class VersionLines(Shown, Lines):
    model = PackVersion
    fields = readonly_fields = ["number", "issued_at", "issued_by", "used_on", "document"]
    document = staticmethod(document)
    named_with = ("issued_by",)
    show_change_link = True
    verbose_name = "issued version"
    verbose_name_plural = "issued versions"


def _lines(note: str) -> list[str]:
    return [line for line in note.splitlines() if line.strip()]


@admin.register(Pack)
class PackAdmin(ReviewedAdmin):
    list_display = ["title", "stage", "used_on", "layout", state]
    list_select_related = ["stage"]
    list_filter = ["review_state", "layout", "audience", ["campaign", AutocompleteSelectFilter]]
    list_filter_submit = True
    date_hierarchy = "used_on"
    search_fields = ["title", "slug", "campaign__title", "stage__bill__title"]
    autocomplete_fields = ["campaign", "stage", "organisations"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [SectionBlocks, VersionLines]
    fieldsets = [
        (
            "What it is for",
            {"fields": ["title", "slug", ("campaign", "stage"), ("used_on", "layout")]},
        ),
        ("Who reads it", {"fields": [("purpose", "audience")]}),
        (
            "In whose name",
            {
                "fields": [
                    "organisations",
                    "about_us",
                    ("contact_name", "contact_email"),
                    "contact_phone",
                ]
            },
        ),
    ]
    acts = (
        *ACTS,
        Act(
            "issue",
            "Issue",
            f"Issued: each copy is written down, and its file lies in "
            f"{copies_folder(settings.PACKS)}. The document opens under the tab Issued versions.",
            lambda pack, user, note: issue(pack, to=find_members(_lines(note)), by=user),
            lambda pack, user: pack.is_approved,
            needs="issue",
            asks="To whom? One member on each line, as Parliament lists them.",
            warns="The pack is frozen as it reads now, under the next number.",
            is_main=True,
        ),
    )

    def has_issue_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return person(request).has_perm("campaigns.issue_pack")

    def has_preview_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A preview prints accounts in full."""
        reads_accounts = person(request).has_perm("evidence.view_testimonyversion")
        return reads_accounts and self.has_view_permission(request, obj)

    def standing(self, record: Any) -> list[str]:
        """What stops the pack, what it lacks and what it leaves out, as it would read now."""
        try:
            read = compose(record)
        except Refused as refused:
            return [*super().standing(record), str(refused)]
        return [*super().standing(record), *read.stops, *read.warnings, *read.refusals]

    def links(self, record: Any) -> list[tuple[str, str]]:
        return [
            (
                f"Preview as {label}",
                reverse("admin:campaigns_pack_preview", args=[record.pk, value]),
            )
            for value, label in PackFormat.choices
            if value != PackFormat.JSON
        ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        name = "campaigns_pack_preview"
        return [path("<uuid:object_id>/preview/<format>/", view, name=name), *super().get_urls()]

    def preview_view(self, request: HttpRequest, object_id: UUID, format: str) -> HttpResponse:
        pack: Any = self.get_object(request, str(object_id))
        if pack is None or format not in PackFormat.values:
            raise Http404
        if not self.has_preview_permission(request, pack):
            raise PermissionDenied
        try:
            content, _ = build(pack, format)
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:campaigns_pack_change", args=[pack.pk]))
        return answer(content, format, pack.slug)
