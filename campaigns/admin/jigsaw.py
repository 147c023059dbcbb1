"""The page where a reviewer reads the pieces of a pack side by side, and decides."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from campaigns import jigsaw
from campaigns.models import JigsawDecision, Pack
from campaigns.packs import Composition, compose
from evidence.admin.asking import AskingPage, Said, page, succeeded, warned


class JigsawForm(forms.Form):
    decision = forms.ChoiceField(
        label="What you decide",
        choices=[("", "Choose"), *JigsawDecision.choices],
        widget=UnfoldAdminSelectWidget,
    )
    reason = forms.CharField(
        label="Why",
        help_text="In none of the accounts' words: this is kept.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput)


class JigsawPage(AskingPage):
    template_name = "admin/packs/jigsaw.html"
    form_class = JigsawForm
    permission = "campaigns.decide_jigsawreview"
    title = "Jigsaw check"
    button = "Record the decision"
    record: Pack
    composition: Composition
    found: list[jigsaw.Finding]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.composition = compose(self.record)
        self.found = jigsaw.findings(self.composition)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"seen": jigsaw.fingerprint(self.found)}

    def act(self, form: forms.Form) -> list[Said]:
        review = jigsaw.decide(self.composition, by=self.by, **form.cleaned_data)
        if review.decision == JigsawDecision.ACCEPTABLE:
            return [succeeded("Recorded: the check does not stop this pack as it reads now.")]
        return [warned("Recorded: the pack cannot be issued until what it puts together changes.")]

    def get_success_url(self) -> str:
        return reverse("admin:campaigns_pack_change", args=[self.record.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        decided = self.record.jigsaw_reviews.select_related("decided_by")
        current = jigsaw.fingerprint(self.found)
        return {
            "findings": self.found,
            "accounts": self.composition.accounts,
            "decided": [(each, each.fingerprint == current) for each in decided],
            **super().get_context_data(**kwargs),
        }


jigsaw_page = page(JigsawPage)
