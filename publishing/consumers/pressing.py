"""Buttons above a record of this floor, and the page that shows a new secret once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from publishing.lookups import AskedByAddress


@dataclass(frozen=True, slots=True)
class Secret:
    """What was made just now; nobody can look it up afterwards."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Button:
    """What it says, what it does, and when it is there. `do` returns a sentence or a secret."""

    name: str
    label: str
    do: Callable[[Any], str | Secret]
    possible: Callable[[Any], bool] = lambda record: True
    warns: str = ""
    is_main: bool = False
    asks: str = ""  # the template of acts reads it: nothing is asked here


class PressedAdmin(AskedByAddress):
    """A record's page with those of its buttons that are possible, for whoever may change it."""

    change_form_outer_before_template = "admin/acts.html"
    list_per_page = 50
    show_full_result_count = False
    empty_value_display = "never"
    buttons: tuple[Button, ...] = ()

    def standing(self, record: Any) -> list[str]:
        """Sentences on how the record stands, above its buttons."""
        return []

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def may_press(self, request: HttpRequest, record: Model) -> bool:
        return bool(self.has_change_permission(request, record))

    def get_urls(self) -> list[URLPattern]:
        press = path(
            "<path:object_id>/press/", self.admin_site.admin_view(self.press), name=self._name()
        )
        return [press, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        record = kwargs.get("obj")
        if record is not None:
            context["standing"] = self.standing(record)
            allowed = self.may_press(request, record)
            context["acts"] = [each for each in self.buttons if allowed and each.possible(record)]
            context["act_url"] = reverse(f"admin:{self._name()}", args=[record.pk])
        rendered: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return rendered

    def press(self, request: HttpRequest, object_id: str) -> HttpResponse:
        record = self.get_object(request, object_id)
        if record is None or not self.has_view_permission(request, record):
            raise Http404
        pressed = request.POST.get("act") if request.method == "POST" else None
        button = next((each for each in self.buttons if each.name == pressed), None)
        if button is None or not self.may_press(request, record):
            raise PermissionDenied
        if not button.possible(record):
            self.message_user(request, "This is not possible any more.", messages.ERROR)
            return self.back_to(record)
        told = button.do(record)
        self.log_change(request, record, button.label)
        if isinstance(told, Secret):
            return self.shown_once(request, record, told)
        self.message_user(request, told, messages.SUCCESS)
        return self.back_to(record)

    def shown_once(self, request: HttpRequest, record: Model, secret: Secret) -> HttpResponse:
        """In this one answer, and neither in a message nor in a session."""
        context = {
            **self.admin_site.each_context(request),
            "title": secret.title,
            "room": "Website",
            "secret": secret.words,
            "record": record,
            "back": self._address(record),
        }
        response = TemplateResponse(request, "publishing/desk/secret.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def back_to(self, record: Model) -> HttpResponse:
        return HttpResponseRedirect(self._address(record))

    def _address(self, record: Model) -> str:
        opts = record._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])

    def _name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_press"
