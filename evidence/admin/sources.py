"""Sources and what hangs on them: organisations and statements."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import action

from evidence.admin.asking import page
from evidence.admin.base import NOT_KNOWN, DeskAdmin, DeskForm, Lines, Shown, column, person
from evidence.admin.importing import ImportPage, PreviewPage, taken_out
from evidence.admin.reviewing import ReviewedAdmin, state
from evidence.admin.snapshots import beginning, whose_words
from evidence.admin.taking import TakePage
from evidence.bibliography.entries import Format
from evidence.citing import citation_of
from evidence.desk_addresses import list_of
from evidence.desk_words import counted
from evidence.models import (
    Claim,
    Excerpt,
    Organisation,
    RestrictedAccount,
    Reviewed,
    ReviewState,
    Snapshot,
    Source,
    Statement,
    Statistic,
)


@admin.register(Organisation)
class OrganisationAdmin(DeskAdmin):
    list_display = ["name", "key", "kind", "website"]
    list_filter = ["kind"]
    search_fields = ["name", "key"]


class SnapshotLines(Shown, Lines):
    """What the source said, newest first; the page that takes a snapshot writes them."""

    model = Snapshot
    fields = readonly_fields = ["taken_at", "last_seen_at", "beginning", "whose_words"]
    part_of_review = False
    show_change_link = True
    beginning, whose_words = staticmethod(beginning), staticmethod(whose_words)


@column("published", ordering="published_on")
def published(source: Source) -> str:
    return source.date_label or NOT_KNOWN


@column("seen here", ordering="held", label={"Held": "success", "Not seen": "warning"})
def seen(source: Source) -> str:
    return "Held" if source.held else "Not seen"


import_page, preview_page, take_page = page(ImportPage), page(PreviewPage), page(TakePage)


@admin.action(description="Export as CSL-JSON")
def export_csl(_desk: Any, _request: HttpRequest, chosen: QuerySet[Source]) -> HttpResponse:
    return taken_out(chosen, Format.CSL_JSON)


@admin.action(description="Export as RIS")
def export_ris(_desk: Any, _request: HttpRequest, chosen: QuerySet[Source]) -> HttpResponse:
    return taken_out(chosen, Format.RIS)


@admin.action(description="Export as BibTeX")
def export_bibtex(_desk: Any, _request: HttpRequest, chosen: QuerySet[Source]) -> HttpResponse:
    return taken_out(chosen, Format.BIBTEX)


@admin.register(Source)
class SourceAdmin(ReviewedAdmin):
    list_display = ["title", "key", "kind", "publisher", published, seen, state]
    list_select_related = ["publisher"]
    list_filter = ["review_state", "kind", ["publisher", AutocompleteSelectFilter], "held"]
    list_filter_submit = True
    date_hierarchy = "published_on"
    search_fields = ["title", "key", "authors", "publisher__name", "summary", "url", "doi"]
    autocomplete_fields = ["publisher", "derived_from", "superseded_by"]
    prepopulated_fields = {"key": ["title"]}
    inlines = [SnapshotLines]
    actions: Any = [export_csl, export_ris, export_bibtex]
    actions_detail = ["take"]
    readonly_fields = ["citation", "lost", "unanchored"]
    fieldsets = [
        (
            "What it is",
            {"fields": [("kind", "publisher"), "title", "title_is_ours", "key", "authors"]},
        ),
        (
            "When and where",
            {"fields": [("published_on", "published_label"), "url", ("doi", "accessed_on")]},
        ),
        ("What it says", {"fields": ["summary", ("language", "licence")]}),
        (
            "How far it can be relied on",
            {"fields": ["held", "derived_from", "reliability_note"]},
        ),
        (
            "Superseded or retracted",
            {
                "classes": ["collapse"],
                "fields": ["superseded_by", "retracted_on", "retraction_note"],
            },
        ),
    ]
    rests_on = ("What rests on its words", {"fields": ["citation", "lost", "unanchored"]})

    class Media:
        js = ["attest/copy.js"]
        css = {"all": ["attest/sources.css"]}

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return [*self.fieldsets, self.rests_on] if obj else self.fieldsets

    def get_urls(self) -> list[URLPattern]:
        own = {
            "import/": ("import", self.import_view),
            "import/preview/": ("preview", self.preview_view),
            "export/": ("export", self.export_view),
        }
        return [
            *(
                path(address, self.admin_site.admin_view(view), name=self._name(name))
                for address, (name, view) in own.items()
            ),
            *super().get_urls(),
        ]

    def has_take_permission(self, request: HttpRequest, _id: str | None = None) -> bool:
        return person(request).has_perm(TakePage.permission)

    def import_view(self, request: HttpRequest) -> HttpResponseBase:
        return import_page(self, request)

    def preview_view(self, request: HttpRequest) -> HttpResponseBase:
        return preview_page(self, request)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Every source; a choice of them is exported from the list."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.GET.get("format") not in set(Format):
            raise Http404
        return taken_out(self.get_queryset(request), Format(request.GET["format"]))

    @action(  # type: ignore[untyped-decorator]  # Unfold has no types
        description="Take a snapshot", url_path="take", permissions=["take"]
    )
    def take(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        source = self.get_object(request, object_id)
        if source is None:
            raise Http404
        return take_page(self, request, source)

    def approved_after(self, record: Any) -> list[tuple[str, str]]:
        """Figures first: the claims on them wait for both."""
        done = {"review_state__in": [ReviewState.APPROVED, ReviewState.RETIRED]}
        listed = [
            (model, model._default_manager.filter(source=record).exclude(**done).count())
            for model in (Statistic, Claim, Statement)
        ]
        return [
            (counted(count, model), f"{list_of(model)}?source__id__exact={record.pk}")
            for model, count in listed
            if count
        ]

    @column("OSCOLA citation")
    def citation(self, source: Source) -> str:
        cited = {"citation": citation_of(source)}
        return render_to_string("admin/sources/citation.html", cited)

    @column("lost excerpts")
    def lost(self, source: Source) -> str:
        orphans = Excerpt.objects.orphans().filter(snapshot__source=source)
        return render_to_string("admin/sources/lost_lines.html", {"orphans": orphans})

    @column("figures without words")
    def unanchored(self, source: Source) -> str:
        figures = (
            source.statistics.filter(excerpt=None)
            .exclude(review_state=ReviewState.RETIRED)
            .select_related("period", "area")
        )
        return render_to_string("admin/sources/unanchored.html", {"figures": figures})


ONLY_FOR_SOMEONE = (
    "A quotation is a public statement only of someone who is recorded as speaking for an "
    "organisation or an office. Anyone else’s words become a restricted account."
)


class StatementForm(DeskForm):
    """Where nobody is spoken for it stores nothing, and leads to a restricted account instead."""

    may_restrict = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("role", "organisation"):
            if name in self.fields:
                self.fields[name].error_messages["required"] = self._instead()
        if "role" in self.fields:
            self.fields["role"].help_text += f" {ONLY_FOR_SOMEONE}"

    def _instead(self) -> SafeString | str:
        if not self.may_restrict:
            return ONLY_FOR_SOMEONE
        source = self["source"].value() if "source" in self.fields else None
        page = list_of(RestrictedAccount, "add")
        of_it = " of this source" if source else ""
        return format_html(
            '{} <a href="{}" class="text-link">Record a restricted account{} instead</a> '
            "(nothing that you typed here is kept).",
            ONLY_FOR_SOMEONE,
            f"{page}?{urlencode({'source': source})}" if source else page,
            of_it,
        )


@admin.register(Statement)
class StatementAdmin(ReviewedAdmin):
    form = StatementForm
    list_display = ["speaker", "role", "organisation", "said_in", "gist", state]
    list_select_related = ["organisation"]
    list_filter = ["review_state", ["organisation", AutocompleteSelectFilter]]
    list_filter_submit = True
    search_fields = ["speaker", "role", "gist", "words", "organisation__name", "source__title"]
    autocomplete_fields = ["organisation", "source", "excerpt"]
    fieldsets = [
        ("Who said it", {"fields": [("speaker", "role"), ("organisation", "said_in")]}),
        ("What was said", {"fields": ["gist", "words", ("source", "excerpt")]}),
    ]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[DeskForm]:
        form = super().get_form(request, *args, **kwargs)
        may_restrict = person(request).has_perm("evidence.add_restrictedaccount")
        return type(form.__name__, (form,), {"may_restrict": may_restrict})

    def approved_before(self, record: Any) -> list[Reviewed]:
        return [record.source]
