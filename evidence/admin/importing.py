"""The pages that bring sources in from a bibliography, shown first, and take them out as one."""

import base64
import hashlib
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from unfold.widgets import UnfoldAdminFileFieldWidget

from evidence.admin.asking import AskingPage, Said, succeeded
from evidence.bibliography.entries import Entry, Format
from evidence.bibliography.importing import Preview, bring_in, preview
from evidence.bibliography.writing import write
from evidence.desk_addresses import list_of
from evidence.models import Source
from evidence.refusing import Refused

KEPT = "bibliography"  # the session's name for the file between its two pages
LARGEST = 2_000_000  # bytes of it
GONE = "The file that you looked at is no longer here: choose it again."
FILES = {
    Format.CSL_JSON: ("sources.json", "application/vnd.citationstyles.csl+json"),
    Format.RIS: ("sources.ris", "application/x-research-info-systems"),
    Format.BIBTEX: ("sources.bib", "application/x-bibtex"),
}


class FileForm(forms.Form):
    file = forms.FileField(
        label="Bibliography",
        help_text="CSL-JSON as Zotero exports it, RIS or BibTeX, up to 2 MB.",
        widget=UnfoldAdminFileFieldWidget,
    )


class ImportPage(AskingPage):
    """Looks at a file and writes nothing; whoever may only read takes sources out here."""

    template_name = "admin/sources/import.html"
    form_class = FileForm
    permission = "evidence.view_source"
    title = "Bring sources in, take them out"
    button = "Look at it"

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.desk.has_add_permission(self.request):
            raise PermissionDenied
        return super().post(*args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_add = self.desk.has_add_permission(self.request)
        formats = [("csl-json", "CSL-JSON"), ("ris", "RIS"), ("bibtex", "BibTeX")]
        return super().get_context_data(may_add=may_add, formats=formats, **kwargs)

    def mended_at(self, form: forms.Form) -> str:
        return "file"

    def act(self, form: forms.Form) -> list[Said]:
        file = form.cleaned_data["file"]
        if file.size > LARGEST:
            raise Refused("The file is larger than 2 MB: export fewer sources at once.")
        data = file.read()
        keep(self.request.session, data, preview(data))
        return []

    def get_success_url(self) -> str:
        return list_of(Source, "preview")


class ChosenForm(forms.Form):
    """The entries by their place in the file; the file itself never comes from the browser."""

    file = forms.CharField(widget=forms.HiddenInput)
    chosen = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": "Tick the sources that are to come in."}
    )

    def __init__(self, shown: Preview, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(position, entry.title) for position, entry in enumerate(shown.entries)]
        self.fields["chosen"].choices = choices  # type: ignore[attr-defined]  # it has choices


class PreviewPage(AskingPage):
    template_name = "admin/sources/preview.html"
    form_class = ChosenForm
    permission = "evidence.add_source"
    title = "What would come in"
    button = "Bring in the ticked ones"

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if KEPT not in self.request.session:
            return redirect(list_of(Source, "import"))
        return super().get(*args, **kwargs)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if KEPT not in self.request.session:
            self.desk.message_user(self.request, GONE, messages.WARNING)
            return redirect(list_of(Source, "import"))
        return super().post(*args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        self.sha256, self.shown = kept(self.request.session)
        return {"shown": self.shown, **super().get_form_kwargs()}

    def act(self, form: forms.Form) -> list[Said]:
        if form.cleaned_data["file"] != self.sha256:
            raise Refused("You have looked at another file since: tick again what is to come in.")
        made = bring_in(self.shown, form.cleaned_data["chosen"], by=self.by)
        del self.request.session[KEPT]
        how_many = "1 source" if len(made) == 1 else f"{len(made)} sources"
        return [succeeded(f"{how_many} came in as drafts: complete each, then submit it.")]

    def get_success_url(self) -> str:
        return f"{list_of(Source)}?review_state__exact=draft"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        ticked = {int(each) for each in context["form"]["chosen"].value() or () if each.isdecimal()}
        ticked = ticked if context["form"].is_bound else set(self.shown.new)
        return {**context, "rows": _rows(self.shown, ticked), "shown": self.shown,
                "sha256": self.sha256}  # fmt: skip


def keep(session: SessionBase, data: bytes, shown: Preview) -> None:
    session[KEPT] = {"data": base64.b64encode(data).decode(), "new": shown.new}


def kept(session: SessionBase) -> tuple[str, Preview]:
    """The file's hash, and what was shown of it: what is no longer new since is still among it."""
    data = base64.b64decode(session[KEPT]["data"])
    new = set(session[KEPT]["new"])
    now = preview(data)
    known = tuple(match for match in now.duplicates if match.position not in new)
    return hashlib.sha256(data).hexdigest(), replace(now, duplicates=known)


def _rows(shown: Preview, ticked: set[int]) -> list[tuple[int, Entry, str, bool]]:
    reasons = {match.position: match.reason for match in shown.duplicates}
    return [
        (position, entry, reasons.get(position, ""), position in ticked)
        for position, entry in enumerate(shown.entries)
    ]


def taken_out(sources: QuerySet[Source], format: Format) -> HttpResponse:
    name, content_type = FILES[format]
    answer = HttpResponse(
        write(sources.select_related("publisher"), format), content_type=content_type
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
