"""The ledger of uses, the recalls that are open, and whom we told of a use."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.widgets import UnfoldAdminRadioSelectWidget

from evidence import recalling
from evidence.admin.base import NOT_KNOWN, ReadOnlyAdmin, column, person
from evidence.admin.pages import ActPage, Page, PagedAdmin
from evidence.admin.placing import PlacingForm
from evidence.admin.reviewing import when
from evidence.admin.testimony import NeverDeleted
from evidence.holders import holding_of, may_know_holders, with_holders
from evidence.models import Outcome, RecallTask, TestimonyUse, UseNotice


@column("identity", ordering="identity")
def identity(use: TestimonyUse) -> str:
    return use.get_identity_display()


@column(
    "standing",
    label={"In use": "success", "Called back": "warning"},
)
def use_standing(use: TestimonyUse) -> str:
    return "Called back" if use.recalled_at else "In use"


@admin.register(TestimonyUse)
class TestimonyUseAdmin(ReadOnlyAdmin):
    list_display = [
        "testimony",
        "version_number",
        "publication",
        "used_on",
        identity,
        use_standing,
        "outcome",
    ]
    list_filter = ["outcome", ["testimony", AutocompleteSelectFilter]]
    list_filter_submit = True
    list_select_related = ["version", "testimony"]
    date_hierarchy = "used_on"
    search_fields = ["testimony__title", "id", "feed_item", "publication"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        knows = may_know_holders(person(request))
        return [each for each in super().get_fields(request, obj) if knows or each != "holder"]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Else the list could be asked who holds what, a letter at a time."""
        if lookup.startswith("holder") and not may_know_holders(person(request)):
            return False
        return super().lookup_allowed(lookup, value, request)

    @column("version")
    def version_number(self, use: TestimonyUse) -> int:
        return use.version.number


@column("outcome", label={Outcome.IRREVOCABLE.label: "danger", "Open": "warning"})
def outcome(task: RecallTask) -> str:
    return task.use.get_outcome_display() or "Open"


class AskedForm(forms.Form):
    chase_on = forms.DateField(
        label="Ask again on",
        help_text="If nothing was heard by then. Five working days, unless you know better.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class AskedPage(ActPage):
    form_class = AskedForm
    permission = "evidence.change_recalltask"
    title = "The holder was asked"
    button = "Asked today"

    def get_initial(self) -> dict[str, Any]:
        today = timezone.localdate()
        return {"chase_on": recalling.working_days_after(today, recalling.DAYS_TO_ANSWER)}

    def do(self, form: forms.Form) -> str:
        on = form.cleaned_data["chase_on"]
        if self.record.asked_at:
            recalling.chase_again(self.record, on=on)
        else:
            recalling.mark_asked(self.record, chase_on=on)
        return f"Written down: the holder was asked today, and is asked again on {on:%-d %B %Y}."


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label="What became of the copy",
        choices=[(each.value, each.label) for each in recalling.CLOSING],
        widget=UnfoldAdminRadioSelectWidget,
        error_messages={"required": "Say what became of the copy."},
        help_text="It is written to the use, and the contributor is told honestly what cannot come "
        "back.",
    )


class ClosePage(ActPage):
    form_class = CloseForm
    permission = "evidence.change_recalltask"
    title = "Close the recall"
    button = "Close it"

    def do(self, form: forms.Form) -> str:
        chosen = Outcome(form.cleaned_data["outcome"])
        recalling.close(self.record, chosen)
        return f"Closed: {chosen.label.lower()}."


def _is_open(task: Any, _user: Any) -> bool:
    return not task.closed_at


@admin.register(RecallTask)
class RecallTaskAdmin(PagedAdmin, NeverDeleted):
    """The database opens them; here the asking and the answer are recorded."""

    list_display = [
        "of",
        "holder",
        "what",
        "due_at",
        "asked_at",
        "chase_on",
        "closed_at",
        outcome,
    ]
    list_filter = ["use__outcome", ["closed_at", admin.EmptyFieldListFilter]]
    list_select_related = ["use__testimony"]
    date_hierarchy = "due_at"
    search_fields = ["use__testimony__title"]
    readonly_fields = [
        "use",
        "holder",
        "what",
        "opened_at",
        "due_at",
        "asked_at",
        "closed_at",
    ]
    fields = [
        "use",
        ("holder", "what"),
        ("opened_at", "due_at"),
        ("asked_at", "chase_on", "closed_at"),
        "note",
    ]
    empty_value_display = "not yet"
    pages = (
        Page("asked", "The holder was asked", AskedPage, _is_open),
        Page("close", "Close it", ClosePage, _is_open),
    )

    def named(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return with_holders(super().named(queryset), through="use__")

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return self._told(request, self.list_display)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self._told(request, self.fields)

    def _told(self, request: HttpRequest, fields: list[Any]) -> list[Any]:
        """Without the holders, for those who may not see copies."""
        if may_know_holders(person(request)):
            return fields
        return [each for each in fields if each not in ("holder", "what", ("holder", "what"))]

    def standing(self, record: Any) -> list[str]:
        if record.closed_at:
            return [f"Closed {when(record.closed_at)}: {outcome(record).lower()}."]
        if record.asked_at:
            chase = f" Ask again on {record.chase_on:%-d %B %Y}." if record.chase_on else ""
            return [f"Asked {when(record.asked_at)}.{chase}"]
        held = holding_of(record.use) if record.may_know_holders else None
        asked = f"{held.holder}, who holds {held.what}" if held else "whoever holds the copy"
        return [f"Ask {asked}. Due {when(record.due_at)}."]

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        found = super().get_object(request, *args, **kwargs)
        if found is not None:
            found.may_know_holders = may_know_holders(person(request))
        return found

    def links(self, record: Any) -> list[tuple[str, str]]:
        held = holding_of(record.use) if record.may_know_holders else None
        return [("The version they hold", held.url)] if held else []

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """What was changed alone: what it is of, and when it is due, is not the app's to write."""
        obj.save(update_fields=form.changed_data)

    @column("testimony", ordering="use__testimony__title")
    def of(self, task: RecallTask) -> str:
        return str(task.use.testimony)

    @column("holder")
    def holder(self, task: RecallTask) -> str:
        held = holding_of(task.use)
        return held.holder if held else NOT_KNOWN

    @column("copy of")
    def what(self, task: RecallTask) -> str:
        held = holding_of(task.use)
        return held.what if held else NOT_KNOWN


class NoticeForm(PlacingForm):
    places = {"use_notice_once": "kind"}
    helps = {"used_on": "The day of the use.", "how": "How they were told or asked."}


@admin.register(UseNotice)
class UseNoticeAdmin(NeverDeleted):
    """Added once somebody was told or asked, and kept as it is."""

    form = NoticeForm
    list_display = ["testimony", "used_on", "kind", "how", "done_at"]
    list_filter = ["kind", "how"]
    list_select_related = ["testimony"]
    date_hierarchy = "used_on"
    search_fields = ["testimony__title"]
    autocomplete_fields = ["testimony"]
    fields = ["testimony", ("used_on", "kind"), "how"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.done_by = person(request)
        super().save_model(request, obj, form, change)
