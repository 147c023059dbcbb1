"""The ledger of uses, and the recalls that are open."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from evidence.admin.base import ReadOnlyAdmin, column
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
class RecallTaskAdmin(NeverDeleted):
    """The database opens them; here the asking and the answer are recorded."""

    list_display = ["of", "opened_at", "due_at", "asked_at", "closed_at", outcome]
    list_filter = ["use__outcome"]
    list_select_related = ["use__testimony"]
    date_hierarchy = "due_at"
    search_fields = ["use__testimony__title"]
    readonly_fields = ["use", "opened_at", "due_at"]
    fields = ["use", ("opened_at", "due_at"), ("asked_at", "closed_at"), "note"]
    empty_value_display = "not yet"

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @column("testimony", ordering="use__testimony__title")
    def of(self, task: RecallTask) -> str:
        return str(task.use.testimony)
