"""Versions as issued, with the documents themselves, and who holds a copy: only to look at."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from campaigns import second_signing, sending
from campaigns.admin.sending import ByThoseWhoIssue
from campaigns.issuing import call_back
from campaigns.manifests import without_words
from campaigns.models import Copy, PackFormat, PackVersion, VersionRecall
from campaigns.rebuilding import as_sent
from evidence.admin.acting import Act, ActingAdmin
from evidence.admin.base import Lines, ReadOnlyAdmin, Shown, column, person
from evidence.admin.reviewing import when

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
    fields = readonly_fields = ["number", "member", "issued_at"]
    named_with = ("member",)
    verbose_name_plural = "who holds a copy"


@column("document")
def document(version: PackVersion) -> str:
    if version.why_gone:
        return version.why_gone
    address = reverse("admin:campaigns_packversion_document", args=[version.pk])
    return format_html(
        '<a href="{}" class="text-link">{}</a>', address, f"Open the {version.get_format_display()}"
    )


@column("who holds a copy")
def holders(version: PackVersion) -> str:
    return ", ".join(str(copy.member) for copy in version.copies.select_related("member"))


@column("manifest")
def made_of(version: PackVersion) -> str:
    """Without the words: the document shows what of these may still be read."""
    shown = json.dumps(without_words(version.manifest), indent=2, ensure_ascii=False)
    return format_html("<pre>{}</pre>", shown)


class UnsignedFilter(admin.SimpleListFilter):
    title = "second signature"
    parameter_name = "unsigned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waits", "Waits"), ("overdue", "Overdue")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {"waits": second_signing.unsigned, "overdue": second_signing.overdue}
        found = wanted.get(self.value() or "")
        return queryset.filter(pk__in=found().values("pk")) if found else queryset


def _send(version: PackVersion, by: User) -> str:
    queued = sending.queue(version, by=by)
    left_out = [copy.member for copy in version.copies.held().filter(deliveries=None)]
    return " ".join([f"On their way: {len(queued)}.", *sending.out_of_reach(left_out)])


def _is_held(version: PackVersion, _user: User) -> bool:
    return not version.why_gone and not VersionRecall.objects.filter(version=version).exists()


def _wants_signing(version: PackVersion, _user: User) -> bool:
    return second_signing.unsigned().filter(pk=version.pk).exists()


ACTS = (
    Act(
        "sign",
        "Sign it as the second",
        "Signed: two of you answer for it.",
        lambda version, user, note: second_signing.sign(version, by=user),
        _wants_signing,
        needs="sign",
        is_main=True,
    ),
    Act(
        "send",
        "Send",
        "",
        lambda version, user, note: _send(version, user),
        _is_held,
        needs="send",
        warns="Each copy goes to its reader alone, once, not before its embargo ends.",
        is_main=True,
    ),
    Act(
        "call_back",
        "Call it back",
        "Called back: a notice to each who holds it is drafted within minutes.",
        lambda version, user, note: call_back(version, reason=note, by=user),
        _is_held,
        needs="send",
        asks="Why? No recipient is told.",
        warns="Every copy of this version is called back.",
    ),
)


@admin.register(PackVersion)
class PackVersionAdmin(ByThoseWhoIssue, ActingAdmin, ReadOnlyAdmin):
    acts = ACTS
    list_display = ["pack", "number", "issued_at", "issued_by", "used_on", document]
    list_filter = [UnsignedFilter, "format", ["pack", AutocompleteSelectFilter]]
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
                    ("not_before", "not_after"),
                    document,
                    "sha256",
                ]
            },
        ),
        ("What it was made of", {"classes": ["collapse"], "fields": [made_of]}),
    ]
    readonly_fields = [
        holders,
        "pack",
        "number",
        "used_on",
        "issued_at",
        "issued_by",
        "not_before",
        "not_after",
        document,
        "sha256",
        made_of,
    ]
    inlines = [CopyLines]

    def has_sign_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return person(request).has_perm("campaigns.review_pack")

    def standing(self, record: Any) -> list[str]:
        """What happened to it since, and whose name is missing under it."""
        told = [mark.told for mark in record.marks.all()]
        due = record.second_signature_due
        if due and second_signing.unsigned().filter(pk=record.pk).exists():
            late = " It is overdue." if due < timezone.now() else ""
            told.insert(0, f"It went out with one signature: the second is due {when(due)}.{late}")
        return told

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.document_view)
        name = "campaigns_packversion_document"
        return [path("<path:object_id>/document/", view, name=name), *super().get_urls()]

    def document_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """As it was sent, without what was withdrawn since."""
        version: Any = self.get_object(request, unquote(object_id))
        if version is None or not self.has_view_permission(request, version):
            raise Http404
        if version.why_gone:
            return HttpResponse(version.why_gone, content_type="text/plain", status=410)
        name = f"{version.pack.slug}-{version.number}"
        return answer(as_sent(version), version.format, name)


@admin.register(Copy)
class CopyAdmin(ReadOnlyAdmin):
    list_display = ["member", "version", "number", "issued_at"]
    list_filter = [["member", AutocompleteSelectFilter]]
    list_filter_submit = True
    date_hierarchy = "issued_at"
    list_select_related = ["member", "version__pack"]
    search_fields = ["member__name", "version__pack__title"]
    fields = readonly_fields = ["member", "version", "number", "issued_at", "sha256"]
