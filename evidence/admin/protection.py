"""Whom else an account speaks of, what tells who they are, and what a court forbids."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from evidence import protecting
from evidence.admin.acting import Act, Badge
from evidence.admin.base import Blocks, Kept, Lines, column, person
from evidence.admin.pages import PagedAdmin
from evidence.admin.placing import PlacingForm
from evidence.models import (
    IdentifyingFeature,
    Life,
    PersonSpokenAbout,
    ReportingRestriction,
    TestimonyUse,
    VersionState,
)


class PersonForm(PlacingForm):
    places = {"person_spoken_about_named_by_waiver_alone": "max_identity"}
    helps = {
        "contributor_is": "What the contributor is to this person.",
        "life": "Where it is not known they are protected as if they lived.",
        "is_accused": "Is it said that they did it?",
        "own_consent": "Theirs, where they told us their own account as well. It lifts no limit: "
        "only a waiver of theirs does.",
    }


PERSON_FIELDS: list[str | tuple[str, ...]] = [
    ("contributor_is", "life"),
    ("is_complainant", "max_identity"),
    ("is_accused", "is_identifiable"),
    "own_consent",
]


class PersonBlocks(Blocks):
    model = PersonSpokenAbout
    form = PersonForm
    fields = PERSON_FIELDS
    autocomplete_fields = ["own_consent"]
    show_change_link = True
    can_delete = False
    verbose_name = "person in it"
    verbose_name_plural = "persons in it"


class RestrictionLines(Kept, Lines):
    model = ReportingRestriction
    fields = ["kind", "noted_by", "noted_at", "ended_by", "ended_at"]
    readonly_fields = ["noted_by", "noted_at", "ended_by", "ended_at"]
    named_with = ("noted_by", "ended_by")
    show_change_link = True
    verbose_name = "reporting restriction"
    verbose_name_plural = "restrictions"


class FeatureLines(Lines):
    """Listed while the version is a draft: whoever clears it judges this list."""

    model = IdentifyingFeature
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

    def has_check_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, "check")

    def _may(self, request: HttpRequest, act: str) -> bool:
        name = f"{self.opts.app_label}.{act}_{self.opts.model_name}"
        return person(request).has_perm(name)


def _is_dead(each: Any, _user: Any) -> bool:
    return each.life == Life.DIED and not each.death_reviewed_at


def _is_unsigned(each: Any, _user: Any) -> bool:
    return each.is_accused and not each.legal_sign_off_at


STANDINGS = {"In order": "success", "Death to review": "danger", "Unsigned": "danger"}


@column("standing", label=STANDINGS)
def person_standing(each: PersonSpokenAbout) -> str:
    if _is_dead(each, None):
        return "Death to review"
    return "Unsigned" if each.is_identifiable and _is_unsigned(each, None) else "In order"


@admin.register(PersonSpokenAbout)
class PersonSpokenAboutAdmin(Signed):
    form = PersonForm
    list_display = ["__str__", "testimony", "life", "is_accused", person_standing]
    list_filter = ["life", "is_complainant", "is_accused"]
    list_select_related = ["testimony"]
    search_fields = ["testimony__title"]
    autocomplete_fields = ["own_consent"]
    fields = [
        "testimony",
        *PERSON_FIELDS,
        ("death_reviewed_by", "death_reviewed_at"),
        ("legal_sign_off_by", "legal_sign_off_at"),
    ]
    readonly_fields = [
        "testimony",
        "death_reviewed_by",
        "death_reviewed_at",
        "legal_sign_off_by",
        "legal_sign_off_at",
    ]
    acts = (
        Act(
            "review_death",
            "The account may be used again",
            "Decided: their death stops no use of the account any more.",
            lambda each, user, note: protecting.review_death(each, by=user),
            _is_dead,
            needs="check",
            warns="Speak with the family and the contributor first. What was called back stays so "
            "until it is used anew.",
            is_main=True,
        ),
        Act(
            "sign_for_accused",
            "Sign for the law",
            "Signed: an accused person may be recognised in it.",
            lambda each, user, note: protecting.sign_for_accused(each, by=user),
            _is_unsigned,
            needs="sign_off",
            warns="Proceedings, defamation and privacy have to allow that they are recognised.",
        ),
    )

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """They are added on the account's page."""
        return False

    def uses_of(self, record: Any) -> QuerySet[TestimonyUse]:
        return TestimonyUse.objects.filter(testimony=record.testimony_id)


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
