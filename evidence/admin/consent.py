"""Consents: whom they cover, what they permit, and the buttons that move them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import User
from django.contrib.postgres.forms import DateTimeRangeField, RangeWidget
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from unfold.widgets import UnfoldAdminSingleDateWidget

from evidence import consenting
from evidence.admin.acting import Act, ActingAdmin, Badge
from evidence.admin.base import DeskForm, Kept, Lines, Shown, column, person
from evidence.admin.testimony import NeverDeleted
from evidence.models import (
    Consent,
    ConsentEvent,
    ConsentScope,
    ConsentState,
    ConsentTestimony,
)

OPEN_STATES = {ConsentState.REQUESTED, ConsentState.DEFERRED}
STATE_COLOURS = {
    ConsentState.REQUESTED.value: "info",
    ConsentState.DEFERRED.value: "warning",
    ConsentState.GIVEN.value: "success",
    ConsentState.SUSPENDED.value: "warning",
    ConsentState.WITHDRAWN.value: "danger",
    ConsentState.REVOKED.value: "danger",
    ConsentState.REFUSED.value: "danger",
    ConsentState.INVALIDATED.value: "danger",
    ConsentState.REPLACED.value: "",
    "ended": "",
}


def in_state(*states: ConsentState) -> Any:
    def possible(consent: Consent, _user: User) -> bool:
        return consent.state in states

    return possible


class ConsentForm(DeskForm):
    validity = DateTimeRangeField(
        label="Valid from and until",
        help_text="Two days, the second one no longer included. At most two years.",
        widget=RangeWidget(UnfoldAdminSingleDateWidget),
    )


class ListedTestimonies(Kept, Lines):
    model = ConsentTestimony
    fields = ["testimony"]
    autocomplete_fields = ["testimony"]
    named_with = ("testimony",)


class ScopeLines(Kept, Lines):
    """Append-only: what was permitted stays, and a denial or a lower identity narrows it."""

    model = ConsentScope
    fields = ["decision", "purpose", "audience", "channel", "max_identity", "max_edits"]
    verbose_name = "permission or denial"
    verbose_name_plural = "what it permits"


class EventLines(Shown, Lines):
    model = ConsentEvent
    fields = readonly_fields = ["at", "from_state", "to_state", "login"]
    verbose_name = "change of state"
    verbose_name_plural = "changes of state"


@column("state", ordering="state", label=STATE_COLOURS)
def state(consent: Consent) -> tuple[str, str]:
    if consent.state == ConsentState.GIVEN and consenting.has_ended(consent):
        return "ended", "Ended"
    return consent.state, consent.get_state_display()


@column("valid", ordering="validity")
def valid(consent: Consent) -> str:
    first, last = (
        date_format(localtime(day), "j F Y")
        for day in (consent.validity.lower, consent.validity.upper)
    )
    return f"{first} to {last}"


class EndingFilter(admin.SimpleListFilter):
    title = "end"
    parameter_name = "ends"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("soon", "Within 90 days")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return consenting.ending_soon(queryset) if self.value() == "soon" else queryset


@admin.register(Consent)
class ConsentAdmin(ActingAdmin, NeverDeleted):
    """Edited until it is given; from then on only narrowed, paused or ended."""

    form = ConsentForm
    list_display = ["record", "contributor", state, valid, "review_due", "jurisdiction"]
    list_filter = ["state", EndingFilter, "jurisdiction", "competence", "expressed_by"]
    date_hierarchy = "review_due"
    list_select_related = ["contributor"]
    search_fields = ["record_id", "contributor__label", "listed__testimony__title"]
    autocomplete_fields = ["contributor", "replaces"]
    inlines = [ListedTestimonies, ScopeLines, EventLines]
    fieldsets: ClassVar[list[Any]] = [
        ("Who and when", {"fields": ["contributor", "event_time", "validity", "review_due"]}),
        (
            "What they were told",
            {
                "fields": [
                    ("notice_version", "language"),
                    "notice_sha256",
                    ("jurisdiction", "indication_method"),
                ]
            },
        ),
        (
            "Who decided",
            {
                "fields": [
                    ("age_at_consent", "competence"),
                    ("expressed_by", "subject_assent"),
                    "replaces",
                ]
            },
        ),
    ]
    acts = (
        Act(
            "give",
            "Record as given",
            "Recorded as given: from now on it cannot be edited.",
            lambda consent, user, note: consenting.give(consent),
            in_state(*OPEN_STATES),
            warns="What it says and covers cannot be edited afterwards.",
            is_main=True,
        ),
        Act(
            "pause",
            "Pause",
            "Paused: nothing that rests on it can be used.",
            lambda consent, user, note: consenting.pause(consent),
            in_state(ConsentState.GIVEN),
        ),
        Act(
            "resume",
            "Resume",
            "Resumed. What was called back stays back until it is used anew.",
            lambda consent, user, note: consenting.resume(consent),
            in_state(ConsentState.SUSPENDED),
            is_main=True,
        ),
        Act(
            "withdraw",
            "Withdraw",
            "Withdrawn: it has left the website, and a recall is open for each copy.",
            lambda consent, user, note: consenting.withdraw(consent),
            in_state(ConsentState.GIVEN, ConsentState.SUSPENDED),
            warns="It ends for good. What rests on it leaves the website now, and a recall opens "
            "for each copy.",
        ),
    )

    def record(self, consent: Consent) -> str:
        return str(consent.record_id)[:8]

    def standing(self, record: Any) -> list[str]:
        return [f"Valid {valid(record)}."]

    def badges(self, record: Any) -> list[Badge]:
        value, words = state(record)
        return [(words, STATE_COLOURS[value])]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None or obj.state in OPEN_STATES:
            return []
        return flatten_fieldsets(self.get_fieldsets(request, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Once it is given its validity is read as two plain days."""
        if obj is None or obj.state in OPEN_STATES:
            return self.fieldsets
        dates = ["contributor", "event_time", valid, "review_due"]
        return [("Who and when", {"fields": dates}), *self.fieldsets[1:]]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A given consent is written by the buttons alone; its page may still narrow it."""
        if not change:
            obj.recorded_by = person(request)
        if form.has_changed():
            super().save_model(request, obj, form, change)
