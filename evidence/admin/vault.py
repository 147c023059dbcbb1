"""Looking into the vault from the desk, and putting something in: each look says why, first."""

from dataclasses import fields
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from evidence import identities
from evidence.admin.asking import AskingPage
from evidence.admin.base import ReadOnlyAdmin, column
from evidence.admin.pages import ActPage, Page
from evidence.desk_addresses import address_of
from evidence.identities import Person, RawWords, SafeContact
from evidence.models import ConsentEvidence, Contributor, Looked, VaultLook
from evidence.refusing import Refused

NOTHING = "Nothing is recorded. That you looked is written down all the same."
ONCE = "Shown once: to see it again, say again why."


class WhyForm(forms.Form):
    because = forms.CharField(
        label="Why you have to look",
        max_length=identities.LONGEST_REASON,
        error_messages={"required": "Say why you have to look."},
        help_text="Written down with your name, and kept. Write no name and none of their words.",
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )


class LookPage(AskingPage):
    """Answers the button itself: nothing of it stands at an address that could be opened again."""

    template_name = "admin/vault/look.html"
    form_class = WhyForm
    what: ClassVar[Looked]

    @classmethod
    def permits(cls, user: User) -> bool:
        return identities.may_look(user, cls.what)

    def look(self, because: str) -> Any:
        """What is in the vault, or None."""
        raise NotImplementedError

    def in_words(self, found: Any) -> list[tuple[str, Any]]:
        raise NotImplementedError

    def mended_at(self, form: forms.Form) -> str | None:
        return "because"

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            found = self.look(form.cleaned_data["because"])
        except Refused as refused:
            form.add_error(self.mended_at(form), str(refused))
            return self.form_invalid(form)
        return self.answer(found)

    def answer(self, found: Any) -> HttpResponse:
        if found is None:
            return self.render_to_response(self.get_context_data(nothing=NOTHING))
        told = [(label, words) for label, words in self.in_words(found) if words]
        return self.render_to_response(self.get_context_data(told=told, once=ONCE))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = super().get_context_data(**kwargs)
        return {**told, "room": "Testimony", "back": address_of(self.record)}


class LookAtIdentity(LookPage):
    title = "Look at the identity"
    button = "Look"
    what = Looked.IDENTITY

    def look(self, because: str) -> Person | None:
        return identities.identity_of(self.record, by=self.by, because=because)

    def in_words(self, found: Person) -> list[tuple[str, Any]]:
        born = found.date_of_birth
        return [
            ("Name", found.name),
            ("Date of birth", f"{born:%-d %B %Y}" if born else "not recorded"),
            ("Safe to reach by", SafeContact(found.safe_contact_how).label),
            ("Safe address or number", found.safe_contact),
            ("Other contact", found.other_contact),
            ("Notes", found.notes),
        ]


class LookAtRawAccount(LookPage):
    title = "Look at the raw account"
    button = "Look"
    what = Looked.RAW_ACCOUNT

    def look(self, because: str) -> RawWords | None:
        return identities.raw_account_of(self.record, by=self.by, because=because)

    def in_words(self, found: RawWords) -> list[tuple[str, Any]]:
        return [
            ("As it was told", found.words),
            ("What to do in distress", found.distress_plan),
            ("Who supports them", found.supporter),
        ]


class LookAtEvidence(LookPage):
    title = "Open the consent's evidence"
    button = "Download"
    what = Looked.EVIDENCE

    def look(self, because: str) -> identities.SignedFile | None:
        return identities.evidence_of(self.record, by=self.by, because=because)

    def answer(self, found: identities.SignedFile | None) -> HttpResponse:
        if found is None:
            return super().answer(None)
        name = f"consent-{str(self.record.pk)[:8]}"
        return HttpResponse(
            found.content,
            content_type=found.media_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _text(label: str, help_text: str, *, required: bool = False, long: bool = False) -> Any:
    widget = UnfoldAdminTextareaWidget if long else UnfoldAdminTextInputWidget
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        widget=widget(attrs={"autocomplete": "off"}),
    )


