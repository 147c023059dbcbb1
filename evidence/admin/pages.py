"""Pages of one record behind buttons: each says what it takes back, asks, and acts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path

from evidence.admin.acting import ActingAdmin
from evidence.admin.asking import AskingPage, Said, succeeded
from evidence.admin.base import person
from evidence.admin.radius import shown_radius
from evidence.desk_addresses import address_of
from evidence.models import TestimonyUse


class ActPage(AskingPage):
    """Asks, does one thing, and writes in the record's log what was done."""

    template_name = "admin/consent/asked.html"
    form_class: type[forms.Form] = forms.Form
    room = "Testimony"
    lead = ""  # what to know before the button is pressed

    def do(self, form: forms.Form) -> str:
        """Do it, and return the sentence on what was done."""
        raise NotImplementedError

    def uses(self, form: forms.Form) -> QuerySet[TestimonyUse] | None:
        """What it would take back; None where it takes nothing back."""
        return None

    def act(self, form: forms.Form) -> list[Said]:
        with transaction.atomic():
            sentence = self.do(form)
            self.desk.log_change(self.request, self.record, sentence)
        return [succeeded(sentence)]

    def get_success_url(self) -> str:
        return address_of(self.record)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = super().get_context_data(**kwargs)
        uses = self.uses(told["form"])
        shown = None if uses is None else shown_radius(uses, self.request)
        back = self.get_success_url()
        return {**told, "room": self.room, "lead": self.lead, "shown": shown, "back": back}


class ChoosingPage(ActPage):
    """Two steps: choose, see what exactly that takes back, then press the button."""

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {**kwargs, "data": self.request.GET} if self._is_chosen_by_get() else kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = super().get_context_data(**kwargs)
        form = told["form"]
        is_chosen = form.is_bound and form.is_valid()
        return {**told, "choosing": not is_chosen, "chosen": _in_words(form) if is_chosen else []}

    def _is_chosen_by_get(self) -> bool:
        return self.request.method == "GET" and bool(self.request.GET)


def _in_words(form: forms.Form) -> list[tuple[str, str, str, str]]:
    """What was chosen: the field's name and value, and both in words."""
    found = []
    for field in form:
        value = field.value()
        choices = dict(getattr(field.field, "choices", []))
        words = {str(key): label for key, label in choices.items()}.get(str(value), value)
        found.append((field.html_name, str(value), str(field.label), str(words)))
    return found


def always(_record: Any, _user: User) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Page:
    """A button that leads to a page: its name in the address, and when it is there."""

    name: str
    label: str
    view: type[AskingPage]
    possible: Callable[[Any, User], bool] = always


class PagedAdmin(ActingAdmin):
    """A record with acts, and with pages that ask more than an act can."""

    change_form_outer_before_template = "admin/consent/standing.html"
    pages: tuple[Page, ...] = ()

    class Media:
        css = {"all": ["attest/pages.css", "attest/consent.css"]}

    def uses_of(self, record: Any) -> QuerySet[TestimonyUse] | None:
        """What rests on it, shown above its buttons; None where nothing can."""
        return None

    def uses_title(self, record: Any) -> str:
        """What they are called there, where no button would take them back."""
        return ""

    def pages_open(self, request: HttpRequest, record: Any) -> list[tuple[str, str]]:
        """Each with its address, as far as it is possible and permitted now."""
        return [
            (each.label, address_of(record, each.name))
            for each in self.pages
            if each.view.permits(person(request)) and each.possible(record, person(request))
        ]

    def get_urls(self) -> list[URLPattern]:
        found = [
            path(
                f"<path:object_id>/{each.name}/",
                self.admin_site.admin_view(self._view_of(each)),
                name=self._name(each.name),
            )
            for each in self.pages
        ]
        return [*found, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        record = kwargs.get("obj")
        if record is not None and not context.get("is_popup"):
            uses = self.uses_of(record)
            context["shown"] = None if uses is None else shown_radius(uses, request)
            context["uses_title"] = self.uses_title(record)
            context["pages"] = self.pages_open(request, record)
        return super().render_change_form(request, context, *args, **kwargs)

    def _view_of(self, page: Page) -> Callable[..., HttpResponseBase]:
        def view(request: HttpRequest, object_id: str) -> HttpResponseBase:
            record = self.get_object(request, unquote(object_id))
            if record is None or not self.has_view_permission(request, record):
                raise Http404
            return page.view.as_view(desk=self, record=record)(request)

        return view
