"""Briefing packs: what is chosen for each, the versions as issued, and who holds a copy."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from campaigns.models import (
    ITEM_FIELDS,
    Copy,
    Pack,
    PackFormat,
    PackItem,
    PackSection,
    PackVersion,
)
from evidence.admin.base import Blocks, Lines, ReadOnlyAdmin, Shown, column
from evidence.admin.reviewing import ReviewedAdmin, state

CONTENT_TYPES = {
    PackFormat.PDF: "application/pdf",
    PackFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PackFormat.HTML: "text/html; charset=utf-8",
    PackFormat.TXT: "text/plain; charset=utf-8",
    PackFormat.JSON: "application/json",
}


class ItemLines(Blocks):
    model = PackItem
    fields = [("position", "ask"), ("statistic", "claim"), ("statement", "testimony_version"), "amendment"]
    autocomplete_fields = ITEM_FIELDS
    tab = False
    verbose_name = "thing chosen"
    verbose_name_plural = "what is chosen for it"


class SectionBlocks(Blocks):
    model = PackSection
    fields = [("position", "kind"), "heading", "text"]
    inlines = [ItemLines]
    show_change_link = True
    verbose_name = "section"
    verbose_name_plural = "sections"


class VersionLines(Shown, Lines):
    model = PackVersion
    fields = readonly_fields = ["number", "issued_at", "issued_by", "used_on", "format"]
    named_with = ("issued_by",)
    show_change_link = True
    verbose_name = "issued version"
    verbose_name_plural = "issued versions"


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


class CopyLines(Shown, Lines):
    model = Copy
    fields = readonly_fields = ["member", "issued_at"]
    named_with = ("member",)
    verbose_name_plural = "who holds a copy"


@column("document")
def document(version: PackVersion) -> str:
    address = reverse("admin:campaigns_packversion_document", args=[version.pk])
    return format_html(
        '<a href="{}" class="text-link">{}</a>', address, f"Open the {version.get_format_display()}"
    )


@admin.register(PackVersion)
class PackVersionAdmin(ReadOnlyAdmin):
    list_display = ["pack", "number", "issued_at", "issued_by", "used_on", document]
    list_filter = ["format", ["pack", AutocompleteSelectFilter]]
    list_filter_submit = True
    list_select_related = ["issued_by"]
    named_with = ("pack",)
    date_hierarchy = "issued_at"
    search_fields = ["pack__title", "pack__slug", "sha256"]
    fields = readonly_fields = [
        "pack",
        "number",
        "issued_at",
        "issued_by",
        "used_on",
        document,
        "sha256",
        "manifest",
    ]
    inlines = [CopyLines]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.document_view)
        name = "campaigns_packversion_document"
        return [path("<path:object_id>/document/", view, name=name), *super().get_urls()]

    def document_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The bytes as issued; as a download, since a page of ours must not run what they hold."""
        version: Any = self.get_object(request, unquote(object_id))
        if version is None or not self.has_view_permission(request, version):
            raise Http404
        name = f"{version.pack.slug}-{version.number}.{version.format}"
        return HttpResponse(
            bytes(version.content),
            content_type=CONTENT_TYPES[version.format],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


@admin.register(Copy)
class CopyAdmin(ReadOnlyAdmin):
    list_display = ["member", "version", "issued_at"]
    list_filter = [["member", AutocompleteSelectFilter]]
    list_filter_submit = True
    named_with = ("member", "version__pack")
    date_hierarchy = "issued_at"
    search_fields = ["member__name", "version__pack__title"]
    fields = readonly_fields = ["member", "version", "issued_at"]


