"""Pages that ask something about one record before they act on it."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.generic import FormView

from evidence.admin.base import DeskAdmin, person
from evidence.broken_rules import broken_rule
from evidence.refusing import Refused

type Said = tuple[int, str]  # the level of a message, and the message


class AskingPage(FormView[forms.Form]):
    """A refusal stands at its field, with all that was written still there."""

    desk: DeskAdmin = cast("DeskAdmin", None)
    record: Any = None
    title = ""
    button = ""
    permission: ClassVar[str] = ""

    @classmethod
    def permits(cls, user: User) -> bool:
        return user.has_perm(cls.permission)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.permits(person(request)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"label_suffix": "", **super().get_form_kwargs()}

    def act(self, form: forms.Form) -> list[Said]:
        """Do it, and say what was done."""
        raise NotImplementedError

    def mended_at(self, form: forms.Form) -> str | None:
        """The field where a refusal is mended, or None for the form as a whole."""
        return None

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            said = self.act(form)
        except Refused as refused:
            form.add_error(self.mended_at(form), str(refused))
        except IntegrityError as error:
            form.add_error(None, broken_rule(error).sentence)
        else:
            for level, sentence in said:
                self.desk.message_user(self.request, sentence, level)
            return self.done()
        return self.form_invalid(form)

    def done(self) -> HttpResponse:
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        frame = self.desk.admin_site.each_context(self.request)
        said = {"title": self.title, "button": self.button, "record": self.record}
        return {**frame, **said, **super().get_context_data(**kwargs)}

    @property
    def by(self) -> User:
        return person(self.request)


def succeeded(sentence: str) -> Said:
    return messages.SUCCESS, sentence


def warned(sentence: str) -> Said:
    return messages.WARNING, sentence


def page[Page: AskingPage](of: type[Page]) -> Callable[..., HttpResponseBase]:
    """The view of a page, as an action of its desk calls it."""

    def view(desk: DeskAdmin, request: HttpRequest, record: Any = None) -> HttpResponseBase:
        return of.as_view(desk=desk, record=record)(request)

    return view
