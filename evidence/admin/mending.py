"""The pages that mend a snapshot's words: withholding some, and placing those that were lost."""

import re
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from evidence import anchoring
from evidence.admin.asking import AskingPage, Said, succeeded, warned
from evidence.admin.links import address_of
from evidence.models import Excerpt, Snapshot
from evidence.refusing import Refused
from evidence.snapshots.redacting import also_in, redact

EMPTY_LINE = re.compile(r"\n\s*\n")


class RedactForm(forms.Form):
    passages = forms.CharField(
        label="Words to withhold",
        help_text="Copied from the text on this page. Leave an empty line between two passages.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )
    reason = forms.CharField(
        help_text="Kept with your name for good: say it in none of the withheld words.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    restricted_account = forms.BooleanField(
        label="They are a private person's account",
        required=False,
        initial=True,
        help_text="Records that an account reached us here for which no consent is held.",
        widget=UnfoldBooleanWidget,
    )

    def clean_passages(self) -> list[str]:
        lines = self.cleaned_data["passages"].replace("\r\n", "\n")
        return EMPTY_LINE.split(lines)


class RedactPage(AskingPage):
    template_name = "admin/sources/redact.html"
    form_class = RedactForm
    permission = "evidence.redact_snapshot"
    title = "Withhold words"
    button = "Withhold these words for good"
    record: Snapshot
    successor: Snapshot

    def mended_at(self, form: forms.Form) -> str:
        return "passages"

    def act(self, form: forms.Form) -> list[Said]:
        given = form.cleaned_data
        self.successor = redact(self.record, by=self.by, **given)
        marks = self.successor.text.count("[withheld]")
        said = [succeeded(f"Withheld. This snapshot stands in the old one's place; marks in it: "
                          f"{marks}.")]  # fmt: skip
        others = [str(other) for other in also_in(self.successor, given["passages"])]
        if others:
            said.append(warned(f"Some of these words still stand in: {'; '.join(others)}."))
        return said

    def get_success_url(self) -> str:
        return address_of(self.successor)


class PlaceForm(forms.Form):
    exact = forms.CharField(
        label="Words",
        strip=False,
        help_text="Copied exactly from the text on this page.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    before = forms.CharField(
        label="Words just before",
        required=False,
        max_length=120,
        help_text="Needed only where the words occur more than once.",
        widget=UnfoldAdminTextInputWidget,
    )
    after = forms.CharField(
        label="Words just after", required=False, max_length=120, widget=UnfoldAdminTextInputWidget
    )

    def clean_exact(self) -> str:
        return str(self.cleaned_data["exact"]).replace("\r\n", "\n").strip("\n")


class PlacePage(AskingPage):
    """What cites the excerpt stays as it is; the new place follows the old one."""

    template_name = "admin/sources/place.html"
    form_class = PlaceForm
    permission = "evidence.add_excerpt"
    title = "Find lost words"
    button = "Place them here"
    record: Excerpt

    @property
    def newest(self) -> Snapshot:
        return self.record.snapshot.source.snapshots.live().newest_first()[0]

    def get_initial(self) -> dict[str, Any]:
        return {"exact": self.record.exact}

    def mended_at(self, form: forms.Form) -> str:
        return "exact"

    def act(self, form: forms.Form) -> list[Said]:
        if not Excerpt.objects.orphans().filter(pk=self.record.pk).exists():
            raise Refused("These words are not lost: they have a place in the newest snapshot.")
        given = form.cleaned_data
        context = {"prefix": given["before"], "suffix": given["after"]}
        anchoring.place(self.record, self.newest, given["exact"], **context)
        return [succeeded("The words have a place again.")]

    def get_success_url(self) -> str:
        return address_of(self.record.snapshot.source)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(newest=self.newest, **kwargs)
