"""What every page of the desk shares: words for what is unknown, and refusals told at the form."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any, ClassVar, cast

from django import forms
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import construct_change_message
from django.contrib.auth.models import User
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError
from django.db.models import DecimalField, Model, QuerySet, TextField
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminExpandableTextareaWidget

from evidence.admin.help import HELP, LABELS
from evidence.broken_rules import BrokenRule, broken_rule
from evidence.refusing import Refused
from publishing.lookups import AskedByAddress

NOT_KNOWN = "not known"
# People look for a nation by its adjective and by the name that it has for itself.
NATIONS = [
    {"wales", "welsh", "cymru"},
    {"england", "english"},
    {"scotland", "scottish"},
    {"ireland", "irish"},
    {"britain", "british"},
]
REFUSAL = "attest.refusal"


def column[Column: Callable[..., object]](
    description: str,
    *,
    ordering: str | None = None,
    label: dict[str, str] | None = None,
) -> Callable[[Column], Column]:
    """A list's column. With `label` the value is a coloured label that also says it in words."""

    def decorate(function: Column) -> Column:
        options = {"description": description, "ordering": ordering, "label": label}
        display(function, **options)
        return function

    return decorate


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


class PlainDecimal(UnfoldAdminDecimalFieldWidget):  # type: ignore[misc]  # Unfold has no types
    """1437 rather than 1437.000000."""

    def format_value(self, value: Any) -> str:
        shown = str(super().format_value(value) or "")
        return shown.rstrip("0").rstrip(".") if "." in shown else shown


# A text starts small and grows with what is written in it.
FIELDS = {
    TextField: {"widget": UnfoldAdminExpandableTextareaWidget},
    DecimalField: {"widget": PlainDecimal},
}


class Fields:
    """Fields that say what to write, and choices loaded with what their names are made of."""

    admin_site: Any
    formfield_overrides = FIELDS

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # Unfold's
        if field is not None:
            field.help_text = field.help_text or HELP.get(db_field.name, "")
            field.label = LABELS.get(db_field.name, field.label)
        return field

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest
    ) -> QuerySet[Any] | None:
        related = db_field.remote_field.model
        desk = self.admin_site._registry.get(related)
        if not isinstance(desk, DeskAdmin):
            return None
        found: QuerySet[Any] = desk.named(related._default_manager.using(db))
        return found


class DeskAdmin(Fields, AskedByAddress):
    """The admin of one model: it declares, and the rules it runs into speak at its form."""

    form = DeskForm
    empty_value_display = NOT_KNOWN
    list_per_page = 50
    show_full_result_count = False
    warn_unsaved_form = True
    list_select_related: list[str] = []

    def named(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """With what its name and its columns are made of, wherever it is listed or chosen."""
        related = self.list_select_related
        return queryset.select_related(*related) if related else queryset

    def get_action_choices(
        self,
        request: HttpRequest,
        default_choices: list[tuple[str, str]] | None = None,
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> list[tuple[str, str]]:
        """Past Unfold's own, which says no more than its first choice and knows no location."""
        choices = default_choices or [("", "Select action")]
        found: list[tuple[str, str]] = super(ModelAdmin, self).get_action_choices(
            request, choices, action_location
        )
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.named(super().get_queryset(request))

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: list[Any] | None, add: bool = False
    ) -> list[dict[str, Any]]:
        """Without the names of lines, which may be seen by fewer than see the record's history."""
        said = construct_change_message(form, [], add)
        changed = [
            str(each.told_as)
            for each in formsets or ()
            if each.new_objects or each.changed_objects or each.deleted_objects
        ]
        if not changed:
            return said
        fields = [name for each in said for name in each.get("changed", {}).get("fields", ())]
        added = [each for each in said if "added" in each]
        return [*added, {"changed": {"fields": [*fields, *dict.fromkeys(changed)]}}]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Every word has to be found, as Django has it; a nation's under any of its names."""
        words = search_term.split()
        if not any(map(_other_names, words)) or '"' in search_term:
            found: tuple[QuerySet[Any], bool] = super().get_search_results(
                request, queryset, search_term
            )
            return found
        twice = False
        for word in words:
            ways = [
                super(DeskAdmin, self).get_search_results(request, queryset, name)
                for name in (word, *_other_names(word))
            ]
            queryset = reduce(or_, (way for way, _ in ways))
            twice = twice or any(more for _, more in ways)
        return queryset, twice

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

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Not through a relation to what this person may not see: the answer would tell of it."""
        model: type[Model] = self.model
        for part in lookup.split("__"):
            try:
                field = model._meta.get_field(part)
            except FieldDoesNotExist:
                break
            if not field.is_relation or field.related_model is None:
                break
            model = field.related_model
            if field.concrete and not field.many_to_many:
                continue  # its own column: allowed as far as Django allows it
            name = f"{model._meta.app_label}.view_{model._meta.model_name}"
            if not person(request).has_perm(name):
                return False
        return super().lookup_allowed(lookup, value, request)


def _other_names(word: str) -> list[str]:
    own = word.casefold()
    return [name for nation in NATIONS if own in nation for name in sorted(nation - {own})]


class ReadOnlyAdmin(DeskAdmin):
    """For what is written elsewhere, once, and is only looked at here."""

    empty_value_display = "none"

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Inline(Fields):
    """Lines of a record, on its page under a tab."""

    opts: Any
    verbose_name_plural: Any
    form = DeskForm
    empty_value_display = "none"
    extra = 0
    tab = True
    part_of_review: ClassVar[bool] = True  # whether a change to them makes the record a draft
    seen_by_fewer: ClassVar[bool] = False  # than see the record, and with it its history
    named_with: tuple[str, ...] = ()  # the relations that a line's own name is made of

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]  # Unfold's
        return found.select_related(*self.named_with) if self.named_with else found

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Without the columns that hold what this person may not see at all."""
        hidden = {
            field.name
            for field in self.opts.fields
            if field.related_model in self.admin_site._registry
            and not self.admin_site._registry[field.related_model].has_view_permission(request)
        }
        shown = [
            [name for name in ([line] if isinstance(line, str) else line) if name not in hidden]
            for line in super().get_fields(request, obj)  # type: ignore[misc]  # Unfold's
        ]
        return [line[0] if len(line) == 1 else line for line in shown if line]

    def get_formset(self, *args: Any, **kwargs: Any) -> Any:
        formset = super().get_formset(*args, **kwargs)  # type: ignore[misc]  # Unfold's
        formset.part_of_review = self.part_of_review
        formset.told_as = "lines" if self.seen_by_fewer else self.verbose_name_plural
        return formset


class Lines(Inline, TabularInline):  # type: ignore[misc]  # Unfold has no types
    """In a table."""


class Blocks(Inline, StackedInline):  # type: ignore[misc]  # Unfold has no types
    """Too long for a table."""


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
