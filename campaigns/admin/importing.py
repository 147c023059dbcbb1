"""The pages that bring a marshalled list in, shown first."""

import base64
import hashlib
import zlib
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from campaigns.akoma_ntoso import LARGEST, read_list
from campaigns.importing import BroughtIn, Preview, bring_in, preview
from campaigns.models import Amendment, Stage
from campaigns.parliament.naming import packs_naming
from evidence.admin.asking import AskingPage, Said, succeeded, warned
from evidence.admin.base import person
from evidence.desk_addresses import list_of
from evidence.refusing import Refused

KEPT = "marshalled list"  # the session's name for the file between its two pages
GONE = "The list that you looked at is no longer here: choose it again."


def _stages() -> QuerySet[Stage]:
    return Stage.objects.exclude(name="").select_related("bill").order_by("bill", "position")


class StageField(forms.ModelChoiceField):  # type: ignore[type-arg]  # one model's
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.bill}, {obj}"


class ListForm(forms.Form):
    file = forms.FileField(
        label="Marshalled list",
        help_text="As Akoma Ntoso XML from bills.parliament.uk, up to 8 MB.",
        widget=UnfoldAdminFileFieldWidget,
    )
    stage = StageField(
        queryset=Stage.objects.none(),
        help_text="Whose amendments these are.",
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = _stages()  # type: ignore[attr-defined]  # it has one


class ListPage(AskingPage):
    """One of the two; whoever may add amendments brings them in."""

    site: Any = None
    permission = "campaigns.add_amendment"

    @property
    def may_add(self) -> bool:
        return self.by.has_perm(ListPage.permission)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.desk = self.site._registry[Amendment]
        return super().dispatch(request, *args, **kwargs)


class ImportListPage(ListPage):
    """Looks at a file and writes nothing."""

    template_name = "admin/pages/list_import.html"
    form_class = ListForm
    title = "Bring a marshalled list in"
    button = "Look at it"
    permission = "campaigns.view_amendment"  # it stands under a tab that everybody sees

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_add:
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_add=self.may_add, **kwargs)

    def mended_at(self, form: forms.Form) -> str:
        return "file"

    def act(self, form: forms.Form) -> list[Said]:
        file, stage = form.cleaned_data["file"], form.cleaned_data["stage"]
        if file.size > LARGEST:
            raise Refused("The file is larger than 8 MB: a marshalled list is smaller.")
        data = file.read()
        preview(read_list(data), stage)
        packed = base64.b64encode(zlib.compress(data)).decode()
        self.request.session[KEPT] = {"data": packed, "stage": stage.pk}
        return []

    def get_success_url(self) -> str:
        return reverse("admin:amendment_import_preview")


class ChosenForm(forms.Form):
    """Amendments by their number in the list; the file itself never comes from the browser."""

    file = forms.CharField(widget=forms.HiddenInput)
    chosen = forms.MultipleChoiceField(
        error_messages={"required": "Tick the amendments that are to come in."}
    )

    def __init__(self, shown: Preview, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.listed.number, row.listed.title) for row in shown.rows]
        self.fields["chosen"].choices = choices  # type: ignore[attr-defined]  # it has choices


class PreviewListPage(ListPage):
    template_name = "admin/pages/list_preview.html"
    form_class = ChosenForm
    title = "What would come in"
    button = "Bring in the ticked ones"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if KEPT in request.session or not self.permits(person(request)):
            return super().dispatch(request, *args, **kwargs)
        messages.warning(request, GONE)
        return redirect("admin:amendment_import")

    def get_form_kwargs(self) -> dict[str, Any]:
        kept = self.request.session[KEPT]
        data = zlib.decompress(base64.b64decode(kept["data"]))
        stage = get_object_or_404(_stages(), pk=kept["stage"])
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.shown = preview(read_list(data), stage)
        return {"shown": self.shown, **super().get_form_kwargs()}

    def act(self, form: forms.Form) -> list[Said]:
        if form.cleaned_data["file"] != self.sha256:
            raise Refused("You have looked at another list since: tick again what is to come in.")
        brought = bring_in(self.shown, form.cleaned_data["chosen"], by=self.by)
        del self.request.session[KEPT]
        count = len(brought.amendments)
        how_many = "1 amendment" if count == 1 else f"{count} amendments"
        came_in = f"{how_many} came in: a new one is a draft until a colleague approves."
        return [succeeded(came_in), *_made_old(brought)]

    def get_success_url(self) -> str:
        return f"{list_of(Amendment)}?stage__id__exact={self.shown.stage.pk}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        ticked = form["chosen"].value() if form.is_bound else None
        rows = [
            (row, row.listed.number in ticked if ticked is not None else row.may_come_in)
            for row in self.shown.rows
        ]
        return {**context, "rows": rows, "shown": self.shown, "sha256": self.sha256}

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """Shown again with what is new by now."""
        return self.render_to_response(self.get_context_data(form=form))


def _made_old(brought: BroughtIn) -> list[Said]:
    """The issued packs that print what is no longer so."""
    named = [
        f"{change.amendment}: {each.sentence}"
        for change in brought.changes
        for each in packs_naming(change)
    ]
    return [warned(sentence) for sentence in dict.fromkeys(named)]


PAGES = (
    ("amendments/import/", ImportListPage, "amendment_import"),
    ("amendments/import/preview/", PreviewListPage, "amendment_import_preview"),
)
