"""The page of an ask on which a person links an amendment that reads like it."""

from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from campaigns.models import Amendment, Ask, Confidence, Relation
from campaigns.suggestions import Candidate, link, suggested_for
from evidence.admin.asking import AskingPage, Said, page, succeeded


class LinkForm(forms.Form):
    amendment = forms.ModelChoiceField(Amendment.objects.none(), widget=forms.HiddenInput)
    relation = forms.ChoiceField(
        label="What it would do for the ask",
        choices=[("", "Choose"), *Relation.choices],
        widget=UnfoldAdminSelectWidget,
        error_messages={"required": "Say what the amendment would do for the ask."},
    )
    confidence = forms.ChoiceField(
        label="How sure you are",
        choices=[("", "Choose"), *Confidence.choices],
        widget=UnfoldAdminSelectWidget,
        error_messages={"required": "Say how sure you are."},
    )
    note = forms.CharField(required=False, widget=UnfoldAdminTextInputWidget)

    def __init__(self, candidates: list[Candidate], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [each.amendment.pk for each in candidates]
        field: Any = self.fields["amendment"]
        field.queryset = Amendment.objects.filter(pk__in=ids)


class SuggestionsPage(AskingPage):
    """Suggests, and links nothing by itself."""

    template_name = "admin/pages/suggestions.html"
    form_class = LinkForm
    permission = "campaigns.view_ask"
    title = "Amendments that read like it"
    button = "Link it"
    record: Ask

    @cached_property
    def candidates(self) -> list[Candidate]:
        return suggested_for(self.record)

    @property
    def may_link(self) -> bool:
        return self.by.has_perm("campaigns.add_askamendment")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_link:
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"candidates": self.candidates, **super().get_form_kwargs()}

    def act(self, form: forms.Form) -> list[Said]:
        made = link(self.record, by=self.by, **form.cleaned_data)
        told = f"{made.amendment} is linked: {made.get_relation_display().lower()}."
        return [
            succeeded(f"{told} Your name stands beside it, and a colleague reads the ask anew.")
        ]

    def get_success_url(self) -> str:
        return reverse("admin:campaigns_ask_suggestions", args=[self.record.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        sent = context["form"]
        chosen = sent.data.get("amendment") if sent.is_bound else None
        forms = [
            (each, sent if str(each.amendment.pk) == chosen else self._empty(each))
            for each in self.candidates
        ]
        return {**context, "candidates": forms, "may_link": self.may_link}

    def _empty(self, candidate: Candidate) -> LinkForm:
        return LinkForm(
            self.candidates,
            initial={"amendment": candidate.amendment.pk},
            label_suffix="",
            auto_id=f"id_%s_{candidate.amendment.pk}",
        )


suggestions_page = page(SuggestionsPage)
