"""What every page of the desk shares: words for what is unknown, and refusals told at the form."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django import forms
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.decorators import display

from evidence.broken_rules import BrokenRule, broken_rule
from evidence.refusing import Refused

NOT_KNOWN = "not known"
REFUSAL = "attest.refusal"

Column = Callable[..., object]


def column(
    description: str,
    *,
    ordering: str | None = None,
    label: dict[str, str] | None = None,
    boolean: bool | None = None,
) -> Callable[[Column], Column]:
    """A list's column. With `label` the value is a coloured label that also says it in words."""
    decorate = display(description=description, ordering=ordering, label=label, boolean=boolean)
    return cast("Callable[[Column], Column]", decorate)


def person(request: HttpRequest) -> User:
    """Who is asking; the desk answers to nobody without an account."""
    return cast("User", request.user)


class DeskForm(forms.ModelForm):  # type: ignore[type-arg]  # one form for every model
    """A form that says in its own place what the database refused."""

    refusal: ClassVar[BrokenRule | None] = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.refusal:
            place = self.refusal.field if self.refusal.field in self.fields else None
            self.add_error(place, self.refusal.sentence)
        return cleaned


class NamedChoices:
    """Loads, with each record that can be chosen, what its name is made of."""

    admin_site: Any

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest
    ) -> QuerySet[Any] | None:
        related = db_field.remote_field.model
        desk = self.admin_site._registry.get(related)
        if not isinstance(desk, DeskAdmin):
            return None
        found: QuerySet[Any] = desk.named(related._default_manager.using(db))
        return found


class DeskAdmin(NamedChoices, ModelAdmin):  # type: ignore[misc]  # Unfold has no types
    """The admin of one model: it declares, and the rules it runs into speak at its form."""

    form = DeskForm
    empty_value_display = NOT_KNOWN
    list_per_page = 50
    show_full_result_count = False
    warn_unsaved_form = True
    named_with: tuple[str, ...] = ()  # the relations that a record's own name is made of

    def named(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related(*self.named_with) if self.named_with else queryset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.named(super().get_queryset(request))

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[DeskForm]:
        form = super().get_form(request, *args, **kwargs)
        return type(form.__name__, (form,), {"refusal": request.META.get(REFUSAL)})

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A second time where the database or a rule refused, with its sentence at the form.

        Nothing of the first attempt stays: Django ran it in a transaction of its own.
        """
        try:
            return cast("HttpResponse", super().changeform_view(request, *args, **kwargs))
        except IntegrityError as error:
            request.META[REFUSAL] = broken_rule(error)
        except Refused as refused:
            request.META[REFUSAL] = BrokenRule(str(refused), "")
        return cast("HttpResponse", super().changeform_view(request, *args, **kwargs))


class ReadOnlyAdmin(DeskAdmin):
    """For what is written elsewhere, once, and is only looked at here."""

    empty_value_display = "none"

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Lines(NamedChoices, TabularInline):  # type: ignore[misc]  # Unfold has no types
    """Lines of a record, in a table on its page, under a tab."""

    form = DeskForm
    extra = 0
    tab = True
    part_of_review: ClassVar[bool] = True  # whether a change to them makes the record a draft
    named_with: tuple[str, ...] = ()  # the relations that a line's own name is made of

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request)
        return found.select_related(*self.named_with) if self.named_with else found

    def get_formset(self, *args: Any, **kwargs: Any) -> Any:
        formset = super().get_formset(*args, **kwargs)
        formset.part_of_review = self.part_of_review
        return formset


class Blocks(Lines):
    """Lines that are too long for a table."""

    template = StackedInline.template


class Kept:
    """Added to lines that nobody edits or deletes once they are saved."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Shown(Kept):
    """Added to lines that are written elsewhere."""

    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
