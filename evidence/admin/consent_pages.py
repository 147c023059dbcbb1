"""Pages of a consent: narrow it, take back a part of it, and give a receipt for it."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from unfold.widgets import UnfoldAdminRadioSelectWidget

from evidence import consenting, receipts
from evidence.admin.pages import ActPage, ChoosingPage, Page
from evidence.admin.scope_keys import in_words, permitted_keys
from evidence.blast_radius import blast_radius, resting_on_scope, what_became_of
from evidence.models import (
    Consent,
    ConsentState,
    IdentityForm,
    Testimony,
    TestimonyUse,
    scope_parts,
)

CHANGES = "evidence.change_consent"


class OneScopeForm(forms.Form):
    """Offers what the consent still permits."""

    scope = forms.ChoiceField(label="Which part", widget=UnfoldAdminRadioSelectWidget)

    def __init__(self, *args: Any, consent: Consent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = permitted_keys(consent)
        self.fields["scope"].choices = [(key, in_words(key)) for key in keys]  # type: ignore[attr-defined]  # a ChoiceField


class NarrowForm(OneScopeForm):
    max_identity = forms.TypedChoiceField(
        label="From now on at most",
        choices=IdentityForm.choices,
        coerce=int,
        help_text="How far they may still be recognised there.",
        widget=UnfoldAdminRadioSelectWidget,
    )

    def __init__(self, *args: Any, consent: Consent, **kwargs: Any) -> None:
        """Offers what is less than the widest part permits; of the chosen part the act decides."""
        super().__init__(*args, consent=consent, **kwargs)
        most = max((each.max_identity for each in consent.scopes.all()), default=0)
        lower = [choice for choice in IdentityForm.choices if choice[0] < most]
        self.fields["max_identity"].choices = lower  # type: ignore[attr-defined]  # a ChoiceField


class ScopePage(ChoosingPage):
    permission = CHANGES

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "consent": self.record}

    def uses(self, form: forms.Form) -> QuerySet[TestimonyUse]:
        """Of the part that was chosen; before that, of the whole."""
        if not (form.is_bound and form.is_valid()):
            return TestimonyUse.objects.under(self.record)
        beyond = form.cleaned_data.get("max_identity")
        return resting_on_scope(
            self.record,
            **scope_parts(form.cleaned_data["scope"]),
            beyond=None if beyond is None else IdentityForm(beyond),
        )


class NarrowPage(ScopePage):
    form_class = NarrowForm
    title = "Let them be recognised less"
    button = "Narrow it"
    lead = (
        "In one part of it. What tells more is called back; on the website a cleared version that "
        "tells less takes its place at once."
    )

    def mended_at(self, form: forms.Form) -> str:
        return "max_identity"

    def do(self, form: forms.Form) -> str:
        radius = blast_radius(self.uses(form))
        most = IdentityForm(form.cleaned_data["max_identity"])
        consenting.narrow(self.record, **scope_parts(form.cleaned_data["scope"]), max_identity=most)
        return what_became_of(radius, f"Narrowed: {most.label.lower()} at most.")


class WithdrawScopePage(ScopePage):
    form_class = OneScopeForm
    title = "Withdraw one part"
    button = "Withdraw this part"
    lead = "The rest stays as it is: off the website, say, and still in private briefings."

    def mended_at(self, form: forms.Form) -> str:
        return "scope"

    def do(self, form: forms.Form) -> str:
        radius, key = blast_radius(self.uses(form)), form.cleaned_data["scope"]
        consenting.withdraw_scope(self.record, **scope_parts(key))
        return what_became_of(radius, f"Withdrawn: {in_words(key)}.")


class OneTestimonyForm(forms.Form):
    testimony = forms.ModelChoiceField(
        label="Which account",
        queryset=Testimony.objects.none(),
        widget=UnfoldAdminRadioSelectWidget,
        empty_label=None,
    )

    def __init__(self, *args: Any, consent: Consent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = consent.listed.filter(withdrawn_at=None).values("testimony")
        self.fields["testimony"].queryset = Testimony.objects.filter(pk__in=listed)  # type: ignore[attr-defined]  # a ModelChoiceField


class WithdrawTestimonyPage(ChoosingPage):
    form_class = OneTestimonyForm
    permission = CHANGES
    title = "Withdraw one account"
    button = "Withdraw this account"
    lead = "For good, under this consent. Other accounts that it covers stay as they are."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "consent": self.record}

    def mended_at(self, form: forms.Form) -> str:
        return "testimony"

    def uses(self, form: forms.Form) -> QuerySet[TestimonyUse]:
        found = TestimonyUse.objects.under(self.record)
        if form.is_bound and form.is_valid():
            found = found.filter(testimony=form.cleaned_data["testimony"])
        return found

    def do(self, form: forms.Form) -> str:
        radius, testimony = blast_radius(self.uses(form)), form.cleaned_data["testimony"]
        consenting.withdraw_testimony(self.record, testimony)
        return what_became_of(radius, f"Withdrawn for “{testimony}” alone.")


class ReceiptPage(ActPage):
    """To print or send: what they agreed to, in plain words and in the standard's own names."""

    template_name = "admin/consent/receipt.html"
    permission = "evidence.view_privacynotice"  # whose words it prints
    title = "Receipt"
    button = "Issue the receipt"

    def do(self, form: forms.Form) -> str:
        receipts.issue(self.record)
        return "The receipt is issued: print it, or send it as they wish."

    def get_success_url(self) -> str:
        return self.request.path if self.request.method == "POST" else super().get_success_url()

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.by.has_perm(CHANGES):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = super().get_context_data(**kwargs)
        may_issue = not self.record.receipt_issued_at and self.by.has_perm(CHANGES)
        receipt = receipts.receipt_of(self.record)
        return {**told, "receipt": receipt, "may_issue": may_issue and self._is_given()}

    def _is_given(self) -> bool:
        return self.record.state in consenting.LIVE_STATES


def _is_live(consent: Any, _user: Any) -> bool:
    return consent.state in {ConsentState.GIVEN, ConsentState.SUSPENDED}


NARROWING_PAGES = (
    Page("narrow", "Narrow it", NarrowPage, _is_live),
    Page("withdraw_part", "Withdraw one part", WithdrawScopePage, _is_live),
    Page("withdraw_account", "Withdraw one account", WithdrawTestimonyPage, _is_live),
)
