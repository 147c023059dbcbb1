"""The composer: a pack's sections and what is chosen for each, moved by button or by number."""

from typing import Any

from django.db.models import Model
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from campaigns.admin.accounts import WithoutHiddenAccounts
from campaigns.models import ITEM_FIELDS, PackItem, PackSection
from evidence.admin.base import Blocks, DeskForm, Lines

LAST = 10_000  # where a line without a number goes


class InReadingOrder(BaseInlineFormSet):  # type: ignore[type-arg]  # one formset for both
    """Lines whose numbers only say their order: where two are alike all are counted anew."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["position"].required = False

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if self._is_kept(form)]
        numbers = [form.cleaned_data.get("position") for form in kept]
        if None in numbers or len(set(numbers)) < len(numbers):
            kept.sort(key=_place)
            for number, form in enumerate(kept, start=1):
                _number(form, number)

    def _is_kept(self, form: Any) -> bool:
        filled = form.instance.pk is not None or form.has_changed()
        return filled and form.is_valid() and form not in self.deleted_forms


class OrderedForm(DeskForm):
    """Two lines may change places, so that no number is compared with one that is to change."""

    def has_changed(self) -> bool:
        """A new line that has a number and nothing else is one that nobody filled in."""
        told = set(self.changed_data)
        return bool(told - {"position"} if self.instance.pk is None else told)

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), "position"}  # type: ignore[misc]  # Django's


class ItemLines(WithoutHiddenAccounts, Lines):
    model = PackItem
    form = OrderedForm
    formset = InReadingOrder
    fields = ["position", *ITEM_FIELDS, "as_background"]
    autocomplete_fields = ITEM_FIELDS
    tab = False
    show_title = False
    verbose_name = "thing chosen"
    verbose_name_plural = "what is chosen for it: one thing on each line"

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Who may not choose an account is not asked how it is included."""
        shown = super().get_fields(request, obj)
        alone = "testimony_version" not in shown
        return [name for name in shown if not (alone and name == "as_background")]


class SectionBlocks(Blocks):
    model = PackSection
    form = OrderedForm
    formset = InReadingOrder
    fields = [("position", "kind"), "heading", "text"]
    inlines = [ItemLines]
    tab = False
    verbose_name = "section"
    verbose_name_plural = "sections, in reading order"


def _place(form: Any) -> int:
    position = form.cleaned_data.get("position")
    return LAST if position is None else position


def _number(form: Any, number: int) -> None:
    form.instance.position = form.cleaned_data["position"] = number
    if form.initial.get("position") != number and "position" not in form.changed_data:
        form.changed_data.append("position")
