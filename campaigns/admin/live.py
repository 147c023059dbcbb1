"""A pack as it would read now, beside its form: what stands in the form is shown, never saved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from unfold.mixins.nested_inlines_model_admin import nested_all_valid

from campaigns import gate, second_signing, sending
from campaigns.briefing import Briefing
from campaigns.briefing.text import WORDS, counted
from campaigns.building import preview, printed
from campaigns.models import Pack, PackFormat
from campaigns.models.packs import in_words
from campaigns.packs import compose
from evidence.broken_rules import sentence_for
from evidence.refusing import Refused


@dataclass(frozen=True, slots=True)
class Read:
    """A pack as it reads: what an officer has to know of it, and what it would print."""

    stops: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()  # in the form, so that there is nothing to show
    briefing: Briefing | None = None

    @property
    def length(self) -> str:
        if self.briefing is None:
            return ""
        return f"The e-mail has {counted(self.briefing).words} words of {WORDS}."


def read(pack: Pack) -> Read:
    before = before_it_goes(pack)
    try:
        composition = compose(pack)
    except Refused as refused:
        return Read(stops=(str(refused),), told=tuple(before))
    stops = [stop.sentence for stop, passed in gate.standing(composition) if passed is None]
    told = (*composition.warnings, *composition.refusals, *before)
    return Read(tuple(stops), told, briefing=preview(composition))


def before_it_goes(pack: Pack) -> list[str]:
    """Who cannot be reached, when it may be used, and what still wants a second name."""
    told = sending.out_of_reach(pack.recipients.select_related("contact"))
    if pack.embargo:
        told.insert(0, f"{pack.embargo}: nothing is sent before.")
    if pack.not_after:
        told.append(f"It expires on {in_words(pack.not_after)}.")
    late = second_signing.overdue().filter(pack=pack)
    told += [f"Version {each.number} lacks its second signature." for each in late]
    return told


class LivePreview:
    """Mixed into the admin of packs."""

    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.live_view)
        live = path("<uuid:object_id>/live/", view, name="campaigns_pack_live")
        return [live, *super().get_urls()]  # type: ignore[misc]  # the admin's

    def live_view(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """By GET as it is saved; by POST as its form stands, for who may change it."""
        admin: Any = self
        pack = admin.get_object(request, str(object_id))
        if pack is None:
            raise Http404
        if not admin.has_preview_permission(request, pack):
            raise PermissionDenied
        if request.method != "POST":
            found = read(pack)
        elif admin.has_change_permission(request, pack):
            found = self._as_typed(request, pack)
        else:
            raise PermissionDenied
        stops, document = _document(found, pack)
        told = {"read": found, "stops": (*found.stops, *stops)}
        return JsonResponse(
            {"told": render_to_string("admin/packs/told.html", told), "document": document}
        )

    def _as_typed(self, request: HttpRequest, pack: Pack) -> Read:
        """Saved as the form would save it, by the same rules, read, and taken back.

        The transaction ends before anything is typeset, so that it holds the pack's row shortly.
        """
        try:
            with transaction.atomic():
                found = self._saved_and_read(request, pack)
                transaction.set_rollback(True)
        except Refused as refused:
            return Read(faults=(str(refused),))
        except IntegrityError as error:
            return Read(faults=(sentence_for(error),))
        return found

    def _saved_and_read(self, request: HttpRequest, pack: Pack) -> Read:
        admin: Any = self
        form = admin.get_form(request, pack, change=True)(
            request.POST, request.FILES, instance=pack
        )
        formsets, _ = admin._create_formsets(request, form.instance, change=True)
        if not (form.is_valid() & nested_all_valid(formsets)):
            return Read(faults=tuple(_faults(form, formsets)))
        admin.save_model(request, form.save(commit=False), form, change=True)
        admin.save_related(request, form, formsets, change=True)
        return read(Pack.objects.select_related("stage__bill").get(pk=pack.pk))


def _document(found: Read, pack: Pack) -> tuple[list[str], str]:
    """The page to show, and why it or one side of A4 cannot be printed."""
    if found.briefing is None:
        return [], ""
    try:
        page = printed(found.briefing, PackFormat.HTML, timestamp=pack.updated_at).decode()
    except Refused as refused:
        return [str(refused)], ""
    try:
        if found.briefing.layout == "one_page":
            printed(found.briefing, PackFormat.PDF, timestamp=pack.updated_at)
    except Refused as refused:
        return [str(refused)], page
    return [], page


def _faults(form: Any, formsets: list[Any]) -> Iterator[str]:
    yield from _of_form(form, "")
    for formset in formsets:
        yield from map(str, formset.non_form_errors())
        for section in formset.forms:
            yield from _of_form(section, _named(section))
            for nested in getattr(section, "nested_formsets", []):
                yield from map(str, nested.formset.non_form_errors())
                for line in nested.formset.forms:
                    yield from _of_form(line, _named(section))


def _of_form(form: Any, where: str) -> Iterator[str]:
    for name, errors in form.errors.items():
        label = "" if name == "__all__" else str(form.fields[name].label or name).capitalize()
        place = ", ".join(filter(None, (where, label)))
        yield from (f"{place}: {error}" if place else str(error) for error in errors)


def _named(section: Any) -> str:
    heading = section.data.get(section.add_prefix("heading"), "")
    return f"Section “{heading}”" if heading else ""
