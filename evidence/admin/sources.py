"""Sources and what hangs on them: organisations, snapshots, excerpts and statements."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from evidence import anchoring
from evidence.admin.base import NOT_KNOWN, Blocks, DeskAdmin, DeskForm, Kept, Lines, column
from evidence.admin.reviewing import ReviewedAdmin, state
from evidence.models import Excerpt, Organisation, Snapshot, Source, Statement
from evidence.refusing import Refused


@admin.register(Organisation)
class OrganisationAdmin(DeskAdmin):
    list_display = ["name", "key", "website"]
    search_fields = ["name", "key"]


class SnapshotForm(DeskForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "taken_at" in self.fields:
            self.fields["taken_at"].initial = timezone.now

    def save(self, commit: bool = True) -> Any:
        self.instance.set_hash()
        return super().save(commit)


class SnapshotLines(Kept, Blocks):
    """What the source says is no part of what colleagues approve about it."""

    model = Snapshot
    form = SnapshotForm
    fields = ["text", "is_summary", "taken_at"]
    part_of_review = False
    show_change_link = True


@column("published", ordering="published_on")
def published(source: Source) -> str:
    return source.date_label or NOT_KNOWN


@column("seen here", ordering="held", label={"Held": "success", "Not seen": "warning"})
def seen(source: Source) -> str:
    return "Held" if source.held else "Not seen"


@admin.register(Source)
class SourceAdmin(ReviewedAdmin):
    list_display = ["title", "kind", "publisher", published, seen, state]
    list_select_related = ["publisher"]
    list_filter = ["review_state", "kind", ["publisher", AutocompleteSelectFilter], "held"]
    list_filter_submit = True
    date_hierarchy = "published_on"
    search_fields = ["title", "key", "authors", "publisher__name", "summary", "url", "doi"]
    autocomplete_fields = ["publisher", "derived_from", "superseded_by"]
    prepopulated_fields = {"key": ["title"]}
    inlines = [SnapshotLines]
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


class ExcerptForm(DeskForm):
    """Takes the words and finds their place; only where they occur twice is context needed."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        snapshot, exact = self._snapshot(cleaned), cleaned.get("exact")
        if not snapshot or not exact:
            return cleaned
        before, after = cleaned.get("prefix", ""), cleaned.get("suffix", "")
        try:
            start = anchoring.find(exact, snapshot.text, prefix=before, suffix=after)
        except Refused as refused:
            self.add_error("exact", str(refused))
            return cleaned
        end = start + len(exact)
        self.instance.start, self.instance.end = start, end
        around = anchoring.around(start, end, snapshot.text)
        cleaned["prefix"], cleaned["suffix"] = before or around[0], after or around[1]
        return cleaned

    def _snapshot(self, cleaned: dict[str, Any]) -> Snapshot | None:
        chosen = cleaned.get("snapshot")
        return chosen if isinstance(chosen, Snapshot) else None


class ExcerptLines(Lines):
    model = Excerpt
    form = ExcerptForm
    fields = ["exact", "prefix", "suffix"]
    show_change_link = True


@column("text")
def beginning(snapshot: Snapshot) -> str:
    return f"{snapshot.text[:90]}…" if len(snapshot.text) > 90 else snapshot.text


@column("whose words", label={"The source's words": "success", "Our summary": "warning"})
def whose_words(snapshot: Snapshot) -> str:
    return "Our summary" if snapshot.is_summary else "The source's words"


@admin.register(Snapshot)
class SnapshotAdmin(DeskAdmin):
    """Immutable: once saved it is shown, and only excerpts of it are added."""

    form = SnapshotForm
    list_display = ["source", beginning, whose_words, "taken_at"]
    list_select_related = ["source"]
    list_filter = [["source", AutocompleteSelectFilter], "is_summary"]
    list_filter_submit = True
    date_hierarchy = "taken_at"
    search_fields = ["source__title", "source__key", "text"]
    autocomplete_fields = ["source"]
    fields = ["source", "text", "is_summary", "taken_at", "sha256"]
    inlines = [ExcerptLines]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["sha256"] if obj is None else self.fields

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)


@admin.register(Excerpt)
class ExcerptAdmin(DeskAdmin):
    form = ExcerptForm
    list_display = ["exact", "source_of"]
    list_filter = [["snapshot__source", AutocompleteSelectFilter]]
    list_filter_submit = True
    list_select_related = ["snapshot__source"]
    search_fields = ["exact", "snapshot__source__title", "snapshot__source__key"]
    autocomplete_fields = ["snapshot"]
    fields = ["snapshot", "exact", ("prefix", "suffix")]

    @admin.display(description="source", ordering="snapshot__source__title")
    def source_of(self, excerpt: Excerpt) -> Source:
        return excerpt.snapshot.source


@admin.register(Statement)
class StatementAdmin(ReviewedAdmin):
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
