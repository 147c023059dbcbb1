"""Consents: whom they cover, what they permit, and the buttons that move them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from evidence import consenting
from evidence.admin.acting import Act, Badge
from evidence.admin.base import NOT_KNOWN, column, person
from evidence.admin.consent_acts import ACTS, PAUSE_BUTTONS, resting_on
from evidence.admin.consent_form import BORN, ConsentForm, born_of
from evidence.admin.consent_lines import EventLines, ListedTestimonies, OnlyWhileOpen, ScopeLines
from evidence.admin.consent_pages import NARROWING_PAGES, ReceiptPage
from evidence.admin.pages import Page, PagedAdmin
from evidence.admin.testimony import NamesNobody, NeverDeleted
from evidence.admin.vault import EVIDENCE_PAGES
from evidence.birthdays import ADULT_AT
from evidence.desk_addresses import list_of
from evidence.models import (
    OPEN_STATES,
    Consent,
    ConsentState,
    TestimonyUse,
)
from evidence.renewing import can_be_renewed, renewal_of

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


@column("state", ordering="state", label=STATE_COLOURS)
def state(consent: Consent) -> tuple[str, str]:
    if consent.state == ConsentState.GIVEN and consenting.has_ended(consent):
        return "ended", "Ended"
    return consent.state, consent.get_state_display()


@column("valid", ordering="validity")
def valid(consent: Consent) -> str:
    if not consent.validity:  # a form that was sent without it, shown again
        return NOT_KNOWN
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


def _as_it_was_given(consent: Consent, fieldsets: list[Any]) -> list[Any]:
    """Without what is asked of a child where an adult gave it, or of a renewal where it is none."""
    left_out = set() if consent.replaces_id else {"replaces"}
    if consent.age_at_consent >= ADULT_AT:
        left_out |= {"subject_assent", "pr_conflict", "reconsent_month"}

    def kept(line: str | tuple[str, ...]) -> tuple[str, ...]:
        names = (line,) if isinstance(line, str) else line
        return tuple(name for name in names if name not in left_out)

    return [
        (title, {"fields": [names for line in options["fields"] if (names := kept(line))]})
        for title, options in fieldsets
    ]


@admin.register(Consent)
class ConsentAdmin(NamesNobody, PagedAdmin, NeverDeleted):
    """Edited until it is given; from then on only narrowed, paused, renewed or ended."""

    form = ConsentForm
    list_display = ["record", "contributor", state, valid, "review_due", "jurisdiction"]
    list_filter = ["state", EndingFilter, "jurisdiction", "competence", "expressed_by"]
    date_hierarchy = "review_due"
    list_select_related = ["contributor", "notice"]
    search_fields = ["record_id", "contributor__label", "listed__testimony__title"]
    autocomplete_fields = ["contributor", "replaces"]
    inlines = [ListedTestimonies, ScopeLines, EventLines]
    pages = (*NARROWING_PAGES, Page("receipt", "Receipt", ReceiptPage), *EVIDENCE_PAGES)
    fieldsets: ClassVar[list[Any]] = [
        ("Who and when", {"fields": ["contributor", "event_time", "validity", "review_due"]}),
        (
            "What they were told",
            {
                "fields": [
                    "notice",
                    ("jurisdiction", "indication_method"),
                ]
            },
        ),
        (
            "Who decided",
            {
                "fields": [
                    ("age_at_consent", "competence"),
                    ("expressed_by", "subject_assent", "pr_conflict"),
                    "reconsent_month",
                    "replaces",
                ]
            },
        ),
    ]
    acts = ACTS

    def acts_open(self, request: HttpRequest, record: Any) -> list[Act]:
        hands = consenting.paused_by(record)  # asked once for the three buttons
        return [
            act
            for act in super().acts_open(request, record)
            if act.name not in PAUSE_BUTTONS or PAUSE_BUTTONS[act.name](hands)
        ]

    def record(self, consent: Consent) -> str:
        return str(consent.record_id)[:8]

    def standing(self, record: Any) -> list[str]:
        told = [f"Valid {valid(record)}."]
        if record.receipt_issued_at:
            day = date_format(localtime(record.receipt_issued_at), "j F Y")
            told.append(f"Receipt issued on {day}.")
        return told

    def badges(self, record: Any) -> list[Badge]:
        value, words = state(record)
        return [(words, STATE_COLOURS[value])]

    def uses_of(self, record: Any) -> QuerySet[TestimonyUse]:
        return resting_on(record)

    def uses_title(self, record: Any) -> str:
        is_renewal = record.state in OPEN_STATES and record.replaces_id
        return "What rests on the record that it replaces" if is_renewal else ""

    def pages_open(self, request: HttpRequest, record: Any) -> list[tuple[str, str]]:
        found = super().pages_open(request, record)
        if self.has_add_permission(request) and can_be_renewed(record):
            found.insert(0, ("Renew", f"{list_of(Consent, 'add')}?renews={record.pk}"))
        return found

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        renewal = renewal_of(request.GET.get("renews"))
        return renewal.fields if renewal else super().get_changeform_initial_data(request)

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Any, inline: Any, prefix: str
    ) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if obj._state.adding and isinstance(inline, OnlyWhileOpen):
            kwargs["initial"] = inline.lines(request)
        return kwargs

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The date of birth is looked up first: no look happens within a transaction."""
        if request.method == "POST":
            request.META[BORN] = born_of(request)
        return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        return type(form.__name__, (form,), {"born": request.META.get(BORN)})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None or obj.state in OPEN_STATES:
            return []
        return flatten_fieldsets(self.get_fieldsets(request, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Once it is given its validity is read as two plain days."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or obj.state in OPEN_STATES:
            return fieldsets
        (title, options), *others = fieldsets
        fields = [valid if each == "validity" else each for each in options["fields"]]
        return [(title, {"fields": fields}), *_as_it_was_given(obj, others)]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Of a given consent nothing is saved: the buttons move it."""
        given = context.get("original")
        if given is not None and given.state not in OPEN_STATES:
            saves = ("show_save", "show_save_and_continue", "show_save_and_add_another")
            context.update(dict.fromkeys(saves, False))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A given consent is written by the buttons alone."""
        if not change:
            obj.recorded_by = person(request)
        if form.has_changed():
            super().save_model(request, obj, form, change)
