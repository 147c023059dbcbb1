"""The form of a consent: each rule is told at its field before the database has to refuse."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib.postgres.forms import DateTimeRangeField, RangeWidget
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import localtime
from unfold.widgets import UnfoldAdminSingleDateWidget

from evidence import identities
from evidence.admin.base import person
from evidence.admin.placing import PlacingForm
from evidence.admin.scope_keys import in_words
from evidence.birthdays import ADULT_AT, age_on, reconsent_month
from evidence.consenting import LIVE_STATES
from evidence.models import (
    IRREVOCABLE,
    Channel,
    Consent,
    ConsentTestimony,
    Contributor,
    Decision,
    Identity,
    Looked,
    PrivacyNotice,
    scope_key,
)
from evidence.models.scopes import SCOPE_PATTERN
from evidence.refusing import Refused

BORN = "attest.born"
WHY_BORN = "To work out the birthday by which they are asked anew."


def born_of(request: HttpRequest) -> date | None:
    """The date of birth of whom the form names, for the month alone: the look is written down.

    None where none is recorded or the vault does not open: then the month is typed.
    """
    user = person(request)
    if not (user.has_perm("evidence.add_consent") and request.POST.get("contributor")):
        return None
    try:
        contributor = Contributor.objects.filter(pk=request.POST["contributor"]).first()
        if contributor is None or not Identity.objects.filter(contributor=contributor).exists():
            return None
        identities.write_look(contributor, Looked.IDENTITY, by=user, because=WHY_BORN)
        found = identities.open_identity(contributor)
    except (Refused, ValidationError):
        return None
    return found.date_of_birth if found else None


class ConsentForm(PlacingForm):
    born: ClassVar[date | None] = None
    places = {
        "consent_under_13_by_parent": "expressed_by",
        "consent_under_16_is_assessed": "competence",
        "consent_not_competent_by_parent": "expressed_by",
        "consent_under_18_has_assent": "subject_assent",
        "consent_from_16_is_not_gillick": "competence",
        "consent_without_capacity_by_another": "expressed_by",
        "consent_not_against_a_parent": "pr_conflict",
    }
    validity = DateTimeRangeField(
        required=True,  # which a range is not by itself
        label="Valid from and until",
        help_text="Two days, the second one no longer included. At most two years.",
        widget=RangeWidget(UnfoldAdminSingleDateWidget),
    )

    def clean_event_time(self) -> Any:
        given = self.cleaned_data["event_time"]
        if given and given > timezone.now():
            raise forms.ValidationError("A consent cannot be given in the future.")
        return given

    def clean_notice(self) -> Any:
        notice = self.cleaned_data["notice"]
        if not notice.text and notice.pk != self.instance.notice_id:
            raise forms.ValidationError(
                "Of this notice only the hash is known: choose one whose words are here."
            )
        return notice

    def clean_reconsent_month(self) -> Any:
        month = self.cleaned_data["reconsent_month"]
        return month.replace(day=1) if month else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "age_at_consent" in self.fields:
            self._see_the_age(cleaned)
        month, validity = cleaned.get("reconsent_month"), cleaned.get("validity")
        if month and validity and validity.upper and localtime(validity.upper).date() > month:
            self.add_error(
                "validity",
                f"They are asked anew by {month:%B %Y}: it ends on 1 {month:%B %Y} at the latest.",
            )
        return cleaned

    def _see_the_age(self, cleaned: dict[str, Any]) -> None:
        age, given = cleaned.get("age_at_consent"), cleaned.get("event_time")
        if self.born:
            day = localtime(given).date() if given else timezone.localdate()
            cleaned["reconsent_month"] = reconsent_month(self.born, day)
            if age is not None and age != age_on(self.born, day):
                self.add_error(
                    "age_at_consent",
                    "That is not the age that the date of birth on record gives for that day.",
                )
        elif age is not None and age < ADULT_AT and not cleaned.get("reconsent_month"):
            self.add_error(
                "reconsent_month",
                f"Under {ADULT_AT}, give the month of the next birthday at which they are asked "
                "anew, or record their date of birth.",
            )


class ScopeFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # of scopes
    """Nothing is permitted that the notice did not ask for."""

    def clean(self) -> None:
        super().clean()
        notice = self.instance.notice if self.instance.notice_id else None
        for form in self.forms:
            told = getattr(form, "cleaned_data", {})
            is_new_permit = told.get("decision") == Decision.PERMIT and not form.instance.pk
            if is_new_permit and told.get("channel"):
                self._see(form, told, notice)

    def _see(self, form: Any, told: dict[str, Any], notice: PrivacyNotice | None) -> None:
        channel = told["channel"]
        if channel in IRREVOCABLE and not told.get("irrevocable_understood"):
            form.add_error(
                "irrevocable_understood",
                f"{Channel(channel).label} cannot be called back: tick that the person was "
                "told so and agrees all the same.",
            )
        key = scope_key(told.get("purpose", ""), told.get("audience", ""), channel)
        if notice and SCOPE_PATTERN.fullmatch(key) and key not in notice.covers:
            form.add_error(
                "channel",
                f"{notice} does not ask for this: “{in_words(key)}”. A consent covers only what "
                f"the notice asked for. {_what_it_asks(notice, told['purpose'])}",
            )


def _what_it_asks(notice: PrivacyNotice, purpose: str) -> str:
    same = [in_words(key) for key in notice.covers if key.startswith(f"{purpose}:")]
    if not same:
        return "It asks for nothing of that purpose."
    return f"For that purpose it asks for: {'; '.join(same)}."


class ListedFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # of testimonies covered
    """One live consent for an account at a time, and only accounts of whoever gives it."""

    instance: Consent

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            testimony = getattr(form, "cleaned_data", {}).get("testimony")
            if testimony is None or form.instance.pk:
                continue
            if testimony.contributor_id != self.instance.contributor_id:
                form.add_error("testimony", "Somebody else gave that account.")
            elif self.instance.validity and self._others(testimony).exists():
                form.add_error(
                    "testimony",
                    "Another live consent covers this account at that time: choose that one under "
                    "“replaces”, or end it first.",
                )

    def _others(self, testimony: Any) -> Any:
        ours = [self.instance.pk, self.instance.replaces_id]
        return ConsentTestimony.objects.filter(
            testimony=testimony,
            state__in=LIVE_STATES,
            withdrawn_at=None,
            validity__overlap=self.instance.validity,
        ).exclude(consent__in=[each for each in ours if each])
