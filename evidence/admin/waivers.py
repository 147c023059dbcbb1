"""Anonymity waivers: for one publication and one version, signed by two."""

import hashlib
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.widgets import UnfoldAdminFileFieldWidget

from evidence import waiving
from evidence.admin.acting import Act, Badge
from evidence.admin.base import column, person
from evidence.admin.placing import PlacingForm
from evidence.admin.protection import Signed
from evidence.admin.reviewing import name_of, when
from evidence.models import (
    AnonymityWaiver,
    Life,
    Teller,
    TestimonyUse,
)


class WaiverForm(PlacingForm):
    """The document is hashed here and not kept: the paper stays where it is safe."""

    places = {
        "anonymity_waiver_publication_is_named": "publication",
        "anonymity_waiver_from_16": "age_when_signed",
        "anonymity_waiver_by_the_complainant": "given_by",
    }
    helps = {
        "version": "The words that may name them.",
        "publication": "One alone: website; or pack: and the pack's short name, as in "
        "pack:lords-report; or outlet: and its name, as in outlet:Example News.",
        "signed_at": "As the document says.",
        "age_when_signed": "In years, on that day.",
        "given_by": "Only the complainant's own counts.",
    }
    document = forms.FileField(
        label="The signed document",
        help_text="Attest keeps its SHA-256, not the document: put it on file.",
        widget=UnfoldAdminFileFieldWidget,
    )

    def clean_document(self) -> Any:
        file = self.cleaned_data["document"]
        self.instance.document_sha256 = hashlib.sha256(file.read()).hexdigest()
        return file

    def clean_signed_at(self) -> Any:
        signed_at = self.cleaned_data["signed_at"]
        if signed_at > timezone.now():
            raise forms.ValidationError("A waiver cannot be signed in the future.")
        return signed_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        consent, version = cleaned.get("consent"), cleaned.get("version")
        is_own = cleaned.get("complainant") is None
        if consent and (why_not := waiving.why_not_recorded(consent, is_own=is_own)):
            self.add_error("consent", why_not)
        if consent and version:
            self._see_who_waives(consent, version, cleaned.get("complainant"))
        return cleaned

    def _see_who_waives(self, consent: Any, version: Any, complainant: Any) -> None:
        account = version.testimony
        if not consent.listed.filter(testimony=account).exists():
            self.add_error("version", "The consent does not list the testimony of this version.")
        if complainant is None and account.teller != Teller.COMPLAINANT:
            self.add_error("complainant", "Somebody close tells it: choose whose anonymity it is.")
        elif complainant and (
            complainant.testimony_id != account.pk
            or not complainant.is_complainant
            or complainant.life == Life.DIED
        ):
            self.add_error(
                "complainant",
                "Only a living complainant of this account can waive their anonymity.",
            )


def waits_for_signatures(waiver: AnonymityWaiver) -> bool:
    signed = waiver.pressure_checked_at and waiver.legal_sign_off_at
    return not (waiver.voided_at or signed)


@column("standing", label={"Holds": "success", "Waits for signatures": "warning", "Void": "danger"})
def waiver_standing(waiver: AnonymityWaiver) -> str:
    if waiver.voided_at:
        return "Void"
    return "Waits for signatures" if waits_for_signatures(waiver) else "Holds"


def _is_not_void(waiver: Any, _user: Any) -> bool:
    return not waiver.voided_at


WAIVER_FIELDS = [
    ("consent", "version"),
    "complainant",
    "publication",
    "matter",
    ("signed_at", "age_when_signed", "given_by"),
]


@admin.register(AnonymityWaiver)
class AnonymityWaiverAdmin(Signed):
    form = WaiverForm
    list_display = ["publication", "version", "signed_at", waiver_standing]
    list_filter = ["publication", ["voided_at", admin.EmptyFieldListFilter]]
    list_select_related = ["version__testimony", "consent"]
    search_fields = ["publication", "version__testimony__title"]
    autocomplete_fields = ["consent", "version", "complainant"]
    empty_value_display = "not yet"
    fields = [*WAIVER_FIELDS, "document"]
    acts = (
        Act(
            "check_pressure",
            "There was no pressure",
            "Written down: you found no pressure.",
            lambda waiver, user, note: waiving.check_pressure(waiver, by=user),
            lambda waiver, user: (
                not (
                    waiver.voided_at
                    or waiver.pressure_checked_at
                    or waiver.legal_sign_off_by_id == user.pk
                )
            ),
            needs="check",
            warns="You spoke with them alone, and nobody presses or pays them.",
            is_main=True,
        ),
        Act(
            "sign_off",
            "Sign for the law",
            "Signed for the law.",
            lambda waiver, user, note: waiving.sign_off(waiver, by=user),
            lambda waiver, user: (
                not (
                    waiver.voided_at
                    or waiver.legal_sign_off_at
                    or waiver.pressure_checked_by_id == user.pk
                )
            ),
            needs="sign_off",
            warns="The document is a written consent to this description in this publication.",
            is_main=True,
        ),
        Act(
            "void",
            "Void it",
            "Void: what named somebody there is being called back.",
            lambda waiver, user, note: waiving.void(waiver),
            _is_not_void,
            needs="void",
            warns="For good. What names somebody there leaves the website now, and a recall opens "
            "for each copy.",
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """It is signed as it stands: another one is recorded instead."""
        return False

    def has_void_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(self.has_add_permission(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self.fields if obj is None else [*WAIVER_FIELDS, "document_sha256"]

    def uses_of(self, record: Any) -> QuerySet[TestimonyUse]:
        return TestimonyUse.objects.filter(
            version=record.version_id, publication=record.publication, waiver__isnull=False
        )

    def badges(self, record: Any) -> list[Badge]:
        standing = waiver_standing(record)
        colours = {"Holds": "success", "Void": "danger"}
        return [(standing, colours.get(standing, "warning"))]

    def standing(self, record: Any) -> list[str]:
        told = []
        if waits_for_signatures(record) and (why_not := waiving.why_not_signed(record)):
            told.append(f"Nobody can sign it yet. {why_not}")
        if record.pressure_checked_by:
            name = name_of(record.pressure_checked_by)
            told.append(f"No pressure: {name}, {when(record.pressure_checked_at)}.")
        if record.legal_sign_off_by:
            name = name_of(record.legal_sign_off_by)
            told.append(f"For the law: {name}, {when(record.legal_sign_off_at)}.")
        return told

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.recorded_by = person(request)
        super().save_model(request, obj, form, change)
