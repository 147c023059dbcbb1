"""The base of every reviewed record's admin: who edited, who approved, and the buttons between."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import BaseInlineFormSet, ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.timezone import localtime

from evidence import review
from evidence.admin.acting import Act, ActingAdmin, Badge
from evidence.admin.base import column, person
from evidence.admin.numbers import decide, open_numbers
from evidence.desk_addresses import address_of
from evidence.desk_words import kind_of
from evidence.models import Reviewed, ReviewState

COLOURS = {
    ReviewState.DRAFT: "info",
    ReviewState.IN_REVIEW: "warning",
    ReviewState.APPROVED: "success",
    ReviewState.SENT_BACK: "danger",
    ReviewState.RETIRED: "",
}


@column(
    "state",
    ordering="review_state",
    label={state.value: colour for state, colour in COLOURS.items()},
)
def state(record: Reviewed) -> tuple[str, str]:
    return record.review_state, ReviewState(record.review_state).label


def _leads_to(target: ReviewState) -> Any:
    def possible(record: Reviewed, user: User) -> bool:
        return target in review.possible_moves(record, by=user)

    return possible


ACTS = (
    Act(
        "submit",
        "Submit for review",
        "Submitted: a colleague can now approve it.",
        lambda record, user, note: review.submit(record, by=user),
        _leads_to(ReviewState.IN_REVIEW),
        is_main=True,
    ),
    Act(
        "approve",
        "Approve",
        "Approved.",
        lambda record, user, note: review.approve(record, by=user),
        _leads_to(ReviewState.APPROVED),
        needs="review",
        is_main=True,
    ),
    Act(
        "send_back",
        "Send back",
        "Sent back to whoever edited it.",
        lambda record, user, note: review.send_back(record, by=user, note=note),
        _leads_to(ReviewState.SENT_BACK),
        needs="review",
        asks="What is missing?",
    ),
    Act(
        "retire",
        "Retire",
        "Retired: it is no longer used.",
        lambda record, user, note: review.retire(record, by=user),
        _leads_to(ReviewState.RETIRED),
        warns="It is taken out of use and off the website. An edit brings it back as a draft.",
    ),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One record in the order of approval, and whether it is done."""

    kind: str
    title: str
    url: str
    state: str
    colour: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Order:
    """What is approved before a record, the first first, and what waits for the record itself."""

    before: list[Step]
    after: list[tuple[str, str]]  # in words, and where it is listed

    @property
    def is_open(self) -> bool:
        return any(not step.is_done for step in self.before)


def _steps(records: Iterable[Reviewed]) -> list[Step]:
    return [
        Step(
            kind_of(record),
            str(record),
            address_of(record),
            record.get_review_state_display(),
            COLOURS[ReviewState(record.review_state)],
            record.is_approved,
        )
        for record in records
    ]


class ReviewedAdmin(ActingAdmin):
    """Saving makes a draft in the editor's name; approving is a colleague's, by button."""

    acts: tuple[Act, ...] = ACTS
    list_filter: list[Any] = ["review_state"]
    actions = None

    def has_review_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        codename = get_permission_codename("review", self.opts)
        return person(request).has_perm(f"{self.opts.app_label}.{codename}")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing reviewed is deleted: what is no longer used is retired."""
        return False

    def approved_before(self, record: Any) -> list[Reviewed]:
        """What is approved before it, the first first."""
        return []

    def approved_after(self, record: Any) -> list[tuple[str, str]]:
        """What can be approved only after it: in words, and where it is listed."""
        return []

    def order(self, record: Any) -> Order | None:
        """None for what is done with, and for what stands in no order."""
        if record.review_state in {ReviewState.APPROVED, ReviewState.RETIRED}:
            return None
        found = Order(_steps(self.approved_before(record)), self.approved_after(record))
        return found if found.before or found.after else None

    def badges(self, record: Any) -> list[Badge]:
        now = ReviewState(record.review_state)
        return [(now.label, COLOURS[now])]

    def standing(self, record: Any) -> list[str]:
        editor = f"Last edited by {name_of(record.last_edited_by)}"
        sentences = [f"{editor}, {when(record.updated_at)}."]
        if record.approved_by and record.approved_at:
            approver = name_of(record.approved_by)
            sentences.append(
                f"Approved by {approver}, {when(record.approved_at)}. A change makes it a draft "
                "again; the website keeps the approved wording until the new one is approved."
            )
        if record.review_note and record.review_state != ReviewState.APPROVED:
            sentences.append(f"Sent back with: {record.review_note}")
        return sentences

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        record = kwargs.get("obj")
        if record is not None and not context.get("is_popup"):
            context["open_numbers"] = open_numbers(record)
            context["order"] = self.order(record)
            context["kind"] = kind_of(record)
            context["may_decide"] = self.has_change_permission(request, record)
            context["number_url"] = self._address("number", record)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.number_view)
        number = path("<uuid:object_id>/number/", view, name=self._name("number"))
        return [number, *super().get_urls()]

    def number_view(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Bind a number in its prose to a figure, or waive it."""
        record: Any = self.get_object(request, str(object_id))
        if record is None:
            raise Http404
        if request.method != "POST" or not self.has_change_permission(request, record):
            raise PermissionDenied
        by = person(request)
        return self.answer_to(request, record, lambda: decide(record, request.POST, by=by))

    def check_again(self, record: Any) -> None:
        """Recompute what rests on the record; it has just been saved with its lines."""

    def save_model(
        self, request: HttpRequest, obj: Reviewed, form: ModelForm[Any], change: bool
    ) -> None:
        """An untouched form writes nothing, so that looking at a record does not undo a review."""
        if change and not form.has_changed():
            return
        review.edit(obj, by=person(request))
        super().save_model(request, obj, form, change)

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm[Any],
        formsets: list[BaseInlineFormSet[Any, Any, Any]],
        change: bool,
    ) -> None:
        """The database keeps lines as they are until their record is a draft again."""
        if change and not form.has_changed() and any(map(_changes_what_was_reviewed, formsets)):
            review.edit(form.instance, by=person(request))
        super().save_related(request, form, formsets, change)
        self.check_again(form.instance)


def _changes_what_was_reviewed(formset: BaseInlineFormSet[Any, Any, Any]) -> bool:
    if not getattr(formset, "part_of_review", True):
        return False
    nested = [
        inner.formset for form in formset.forms for inner in getattr(form, "nested_formsets", [])
    ]
    return formset.has_changed() or any(inner.has_changed() for inner in nested)


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()


def when(moment: datetime) -> str:
    return date_format(localtime(moment), "j F Y, H:i")
