"""The ledger of uses, and the recalls that are open."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from evidence import recalling
from evidence.admin.acting import Act, ActingAdmin
from evidence.admin.base import NOT_KNOWN, ReadOnlyAdmin, column
from evidence.admin.holding import holding_of, with_holders
from evidence.admin.reviewing import when
from evidence.admin.testimony import NeverDeleted
from evidence.models import Outcome, RecallTask, TestimonyUse


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
    list_display = ["testimony", "version_number", "used_on", identity, use_standing, "outcome"]
    list_filter = ["outcome", ["testimony", AutocompleteSelectFilter]]
    list_filter_submit = True
    list_select_related = ["version", "testimony"]
    date_hierarchy = "used_on"
    search_fields = ["testimony__title", "id", "feed_item"]

    @column("version")
    def version_number(self, use: TestimonyUse) -> int:
        return use.version.number


@column("outcome", label={Outcome.IRREVOCABLE.label: "danger", "Open": "warning"})
def outcome(task: RecallTask) -> str:
    return task.use.get_outcome_display() or "Open"


@admin.register(RecallTask)
class RecallTaskAdmin(ActingAdmin, NeverDeleted):
    """The database opens them; here the asking and the answer are recorded."""

    list_display = ["of", "holder", "what", "due_at", "asked_at", "closed_at", outcome]
    list_filter = ["use__outcome"]
    list_select_related = ["use__testimony"]
    date_hierarchy = "due_at"
    search_fields = ["use__testimony__title"]
    readonly_fields = ["use", "holder", "what", "opened_at", "due_at"]
    fields = ["use", ("holder", "what"), ("opened_at", "due_at"), ("asked_at", "closed_at"), "note"]
    empty_value_display = "not yet"
    acts = (
        Act(
            "asked",
            "Asked today",
            "Written down: the holder was asked today.",
            lambda task, user, note: recalling.mark_asked(task),
            lambda task, user: not (task.asked_at or task.closed_at),
            is_main=True,
        ),
        Act(
            "close",
            "Closed today",
            "Written down: the recall was closed today.",
            lambda task, user, note: recalling.close(task),
            lambda task, user: not task.closed_at,
        ),
    )

    def named(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return with_holders(super().named(queryset))

    def standing(self, record: Any) -> list[str]:
        held = holding_of(record)
        asked = f"{held.holder}, who holds {held.what}" if held else "whoever holds the copy"
        return [f"Ask {asked}. Due {when(record.due_at)}."]

    def links(self, record: Any) -> list[tuple[str, str]]:
        held = holding_of(record)
        return [("The version they hold", held.url)] if held else []

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @column("testimony", ordering="use__testimony__title")
    def of(self, task: RecallTask) -> str:
        return str(task.use.testimony)

    @column("holder")
    def holder(self, task: RecallTask) -> str:
        held = holding_of(task)
        return held.holder if held else NOT_KNOWN

    @column("copy of")
    def what(self, task: RecallTask) -> str:
        held = holding_of(task)
        return held.what if held else NOT_KNOWN