class IdentityForm(forms.Form):
    """Empty each time, also where something is recorded: what is sealed is not read for a form."""

    name = _text("Name", "What they are called in full.", required=True)
    date_of_birth = forms.DateField(
        label="Date of birth",
        required=False,
        help_text="From it the month is worked out in which a young person is asked anew.",
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}),
    )
    safe_contact_how = forms.ChoiceField(
        label="Safe to reach by",
        choices=SafeContact.choices,
        initial=SafeContact.NONE,
        help_text="Only a way that nobody else reads or hears.",
        widget=UnfoldAdminRadioSelectWidget,
    )
    safe_contact = _text("Safe address or number", "Codes and links for their own page go there.")
    other_contact = _text("Other contact", "Somebody they trust, where they named one.")
    notes = _text("Notes", "What has to be kept in mind when they are reached.", long=True)


class RawAccountForm(forms.Form):
    words = _text("The account", "As it was told, in full.", required=True, long=True)
    distress_plan = _text("What to do in distress", "As agreed with them.", long=True)
    supporter = _text("Who supports them", "And how to reach that person.")


class SealPage(ActPage):
    """Takes what goes into the vault; the log says that it was recorded, and none of it."""

    button = "Seal it"


class RecordIdentity(SealPage):
    form_class = IdentityForm
    permission = "evidence.add_identity"
    title = "Record the identity"
    lead = "It is sealed with a key of their own. What was recorded before is replaced by this."

    def mended_at(self, form: forms.Form) -> str | None:
        born, today = form.cleaned_data.get("date_of_birth"), timezone.localdate()
        return "date_of_birth" if born and born > today else "safe_contact"

    def do(self, form: forms.Form) -> str:
        given = {each.name: form.cleaned_data[each.name] for each in fields(Person)}
        identities.record_identity(self.record, Person(**given), by=self.by)
        return "The identity is recorded and sealed."


class RecordRawAccount(SealPage):
    form_class = RawAccountForm
    permission = "evidence.add_rawaccount"
    title = "Record the raw account"
    lead = "It is sealed. Only what is written anew as a version, and cleared, can ever leave."

    def do(self, form: forms.Form) -> str:
        identities.record_raw_account(self.record, RawWords(**form.cleaned_data), by=self.by)
        return "The raw account is recorded and sealed."


class EvidenceForm(forms.Form):
    file = forms.FileField(
        label="Signed form or recording",
        help_text="It is sealed, and stays as it is.",
        widget=UnfoldAdminFileFieldWidget,
    )


class AttachEvidence(SealPage):
    form_class = EvidenceForm
    permission = "evidence.add_consentevidence"
    title = "Attach the evidence"

    def mended_at(self, form: forms.Form) -> str | None:
        return "file"

    def do(self, form: forms.Form) -> str:
        file = cast("UploadedFile[bytes]", form.cleaned_data["file"])
        kind = file.content_type or ""
        identities.attach_evidence(self.record, file.read(), kind, by=self.by)
        return "The evidence is attached and sealed."


def _is_not_erased(contributor: Contributor, _user: User) -> bool:
    return contributor.erased_at is None


def _account_is_not_erased(testimony: Any, _user: User) -> bool:
    return testimony.contributor.erased_at is None


def _has_evidence(consent: Any, _user: User) -> bool:
    return ConsentEvidence.objects.filter(consent=consent).exists()


def _has_no_evidence(consent: Any, user: User) -> bool:
    return not consent.contributor.erased_at and not _has_evidence(consent, user)


IDENTITY_PAGES = (
    Page("identity", "Look at the identity", LookAtIdentity, _is_not_erased),
    Page("record_identity", "Record the identity", RecordIdentity, _is_not_erased),
)
RAW_ACCOUNT_PAGES = (
    Page("raw_account", "Look at the raw account", LookAtRawAccount, _account_is_not_erased),
    Page("record_raw", "Record the raw account", RecordRawAccount, _account_is_not_erased),
)
EVIDENCE_PAGES = (
    Page("evidence", "Open its evidence", LookAtEvidence, _has_evidence),
    Page("attach", "Attach its evidence", AttachEvidence, _has_no_evidence),
)


@admin.register(VaultLook)
class VaultLookAdmin(ReadOnlyAdmin):
    """Who looked at what, when and why."""

    list_display = ["at", "looked_by", "what", "contributor", "because"]
    list_filter = ["what"]
    date_hierarchy = "at"
    list_select_related = ["contributor", "by"]
    search_fields = ["because", "by__username", "contributor__label"]
    fields = readonly_fields = ["at", "by", "what", "contributor", "because"]

    @column("by", ordering="by")
    def looked_by(self, look: VaultLook) -> str:
        return str(look.by) if look.by else "the machine, for their own page"
