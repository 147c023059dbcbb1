"""The page that takes a snapshot: from the web, a file or a paste, with what became of excerpts."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from evidence.admin.asking import AskingPage, Said, succeeded, warned
from evidence.desk_addresses import address_of
from evidence.models import Source
from evidence.snapshots import taking
from evidence.snapshots.taking import Taken

TOLD = 5  # orphans told one by one; the source's page lists them all
WAYS = {
    "fetch": ("Fetch it from the web", "Fetch", ["address"]),
    "upload": ("Upload a file", "Upload", ["file"]),
    "paste": ("Paste its words", "Keep these words", ["text", "is_summary"]),
}
NOTHING_GIVEN = {
    "fetch": "Write the address to be fetched.",
    "upload": "Choose the file to be uploaded.",
    "paste": "There is no text to keep: paste the words of the source.",
}


class TakeForm(forms.Form):
    """Three ways, each with a button of its own; the others are not looked at."""

    how = forms.ChoiceField(choices=[(way, way) for way in WAYS], widget=forms.HiddenInput)
    address = forms.CharField(
        label="Web address",
        required=False,
        help_text="Of the page or PDF itself. Attest fetches it once and keeps its words.",
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label="File",
        required=False,
        help_text="PDF, DOCX, HTML or text, up to 20 MB. Its words are kept, the file is not.",
        widget=UnfoldAdminFileFieldWidget,
    )
    text = forms.CharField(
        label="Words",
        required=False,
        strip=False,
        help_text="Exactly as they stand in the source.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 10}),
    )
    is_summary = forms.BooleanField(
        label="This is our summary",
        required=False,
        help_text="Tick where the text is ours, not the source's own words.",
        widget=UnfoldBooleanWidget,
    )

    def clean(self) -> dict[str, Any]:
        way = self.cleaned_data.get("how")
        if way and not self.errors and not self.cleaned_data[WAYS[way][2][0]]:
            self.add_error(WAYS[way][2][0], NOTHING_GIVEN[way])
        return self.cleaned_data

    def ways(self) -> Iterator[tuple[str, str, str, list[BoundField]]]:
        for way, (title, button, names) in WAYS.items():
            yield way, title, button, [self[name] for name in names]


class TakePage(AskingPage):
    template_name = "admin/sources/take.html"
    form_class = TakeForm
    permission = "evidence.add_snapshot"
    title = "Take a snapshot"
    record: Source

    def get_initial(self) -> dict[str, Any]:
        return {"address": self.record.url}

    def get_success_url(self) -> str:
        return address_of(self.record)

    def mended_at(self, form: forms.Form) -> str:
        return WAYS[form.cleaned_data["how"]][2][0]

    def act(self, form: forms.Form) -> list[Said]:
        return list(about(self._taken(form.cleaned_data)))

    def _taken(self, given: dict[str, Any]) -> Taken:
        match given["how"]:
            case "fetch":
                return taking.take_from_url(self.record, given["address"])
            case "upload":
                file = given["file"]
                return taking.take_from_upload(self.record, file.name, file.read())
        summary = given["is_summary"]
        return taking.take_from_text(self.record, given["text"], is_summary=summary)


def about(taken: Taken) -> Iterator[Said]:
    """What the officer is told: the snapshot, what to look at, and each excerpt that was lost."""
    if taken.is_new:
        yield succeeded("Snapshot taken.")
    else:
        yield succeeded(f"The source says what its snapshot of {taken.snapshot.taken_at:%-d %B %Y} "
                        "already holds.")  # fmt: skip
    if taken.note:
        yield warned(taken.note)
    if kept := len(taken.excerpts.kept):
        yield succeeded(f"Excerpts found again in it: {kept}.")
    for orphan in taken.excerpts.orphaned[:TOLD]:
        yield warned(f"Lost: {orphan.excerpt}. {orphan.reason}")
    if more := len(taken.excerpts.orphaned[TOLD:]):
        yield warned(f"Lost besides: {more} more, listed on this page.")
