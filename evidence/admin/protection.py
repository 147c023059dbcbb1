"""Whom else an account speaks of, what tells who they are, and what a court forbids."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from evidence import protecting
from evidence.admin.acting import Act, Badge
from evidence.admin.base import Blocks, Kept, Lines, column, person
from evidence.admin.pages import PagedAdmin
from evidence.admin.placing import PlacingForm
from evidence.admin.reviewing import name_of, when
from evidence.models import (
    Consent,
    IdentifyingFeature,
    IdentityForm,
    Life,
    Loosening,
    PersonSpokenAbout,
    ReportingRestriction,
    TestimonyUse,
    VersionState,
)
from evidence.sentences import joined

PROPOSED = "attest.proposed"


class PersonForm(PlacingForm):
    places = {"person_spoken_about_named_by_waiver_alone": "max_identity"}
    helps = {
        "contributor_is": "What the contributor is to this person.",
        "max_identity": "How far this account may let anybody in it be recognised. It begins "
        "anonymous; further takes a second person.",
        "life": "Where it is not known they are protected as if they lived.",
        "is_accused": "Is it said that they did it?",
        "own_consent": "Theirs, where they told us their own account as well. It lifts no limit: "
        "only a waiver of theirs does.",
    }

    def clean_max_identity(self) -> int:
        wanted: int = self.cleaned_data["max_identity"]
        is_pseudonym = wanted == IdentityForm.PSEUDONYM  # what goes further has its own sentence
        if self.instance._state.adding and is_pseudonym:
            raise forms.ValidationError(
                "It begins anonymous: save it so, then propose to go further. Somebody else agrees."
            )
        return wanted

    def clean_own_consent(self) -> Consent | None:
        chosen: Consent | None = self.cleaned_data["own_consent"]
        stands = self.instance.own_consent_id
        if stands and chosen and chosen.pk != stands:
            raise forms.ValidationError(protecting.OWN_CONSENT_FIRST)
        return chosen


PERSON_FIELDS: list[str | tuple[str, ...]] = [
    ("contributor_is", "life"),
    ("is_complainant", "max_identity"),
    ("is_accused", "is_identifiable"),
    "own_consent",
]


class PersonBlocks(Kept, Blocks):
    """Added here; what is noted of somebody changes on their own page, where two have a say."""

    model = PersonSpokenAbout
    seen_by_fewer = True
    form = PersonForm
    fields = PERSON_FIELDS
    autocomplete_fields = ["own_consent"]
    named_with = ("own_consent",)
    show_change_link = True
    can_delete = False
    verbose_name = "person in it"
    verbose_name_plural = "persons in it"


class RestrictionLines(Kept, Lines):
    model = ReportingRestriction
    seen_by_fewer = True
    fields = ["kind", "noted_by", "noted_at", "ended_by", "ended_at"]
    readonly_fields = ["noted_by", "noted_at", "ended_by", "ended_at"]
    named_with = ("noted_by", "ended_by")
    show_change_link = True
    verbose_name = "reporting restriction"
    verbose_name_plural = "restrictions"


class FeatureLines(Lines):
    """Listed while the version is a draft: whoever clears it judges this list."""

    model = IdentifyingFeature
    seen_by_fewer = True
    fields = ["kind", "told"]
    verbose_name = "thing that narrows down who it is"
    verbose_name_plural = "what it tells of the person"

    def _is_draft(self, version: Any) -> bool:
        return version is None or version.state == VersionState.DRAFT

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_draft(obj) and bool(super().has_add_permission(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_draft(obj) and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_draft(obj) and bool(super().has_delete_permission(request, obj))


class Signed(PagedAdmin):
    """Never deleted, and signed by those who have that permission alone."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_sign_off_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, "sign_off")

    def has_agree_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, "agree")

    def has_check_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, "check")

    def _may(self, request: HttpRequest, act: str) -> bool:
        name = f"{self.opts.app_label}.{act}_{self.opts.model_name}"
        return person(request).has_perm(name)


def _is_dead(each: Any) -> bool:
    return each.life == Life.DIED and not each.death_reviewed_at


def _may_agree(each: Any, user: Any) -> bool:
    waiting = protecting.waiting_for(each)
    return waiting is not None and waiting.proposed_by_id != user.pk


def _changes(waiting: Loosening) -> list[str]:
    """Each as its label with what it was and what it would be."""
    pairs = ((*told, waiting.before[name], waiting.after[name]) for name, told in TOLD.items())
    return [
        f"{label} “{words(would)}” instead of “{words(was)}”"
        for label, words, was, would in pairs
        if would != was
    ]


def _told(each: Loosening) -> str:
    changes = joined(_changes(each))
    proposer = name_of(each.proposed_by)
    if each.agreed_by and each.agreed_at:
        agreed = f"{name_of(each.agreed_by)} agreed, {when(each.agreed_at)}"
        return f"{proposer} proposed to protect them less, and {agreed}: {changes}."
    return f"{proposer} proposed to protect them less, and somebody else has to agree: {changes}."


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"


