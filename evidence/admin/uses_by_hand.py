"""The page that records a use by hand: words that somebody sends out themselves."""

from typing import Any

from django import forms
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextInputWidget,
)

from evidence import by_hand
from evidence.admin.pages import ActPage, Page
from evidence.admin.scope_keys import in_words, permitted_keys
from evidence.models import (
    Consent,
    ConsentState,
    TestimonyUse,
    TestimonyVersion,
    VersionState,
    scope_parts,
)
from evidence.models.scopes import SCOPE_PATTERN
from evidence.permission import Use

NOTHING_PERMITTED = (
    "No consent that is live now permits this account anywhere that words are taken by hand."
)


class PermissionField(forms.ChoiceField):
    """What was taken back since the page was opened is refused by its reason, not as unknown."""

    def valid_value(self, value: Any) -> bool:
        return SCOPE_PATTERN.fullmatch(str(value)) is not None


class ByHandForm(forms.Form):
    scope = PermissionField(
        label="What for",
        widget=UnfoldAdminRadioSelectWidget,
        error_messages={"required": "Choose what it is for."},
        help_text="What the consent permits. The website and briefing packs are written down "
        "when the words go there.",
    )
    used_on = forms.DateField(
        label="Day of use",
        help_text="The day when it appears or is read; today, where you send it only.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    publication = forms.CharField(
        label="Where",
        max_length=TestimonyUse._meta.get_field("publication").max_length,
        help_text="As in outlet:example-times. Where the version names the person, exactly as "
        "their waiver has it.",
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        error_messages={"required": by_hand.NAME_THE_OUTLET},
    )
    holder = forms.CharField(
        label="Who holds it",
        max_length=TestimonyUse._meta.get_field("holder").max_length,
        help_text="Whom we ask to give it back: the organisation, its desk or office. Nothing "
        "about the person whose words they are.",
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        error_messages={"required": by_hand.NAME_THE_HOLDER},
    )
    file = forms.FileField(
        label="What was sent",
        required=False,
        help_text="The very file, where there is one. Attest keeps its SHA-256, not the file; "
        "without one, that of the words.",
        widget=UnfoldAdminFileFieldWidget,
    )

    def __init__(self, *args: Any, version: TestimonyVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = keys_by_hand(version)
        self.fields["scope"].choices = [(key, in_words(key)) for key in keys]  # type: ignore[attr-defined]  # a ChoiceField
        if not keys:
            self.fields["scope"].help_text = NOTHING_PERMITTED

    def clean_publication(self) -> str:
        publication: str = self.cleaned_data["publication"]
        if not by_hand.names_an_outlet(publication):
            raise forms.ValidationError(by_hand.NAME_THE_OUTLET)
        return publication

    def use(self) -> Use:
        told = self.cleaned_data
        where, day = told["publication"], told["used_on"]
        return Use(**scope_parts(told["scope"]), at=day, publication=where)

    def content(self) -> bytes | None:
        file = self.cleaned_data["file"]
        return None if file is None else file.read()


def keys_by_hand(version: TestimonyVersion) -> list[str]:
    """What a consent that is live now permits its account; of the rest the refusal speaks."""
    listed = Consent.objects.filter(
        listed__testimony=version.testimony_id, listed__withdrawn_at=None
    )
    live = listed.filter(state=ConsentState.GIVEN, validity__contains=timezone.now())
    return [key for consent in live for key in permitted_keys(consent) if by_hand.carries(key)]


class ByHandPage(ActPage):
    form_class = ByHandForm
    permission = "evidence.add_testimonyuse"
    title = "Record a use by hand"
    button = "Record it"
    lead = (
        "For words that you send yourself, as to a newspaper or a committee. Record it first: "
        "what is refused here may not leave. Where the consent is taken back, its holder is asked."
    )

    def get_initial(self) -> dict[str, Any]:
        return {"used_on": timezone.localdate()}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "version": self.record}

    def do(self, form: forms.Form) -> str:
        """The sentence names no holder: whoever reads the version reads its log."""
        assert isinstance(form, ByHandForm)  # noqa: S101 - for the type checker
        use = form.use()
        holder = form.cleaned_data["holder"]
        by_hand.record(self.record, use, holder=holder, content=form.content())
        return f"Recorded: {in_words(str(use))}. {use.publication}, {use.at:%-d %B %Y}."


def _is_cleared(version: Any, _user: Any) -> bool:
    return bool(version.state == VersionState.CLEARED)


BY_HAND_PAGE = Page("by_hand", "Record a use by hand", ByHandPage, _is_cleared)
