"""What stands below a consent: the accounts it lists, what it permits, how its state changed."""

from typing import Any, ClassVar

from django.http import HttpRequest

from evidence.admin.base import Kept, Lines, Shown
from evidence.admin.consent_form import ListedFormSet, ScopeFormSet
from evidence.models import OPEN_STATES, ConsentEvent, ConsentScope, ConsentTestimony
from evidence.renewing import renewal_of


class OnlyWhileOpen(Kept):
    """Lines of a consent that nobody has given yet: later it is narrowed by pages of its own."""

    renewed: ClassVar[str]  # what a renewal fills in here

    def lines(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Filled in on an empty form; what is sent back counts as written anew."""
        renewal = renewal_of(request.GET.get("renews")) if request.method == "GET" else None
        return list(getattr(renewal, self.renewed)) if renewal else []

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return len(self.lines(request)) if obj is None else 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_open = obj is None or obj.state in OPEN_STATES
        return is_open and bool(super().has_add_permission(request, obj))  # type: ignore[misc]  # Unfold's


class ListedTestimonies(OnlyWhileOpen, Lines):
    model = ConsentTestimony
    formset = ListedFormSet
    renewed = "testimonies"
    fields = ["testimony", "withdrawn_at"]
    readonly_fields = ["withdrawn_at"]
    autocomplete_fields = ["testimony"]
    named_with = ("testimony",)
    empty_value_display = "no"


class ScopeLines(OnlyWhileOpen, Lines):
    """Append-only: what was permitted stays, and a denial or a lower identity narrows it."""

    model = ConsentScope
    formset = ScopeFormSet
    renewed = "scopes"
    fields = [
        "decision",
        "purpose",
        "audience",
        "channel",
        "max_identity",
        "max_edits",
        "irrevocable_understood",
    ]
    verbose_name = "permission or denial"
    verbose_name_plural = "what it permits"


class EventLines(Shown, Lines):
    model = ConsentEvent
    fields = readonly_fields = ["at", "from_state", "to_state", "login"]
    verbose_name = "change of state"
    verbose_name_plural = "changes of state"