TOLD: dict[str, tuple[str, Callable[[Any], str]]] = {
    "is_complainant": ("complainant", _yes_or_no),
    "life": ("alive", lambda value: Life(value).label.lower()),
    "is_accused": ("accused", _yes_or_no),
    "is_identifiable": ("can be recognised", _yes_or_no),
    "max_identity": ("as far as", lambda value: IdentityForm(value).label.lower()),
    protecting.OWN_CONSENT: ("a consent of their own", _yes_or_no),
}
STANDINGS = {"In order": "success", "Death to review": "danger", "Proposed": "warning"}


@column("standing", label=STANDINGS)
def person_standing(each: PersonSpokenAbout) -> str:
    if _is_dead(each):
        return "Death to review"
    return "Proposed" if each.is_proposed else "In order"  # type: ignore[attr-defined]


@admin.register(PersonSpokenAbout)
class PersonSpokenAboutAdmin(Signed):
    form = PersonForm
    empty_value_display = "none"
    list_display = ["__str__", "testimony", "life", "is_accused", person_standing]
    list_filter = ["life", "is_complainant", "is_accused"]
    list_select_related = ["testimony"]
    search_fields = ["testimony__title"]
    autocomplete_fields = ["own_consent"]
    fields = [
        "testimony",
        *PERSON_FIELDS,
        ("death_noted_by", "death_reviewed_by", "death_reviewed_at"),
    ]
    readonly_fields = ["testimony", "death_noted_by", "death_reviewed_by", "death_reviewed_at"]
    acts = (
        Act(
            "review_death",
            "The account may be used again",
            "Decided: their death stops no use of the account any more.",
            lambda each, user, note: protecting.review_death(each, by=user),
            lambda each, user: _is_dead(each) and each.death_noted_by_id != user.pk,
            needs="agree",
            warns="Speak with the family and the contributor first. What was called back stays so "
            "until it is used anew.",
            is_main=True,
        ),
        Act(
            "agree",
            "Agree",
            "Agreed: it holds from now on.",
            lambda each, user, note: protecting.agree(each, by=user),
            _may_agree,
            needs="agree",
            warns="They are protected less from then on, in every version of the account.",
            is_main=True,
        ),
        Act(
            "drop",
            "Drop the proposal",
            "Dropped: what is noted of them stays as it was.",
            lambda each, user, note: protecting.drop(each),
            lambda each, user: each.is_proposed,
            needs="agree",
        ),
    )

    def named(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found: QuerySet[Any] = super().named(queryset)
        proposed: QuerySet[Any] = found.annotate(is_proposed=protecting.IS_PROPOSED)
        return proposed

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """They are added on the account's page."""
        return False

    def uses_of(self, record: Any) -> QuerySet[TestimonyUse]:
        return TestimonyUse.objects.filter(testimony=record.testimony_id)

    def standing(self, record: Any) -> list[str]:
        return [_told(each) for each in protecting.loosenings_of(record)]

    def as_seen(self, record: Any) -> str:
        """Whoever agrees has read what is proposed now."""
        waiting = protecting.waiting_for(record)
        return str(waiting.pk) if waiting else ""

    def construct_change_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What was only proposed is not logged as changed."""
        if PROPOSED in request.META:
            return f"Proposed: {request.META[PROPOSED]}"
        return super().construct_change_message(request, *args, **kwargs)

    def message_user(
        self, request: HttpRequest, message: Any, level: int | str = messages.INFO, **more: Any
    ) -> None:
        """Django's own would say of a proposal that it was done."""
        if level != messages.SUCCESS or PROPOSED not in request.META:
            super().message_user(request, message, level, **more)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        waiting = protecting.note(obj, by=person(request))
        if waiting:
            request.META[PROPOSED] = joined(_changes(waiting))
            self.message_user(
                request,
                "This would protect them less, so somebody else has to agree first: "
                f"{request.META[PROPOSED]}.",
                messages.WARNING,
            )


@admin.register(ReportingRestriction)
class ReportingRestrictionAdmin(Signed):
    list_display = ["testimony", "kind", "noted_at", "noted_by", "ended_at"]
    list_filter = ["kind", ["ended_at", admin.EmptyFieldListFilter]]
    list_select_related = ["testimony", "noted_by"]
    search_fields = ["testimony__title"]
    empty_value_display = "not yet"
    fields = ["testimony", "kind", ("noted_by", "noted_at"), ("ended_by", "ended_at")]
    readonly_fields = ["testimony", "kind", "noted_by", "noted_at", "ended_by", "ended_at"]
    acts = (
        Act(
            "end",
            "End it by your signature",
            "Ended: it stops no use of the account any more.",
            lambda each, user, note: protecting.end_restriction(each, by=user),
            lambda each, user: not each.ended_at and each.noted_by_id != user.pk,
            needs="sign_off",
            warns="No date ends a restriction. Sign only what you have seen in writing.",
        ),
    )

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """It is noted on the account's page."""
        return False

    def badges(self, record: Any) -> list[Badge]:
        return [("Ended", "")] if record.ended_at else [("Open: no use of the account", "danger")]
