"""Versions as issued, with the documents themselves, and who holds a copy: only to look at."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from campaigns.models import Copy, PackFormat, PackVersion
from evidence.admin.base import Lines, ReadOnlyAdmin, Shown, column

CONTENT_TYPES = {
    PackFormat.PDF: "application/pdf",
    PackFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PackFormat.HTML: "text/html; charset=utf-8",
    PackFormat.TXT: "text/plain; charset=utf-8",
    PackFormat.JSON: "application/json",
}


def answer(content: bytes, format: str, name: str) -> HttpResponse:
    """A document in the browser; it runs nothing, since the desk's own policy holds for it."""
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[PackFormat(format)],
        headers={"Content-Disposition": f'inline; filename="{name}.{format}"'},
    )


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


@column("who holds a copy")
def holders(version: PackVersion) -> str:
    return ", ".join(str(copy.member) for copy in version.copies.select_related("member"))


@admin.register(PackVersion)
class PackVersionAdmin(ReadOnlyAdmin):
    list_display = ["pack", "number", "issued_at", "issued_by", "used_on", document]
    list_filter = ["format", ["pack", AutocompleteSelectFilter]]
    list_filter_submit = True
    list_select_related = ["issued_by", "pack"]
    date_hierarchy = "issued_at"
    search_fields = ["pack__title", "pack__slug", "sha256"]
    fieldsets = [
        (
            "Who holds it, and what",
            {
                "fields": [
                    holders,
                    "pack",
                    ("number", "used_on"),
                    ("issued_at", "issued_by"),
                    document,
                    "sha256",
                ]
            },
        ),
        ("What it was made of", {"classes": ["collapse"], "fields": ["manifest"]}),
    ]
    readonly_fields = [
        holders,
        "pack",
        "number",
        "used_on",
        "issued_at",
        "issued_by",
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
        """The bytes as issued."""
        version: Any = self.get_object(request, unquote(object_id))
        if version is None or not self.has_view_permission(request, version):
            raise Http404
        name = f"{version.pack.slug}-{version.number}"
        return answer(bytes(version.content), version.format, name)


@admin.register(Copy)
class CopyAdmin(ReadOnlyAdmin):
    list_display = ["member", "version", "issued_at"]
    list_filter = [["member", AutocompleteSelectFilter]]
    list_filter_submit = True
    date_hierarchy = "issued_at"
    list_select_related = ["member", "version__pack"]
    search_fields = ["member__name", "version__pack__title"]
    fields = readonly_fields = ["member", "version", "issued_at"]
