"""Snapshots and their excerpts: both are looked at here, and made by pages of their own."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import action

from evidence import anchoring
from evidence.admin.acting import ActingAdmin, Badge
from evidence.admin.asking import page
from evidence.admin.base import DeskAdmin, DeskForm, Lines, column, person
from evidence.admin.mending import PlacePage, RedactPage, why_not_found
from evidence.admin.reviewing import name_of, when
from evidence.anchoring import Anchor
from evidence.desk_addresses import address_of, list_of
from evidence.models import Excerpt, Snapshot, Source


class ExcerptForm(DeskForm):
    """Takes the words and finds their place; only where they occur twice is context needed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A field of one line would run two into one, which the snapshot then does not say.
        before, after = (self.initial.get(name) or "" for name in ("prefix", "suffix"))
        self.initial["prefix"] = before.rpartition("\n")[2].strip()
        self.initial["suffix"] = after.partition("\n")[0].strip()

    def clean_exact(self) -> str:
        return str(self.cleaned_data["exact"]).replace("\r\n", "\n")  # as browsers send a line

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        snapshot, exact = self._snapshot(cleaned), cleaned.get("exact")
        if not snapshot or not exact:
            return cleaned
        context = (cleaned.get("prefix", ""), cleaned.get("suffix", ""))
        found = anchoring.locate(snapshot.text, exact, *context, cleaned.get("position"))
        if not isinstance(found, Anchor):
            self.add_error("exact", why_not_found(found, snapshot.text))
            return cleaned
        self.instance.start, self.instance.end = found.start, found.end
        around = anchoring.around(found.start, found.end, snapshot.text)
        for name, written, stands_there in zip(("prefix", "suffix"), context, around, strict=True):
            cleaned[name] = max(stands_there, written, key=len)
        return cleaned

    def _snapshot(self, cleaned: dict[str, Any]) -> Snapshot | None:
        chosen = cleaned.get("snapshot")
        return chosen if isinstance(chosen, Snapshot) else None


class MarkingForm(ExcerptForm):
    """With the place where the words were marked, so that equal words need no context."""

    position = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].initial = self.instance.start


class ExcerptLines(Lines):
    model = Excerpt
    form = ExcerptForm
    fields = ["exact", "prefix", "suffix"]
    show_change_link = True


@column("text")
def beginning(snapshot: Snapshot) -> str:
    if snapshot.redacted_at:
        return "withheld"
    return f"{snapshot.text[:90]}…" if len(snapshot.text) > 90 else snapshot.text


WHOSE = {"The source's words": "success", "Our summary": "warning", "Withheld": "danger"}


@column("whose words", label=WHOSE)
def whose_words(snapshot: Snapshot) -> str:
    if snapshot.redacted_at:
        return "Withheld"
    return "Our summary" if snapshot.is_summary else "The source's words"


