"""Buttons above a record: each calls one function, and a refusal becomes a sentence on the page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from evidence.admin.base import DeskAdmin, person
from evidence.admin.resting import resting_on
from evidence.broken_rules import sentence_for
from evidence.refusing import Refused

KEPT = "attest.kept_note"
Badge = tuple[str, str]  # the words, and Unfold's name for the colour


@dataclass(frozen=True, slots=True)
class Act:
    """One button: what it says, what it does, when it is there, and what is asked first."""

    name: str
    label: str
    done: str  # where it is empty, `do` returns the sentence on what was done
    do: Callable[[Any, User, str], object]
    possible: Callable[[Any, User], bool]
    needs: str = "change"  # the permission, as in has_change_permission
    asks: str = ""  # the question that a note answers
    warns: str = ""  # what to know before pressing it
    is_main: bool = False
    logged: str = ""  # for the history, where what was done is not for everybody who reads that


def in_state(*states: str) -> Callable[[Any, User], bool]:
    """For an act that is there while its record is in one of these states."""

    def possible(record: Any, _user: User) -> bool:
        return record.state in states

    return possible


class ActingAdmin(DeskAdmin):
    """A record's page with buttons, without those that are not possible or not permitted now."""

    change_form_outer_before_template = "admin/acts.html"
    acts: tuple[Act, ...] = ()

    class Media:
        js = ["attest/unsaved.js"]

    def acts_open(self, request: HttpRequest, record: Model) -> list[Act]:
        return [
            act
            for act in self.acts
            if self._permits(act, request, record) and act.possible(record, person(request))
        ]

    def badges(self, record: Any) -> list[Badge]:
        """Coloured labels above its buttons, each of which also says it in words."""
        return []

    def standing(self, record: Any) -> list[str]:
        """Sentences on how the record stands, above its buttons."""
        return []

    def standing_as_seen(self, record: Any, user: User) -> list[str]:
        """The same, without what this person may not read."""
        return self.standing(record)

    def as_seen(self, record: Any) -> str:
        """Tells one state of a record from the next, for a button pressed on an old page."""
        changed = getattr(record, "updated_at", None)
        return changed.isoformat() if changed else ""

    def links(self, record: Any) -> list[tuple[str, str]]:
        """Further pages on the record, each a title and an address."""
        return []

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        record = kwargs.get("obj")
        if record is not None and not context.get("is_popup"):
            context["badges"] = self.badges(record)
            context["standing"] = self.standing_as_seen(record, person(request))
            context["links"] = self.links(record)
            context["resting"] = resting_on(record)
            context["acts"] = self.acts_open(request, record)
            context["act_url"] = self._address("act", record)
            context["seen"] = self.as_seen(record)
            context["kept"] = _kept(request, record)
        rendered: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return rendered

    def get_urls(self) -> list[URLPattern]:
        act = path(
            "<path:object_id>/act/",
            self.admin_site.admin_view(self.act_view),
            name=self._name("act"),
        )
        return [act, *super().get_urls()]

    def act_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None or not self.has_view_permission(request, record):
            raise Http404
        act = self._chosen(request, record)
        seen = request.POST.get("seen", self.as_seen(record))
        note = request.POST.get("note", "")

        def done() -> str:
            if seen != self.as_seen(record):
                raise Refused("It has changed since you opened this page: read it again first.")
            told = act.do(record, person(request), note)
            request.session.pop(KEPT, None)
            return act.done or str(told)

        if act.asks:
            request.session[KEPT] = {"of": str(record.pk), "act": act.name, "note": note}
        return self.answer_to(request, record, done, logged=act.logged)

    def answer_to(
        self, request: HttpRequest, record: Model, do: Callable[[], str], *, logged: str = ""
    ) -> HttpResponse:
        """Back to the record's page, with the sentence on what was done or why it was not."""
        try:
            with transaction.atomic():
                done = do()
                self.log_change(request, record, logged or done)
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        except IntegrityError as error:
            self.message_user(request, sentence_for(error), messages.ERROR)
        else:
            self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(self._address("change", record))

    def _chosen(self, request: HttpRequest, record: Model) -> Act:
        """The button pressed, also where it has gone since: its function then says why not."""
        pressed = request.POST.get("act") if request.method == "POST" else None
        for act in self.acts:
            if act.name == pressed and self._permits(act, request, record):
                return act
        raise PermissionDenied

    def _permits(self, act: Act, request: HttpRequest, record: Model) -> bool:
        return bool(getattr(self, f"has_{act.needs}_permission")(request, record))

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _address(self, page: str, record: Model) -> str:
        return reverse(f"{self.admin_site.name}:{self._name(page)}", args=[record.pk])


def _kept(request: HttpRequest, record: Model) -> dict[str, str]:
    """What was typed at a button that then refused, shown there once more."""
    kept: dict[str, str] = request.session.pop(KEPT, {})
    return kept if kept.get("of") == str(record.pk) else {}
