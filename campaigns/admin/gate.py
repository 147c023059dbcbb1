"""The page that says what still stops a pack, where each is mended, and lets soft stops pass."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from campaigns import gate
from campaigns.models import Pack
from campaigns.packs import Composition, compose
from evidence.admin.asking import AskingPage, Said, page, succeeded
from evidence.desk_addresses import address


class PassForm(forms.Form):
    name = forms.ChoiceField(label="What you let pass", widget=UnfoldAdminSelectWidget)
    reason = forms.CharField(
        label="Why it may go out all the same",
        help_text="Printed with your name in what the issued version rests on.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["name"]
        choice.choices = [("", "Choose"), *((name, name.capitalize()) for name in names)]


class GatePage(AskingPage):
    template_name = "admin/packs/gate.html"
    form_class = PassForm
    permission = "campaigns.issue_pack"
    title = "Before it goes"
    button = "Let it pass"
    record: Pack
    composition: Composition

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.composition = compose(self.record)
        self.standing = gate.standing(self.composition)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        soft = [stop.name for stop, passed in self.standing if stop.is_soft and passed is None]
        return {"names": list(dict.fromkeys(soft)), **super().get_form_kwargs()}

    def act(self, form: forms.Form) -> list[Said]:
        passed = gate.let_pass(self.composition, by=self.by, **form.cleaned_data)
        return [succeeded(f"Passed, and written down with your name: {len(passed)}.")]

    def get_success_url(self) -> str:
        return address("campaigns_pack", "gate", self.record.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            "standing": self.standing,
            "is_open": all(passed for _, passed in self.standing),
            **super().get_context_data(**kwargs),
        }


gate_page = page(GatePage)