@admin.register(Snapshot)
class SnapshotAdmin(ActingAdmin):
    """Immutable: it is shown, and only excerpts of it are added."""

    empty_value_display = "none"
    list_display = ["source", beginning, whose_words, "taken_at", "last_seen_at"]
    list_select_related = ["source"]
    list_filter = [["source", AutocompleteSelectFilter], "kind", "is_summary"]
    list_filter_submit = True
    date_hierarchy = "taken_at"
    search_fields = ["source__title", "source__key", "text"]
    fields = [
        "source",
        "text",
        ("taken_at", "last_seen_at"),
        ("kind", "taken_from"),
        ("sha256", "original_sha256"),
    ]
    inlines = [ExcerptLines]
    actions_detail = ["redact"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return flatten(self.fields)  # type: ignore[arg-type]  # a list of lines

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A snapshot is taken on its source's page."""
        return False

    def has_redact_permission(self, request: HttpRequest, id: str | None = None) -> bool:
        there_is_text = id is not None and _chosen(id) is not None
        return there_is_text and person(request).has_perm(RedactPage.permission)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [] if obj and obj.redacted_at else self.inlines

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Its excerpts alone are saved."""

    def badges(self, record: Any) -> list[Badge]:
        whose = whose_words(record)
        return [(whose, WHOSE[whose])]

    def standing(self, record: Any) -> list[str]:
        told = getattr(record, "redaction", None) or getattr(record.redacts, "redaction", None)
        if told is None:
            return []
        return [f"Words were withheld by {name_of(told.by)}, {when(told.at)}: {told.reason}"]

    def links(self, record: Any) -> list[tuple[str, str]]:
        found = [("Its source", address_of(record.source))]
        if hasattr(record, "successor"):
            found.append(("What stands in its place", address_of(record.successor)))
        else:
            marking = f"{list_of(Excerpt, 'add')}?snapshot={record.pk}"
            found.append(("Mark an excerpt in its text", marking))
        return found

    @action(  # type: ignore[untyped-decorator]  # Unfold has no types
        description="Withhold words", url_path="redact", permissions=["redact"]
    )
    def redact(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        snapshot = _chosen(object_id)
        if snapshot is None:
            raise Http404
        return redact_page(self, request, snapshot)


redact_page, place_page = page(RedactPage), page(PlacePage)


@admin.register(Excerpt)
class ExcerptAdmin(DeskAdmin):
    """Its form stands beside the snapshot's text: words that are marked there fill it."""

    form = MarkingForm
    change_form_after_template = "admin/sources/marking.html"
    list_display = ["exact", "source_of"]
    list_filter = [["snapshot__source", AutocompleteSelectFilter]]
    list_filter_submit = True
    list_select_related = ["snapshot__source"]
    search_fields = ["exact", "snapshot__source__title", "snapshot__source__key"]
    autocomplete_fields = ["snapshot"]
    fields = ["snapshot", "exact", ("prefix", "suffix")]

    class Media:
        js = ["attest/marking.js"]
        css = {"all": ["attest/sources.css"]}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        context["marking"] = form if "exact" in form.fields else None
        context["marked"] = _marked(form, kwargs.get("obj"))
        rendered: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return rendered

    @admin.display(description="source", ordering="snapshot__source__title")
    def source_of(self, excerpt: Excerpt) -> Source:
        return excerpt.snapshot.source

    def get_urls(self) -> list[URLPattern]:
        lost = self.admin_site.admin_view(self.lost_view)
        place = self.admin_site.admin_view(self.place_view)
        text = self.admin_site.admin_view(self.text_view)
        return [
            path("lost/", lost, name="evidence_excerpt_lost"),
            path("text/", text, name="evidence_excerpt_text"),
            path("<uuid:id>/place/", place, name="evidence_excerpt_place"),
            *super().get_urls(),
        ]

    def lost_view(self, request: HttpRequest) -> HttpResponse:
        """Cited words that have no place in what their source said last."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        orphans = self.named(Excerpt.objects.orphans())
        frame = self.admin_site.each_context(request)
        context = {**frame, "title": "Lost excerpts", "orphans": orphans}
        return TemplateResponse(request, "admin/sources/lost.html", context)

    def text_view(self, request: HttpRequest) -> HttpResponse:
        """The text of a snapshot that was chosen while the form stood open."""
        if not person(request).has_perm("evidence.view_snapshot"):
            raise PermissionDenied
        snapshot = _chosen(request.GET.get("snapshot"))
        if snapshot is None:
            raise Http404
        return HttpResponse(snapshot.text, content_type="text/plain; charset=utf-8")

    def place_view(self, request: HttpRequest, id: UUID) -> HttpResponseBase:
        return place_page(self, request, get_object_or_404(self.get_queryset(request), pk=id))


def _chosen(key: Any) -> Snapshot | None:
    """By its key, in whatever form it was sent."""
    if isinstance(key, Snapshot):
        return key
    try:
        return Snapshot.objects.live().filter(pk=key).first()
    except ValidationError:
        return None


def _marked(form: Any, excerpt: Any) -> tuple[str, str, str] | None:
    """The snapshot's text before, at and after the words of the form; None without a snapshot."""
    given = excerpt.snapshot if excerpt else None
    if "snapshot" in form.fields:
        given = form["snapshot"].value()
    snapshot = _chosen(given) if given else None
    if snapshot is None:
        return None
    text, words = snapshot.text, form.instance
    if words.exact and words.start is not None and words.snapshot_id == snapshot.pk:
        return text[: words.start], text[words.start : words.end], text[words.end :]
    return text, "", ""
