"""Briefing packs: what is chosen for each, previews, and issuing one."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Field
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from campaigns.admin.composer import SectionBlocks
from campaigns.admin.gate import GatePage, gate_page
from campaigns.admin.issued import answer, document
from campaigns.admin.jigsaw import JigsawPage, jigsaw_page
from campaigns.admin.live import LivePreview, read
from campaigns.admin.returned import ReturnedPage, returned_page
from campaigns.building import build
from campaigns.issuing import copies_folder, find_members, issue
from campaigns.models import (
    Pack,
    PackContact,
    PackFormat,
    PackVersion,
)
from evidence.admin.acting import Act
from evidence.admin.base import Blocks, Lines, Shown, person
from evidence.admin.reviewing import ACTS, ReviewedAdmin, state
from evidence.desk_addresses import address
from evidence.models import NAMED_READERS, Audience, ReviewState
from evidence.refusing import Refused


class ContactBlocks(Blocks):
    model = PackContact
    fields = [("position", "organisation"), ("name", "role"), ("email", "phone"), "about"]
    autocomplete_fields = ["organisation"]
    verbose_name = "other organisation"
    verbose_name_plural = "other organisations"


class VersionLines(Shown, Lines):
    model = PackVersion
    fields = readonly_fields = ["number", "issued_at", "issued_by", "used_on", "document"]
    document = staticmethod(document)
    named_with = ("issued_by",)
    show_change_link = True
    verbose_name = "issued version"
    verbose_name_plural = "issued versions"


def _can_be_issued(pack: Pack, _user: User) -> bool:
    submitted = settings.PACKS_ONE_SIGNATURE and pack.review_state == ReviewState.IN_REVIEW
    return pack.is_approved or submitted


def _lines(note: str) -> list[str]:
    return [line for line in note.splitlines() if line.strip()]


@admin.register(Pack)
class PackAdmin(LivePreview, ReviewedAdmin):
    list_display = ["title", "stage", "used_on", "layout", state]
    list_select_related = ["stage"]
    list_filter = ["review_state", "layout", "audience", ["campaign", AutocompleteSelectFilter]]
    list_filter_submit = True
    date_hierarchy = "used_on"
    search_fields = ["title", "slug", "campaign__title", "stage__bill__title"]
    autocomplete_fields = ["campaign", "stage", "organisations", "recipients"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [SectionBlocks, ContactBlocks, VersionLines]
    fieldsets = [
        (
            "What it is for",
            {"fields": ["title", "slug", ("campaign", "stage"), "used_on", ("layout", "notes")]},
        ),
        ("Who reads it", {"fields": [("purpose", "audience"), "recipients"]}),
        ("From when to when", {"fields": [("not_before", "not_after"), "personalised"]}),
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
            _can_be_issued,
            needs="issue",
            asks="To whom? One member on each line, as Parliament lists them.",
            warns="The pack is frozen as it reads now, under the next number.",
            is_main=True,
        ),
    )

    change_form_outer_after_template = "admin/packs/beside.html"

    class Media:
        css = {"all": ["attest/composer.css"]}
        js = ["attest/members.js", "attest/composer.js"]

    def formfield_for_choice_field(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """A pack goes to whom its officer chooses: nobody here knows whom a contributor named."""
        if db_field.name == "audience":
            kwargs["choices"] = [each for each in Audience.choices if each[0] not in NAMED_READERS]
            kwargs["help_text"] = "What somebody permits for named readers alone is sent by hand."
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Of a pack that is there already its sections come first; the rest is folded away."""
        first, *others = super().get_fieldsets(request, obj)
        folded = {"classes": ["collapse"]} if obj else {}
        return [first, *((title, {**options, **folded}) for title, options in others)]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With where the form that issues it looks for members, as they are typed."""
        field = "app_label=campaigns&model_name=copy&field_name=member"
        context["suggests"] = {"act": "issue", "url": f"{reverse('admin:autocomplete')}?{field}"}
        pack = kwargs.get("obj")
        if pack is not None and self.has_preview_permission(request, pack):
            found = read(pack)
            context["beside"] = {
                "url": address("campaigns_pack", "live", pack.pk),
                "may_type": self.has_change_permission(request, pack),
                "read": found,
                "stops": found.stops,
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def has_issue_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return person(request).has_perm("campaigns.issue_pack")

    def has_preview_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A preview prints accounts in full."""
        reads_accounts = person(request).has_perm("evidence.view_testimonyversion")
        return reads_accounts and self.has_view_permission(request, obj)

    def standing_as_seen(self, record: Any, user: User) -> list[str]:
        """Who has no preview is told here how it reads, but not which account was left out."""
        standing = super().standing_as_seen(record, user)
        if user.has_perm("evidence.view_testimonyversion"):
            return standing
        found = read(record)
        how = [each for each in found.told if not each.startswith("Testimony “")]
        return [*standing, *found.stops, *how]

    def links(self, record: Any) -> list[tuple[str, str]]:
        previews = [
            (
                f"Preview as {label}",
                reverse("admin:campaigns_pack_preview", args=[record.pk, value]),
            )
            for value, label in PackFormat.choices
            if value != PackFormat.JSON
        ]
        return [
            *previews,
            (ReturnedPage.title, address("campaigns_pack", "returned", record.pk)),
            (GatePage.title, address("campaigns_pack", "gate", record.pk)),
            (JigsawPage.title, address("campaigns_pack", "jigsaw", record.pk)),
        ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        jigsaw = self.admin_site.admin_view(self.jigsaw_view)
        before = self.admin_site.admin_view(self.gate_view)
        returned = self.admin_site.admin_view(self.returned_view)
        return [
            path("<uuid:object_id>/gate/", before, name="campaigns_pack_gate"),
            path("<uuid:object_id>/jigsaw/", jigsaw, name="campaigns_pack_jigsaw"),
            path("<uuid:object_id>/preview/<format>/", view, name="campaigns_pack_preview"),
            path("<uuid:object_id>/returned/", returned, name="campaigns_pack_returned"),
            *super().get_urls(),
        ]

    def gate_view(self, request: HttpRequest, object_id: UUID) -> HttpResponseBase:
        return gate_page(self, request, get_object_or_404(Pack, pk=object_id))

    def returned_view(self, request: HttpRequest, object_id: UUID) -> HttpResponseBase:
        """The pack's accounts stand on it beside the file's."""
        pack = get_object_or_404(Pack, pk=object_id)
        if not self.has_preview_permission(request, pack):
            raise PermissionDenied
        return returned_page(self, request, pack)

    def jigsaw_view(self, request: HttpRequest, object_id: UUID) -> HttpResponseBase:
        """The accounts stand on it in full, so it needs the right to a preview as well."""
        pack = get_object_or_404(Pack, pk=object_id)
        if not self.has_preview_permission(request, pack):
            raise PermissionDenied
        return jigsaw_page(self, request, pack)

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
