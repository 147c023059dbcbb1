"""Contributors: a label, what we keep to, and the buttons to who they are and to their erasure."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldBooleanWidget

from evidence import consenting, erasing
from evidence.admin.acting import Act, ActingAdmin, Badge
from evidence.admin.asking import Said, succeeded
from evidence.admin.base import ReadOnlyAdmin, column, person
from evidence.admin.pages import ActPage, Page, PagedAdmin
from evidence.admin.reviewing import when
from evidence.admin.testimony import NeverDeleted
from evidence.admin.vault import IDENTITY_PAGES
from evidence.blast_radius import blast_radius, what_became_of
from evidence.broken_rules import sentence_for
from evidence.desk_addresses import address_of
from evidence.models import (
    Contributor,
    ErasureLedger,
    ErasureRequest,
    LinkFor,
    RetentionHold,
    TestimonyUse,
    WithdrawalLedger,
)
from evidence.own_page.links import end_links, make_link
from evidence.refusing import Refused


class HoldForm(forms.Form):
    retention_hold = forms.ChoiceField(
        label="Hold",
        choices=RetentionHold.choices,
        help_text="A reason in law to keep what they gave. It never stops a withdrawal.",
        widget=UnfoldAdminRadioSelectWidget,
    )


class HoldPage(ActPage):
    form_class = HoldForm
    permission = "evidence.hold_contributor"
    title = "Retention hold"
    button = "Set the hold"
    lead = "While a hold stands, an erasure withdraws everything and destroys nothing."

    def get_initial(self) -> dict[str, Any]:
        return {"retention_hold": self.record.retention_hold}

    def mended_at(self, form: forms.Form) -> str:
        return "retention_hold"

    def do(self, form: forms.Form) -> str:
        hold = RetentionHold(form.cleaned_data["retention_hold"])
        if hold == self.record.retention_hold:
            raise Refused("That is the hold as it stands.")
        self.record.retention_hold = hold
        self.record.save(update_fields=["retention_hold"])
        return f"The hold is now: {hold.label.lower()}."


def _all_uses(contributor: Any) -> QuerySet[TestimonyUse]:
    return TestimonyUse.objects.filter(testimony__contributor=contributor)


class WithdrawEverythingPage(ActPage):
    permission = "evidence.change_consent"
    title = "Withdraw everything"
    button = "Withdraw everything"
    lead = "Every consent of theirs ends for good. What they gave stays with us until it is erased."

    def uses(self, form: forms.Form) -> QuerySet[TestimonyUse]:
        return _all_uses(self.record)

    def do(self, form: forms.Form) -> str:
        radius = blast_radius(_all_uses(self.record))
        ended = consenting.withdraw_everything(self.record)
        if not ended:
            raise Refused("There is no consent of theirs that could be withdrawn.")
        return what_became_of(radius, f"Consents that have ended: {len(ended)}.")


class EraseForm(forms.Form):
    is_sure = forms.BooleanField(
        label="They asked for it, and I have read what is taken back",
        error_messages={"required": "Tick that they asked for it."},
        help_text="Nobody can bring back what is destroyed.",
        widget=UnfoldBooleanWidget,
    )


class ErasePage(ActPage):
    form_class = EraseForm
    permission = "evidence.erase_contributor"
    title = "Erase"
    button = "Withdraw everything and erase"

    @property
    def lead(self) -> str:  # type: ignore[override]  # it tells of the hold as it stands
        if self.record.retention_hold != RetentionHold.NONE:
            hold = self.record.get_retention_hold_display().lower()
            return (
                f"A hold stands ({hold}): everything is withdrawn, and nothing is destroyed until "
                "it has ended. Tell the person so."
            )
        return (
            "Everything is withdrawn. Then who they are, what they told and every cleared version "
            "are destroyed for good."
        )

    def uses(self, form: forms.Form) -> QuerySet[TestimonyUse]:
        return _all_uses(self.record)

    def act(self, form: forms.Form) -> list[Said]:
        """Not in one transaction: the withdrawal stands, whatever comes of the destruction."""
        radius = blast_radius(_all_uses(self.record))
        asked = erasing.ask_for_erasure(self.record, by=self.by)
        self.record.refresh_from_db()
        sentence = what_became_of(radius, erasing.what_became_of(asked))
        self.desk.log_change(self.request, self.record, sentence)
        return [succeeded(sentence)]


class LinkForm(forms.Form):
    made_for = forms.ChoiceField(
        label="For whom",
        choices=LinkFor.choices,
        initial=LinkFor.CONTRIBUTOR,
        help_text="The link opens nothing without a code that goes to the safe contact.",
        widget=UnfoldAdminRadioSelectWidget,
    )


class LinkPage(ActPage):
    template_name = "admin/vault/link.html"
    form_class = LinkForm
    permission = "evidence.add_ownpagelink"
    title = "Make a link to their own page"
    button = "Make the link"
    lead = "They see there what we hold and where it is used, and can pause or end it themselves."

    def mended_at(self, form: forms.Form) -> str:
        return "made_for"

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Shown in this answer alone: only its hash is kept."""
        try:
            with transaction.atomic():
                link = make_link(self.record, form.cleaned_data["made_for"], by=self.by)
                self.desk.log_change(self.request, self.record, "A link to their page was made.")
        except Refused as refused:
            form.add_error("made_for", str(refused))
            return self.form_invalid(form)
        except IntegrityError as error:
            form.add_error(None, sentence_for(error))
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(link=link))


class EndLinksPage(ActPage):
    permission = "evidence.add_ownpagelink"
    title = "End the links to their own page"
    button = "End all links"
    lead = (
        "For when a letter, a phone or a mailbox may be in the wrong hands. Every link to their "
        "page ends now, also where the page is open, and none is renewed. See that the safe "
        "contact is still safe before you make a new one."
    )

    def do(self, form: forms.Form) -> str:
        ended = end_links(self.record)
        if not ended:
            raise Refused("There is no link to their page that could be ended.")
        return f"Links to their page that were ended: {ended}."


def _has_links(contributor: Any, _user: User) -> bool:
    links = contributor.own_page_links.filter(ended_at=None)
    return contributor.erased_at is None and bool(links.exists())


def _is_not_erased(contributor: Any, _user: User) -> bool:
    return contributor.erased_at is None


@admin.register(Contributor)
class ContributorAdmin(PagedAdmin, NeverDeleted):
    list_display = ["label", "is_fictional", "do_not_contact", "retention_hold", "erased_at"]
    list_filter = ["is_fictional", "do_not_contact", "retention_hold"]
    search_fields = ["label"]
    readonly_fields = ["retention_hold"]
    empty_value_display = "no"
    fieldsets = [
        ("Who, without saying who", {"fields": ["label", "is_fictional"]}),
        (
            "What we keep to",
            {"fields": ["lifelong_anonymity", "do_not_contact", "retention_hold"]},
        ),
    ]
    pages = (
        *IDENTITY_PAGES,
        Page("link", "Make a link to their own page", LinkPage, _is_not_erased),
        Page("end_links", "End the links to their own page", EndLinksPage, _has_links),
        Page("hold", "Retention hold", HoldPage, _is_not_erased),
        Page("withdraw", "Withdraw everything", WithdrawEverythingPage, _is_not_erased),
        Page("erase", "Erase", ErasePage, _is_not_erased),
    )

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if isinstance(obj, Contributor) and obj.erased_at:
            return False
        return bool(super().has_change_permission(request, obj))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """What was changed alone: that somebody was erased is not the app's to write."""
        obj.save(update_fields=form.changed_data if change else None)

    def uses_of(self, record: Any) -> QuerySet[TestimonyUse]:
        return _all_uses(record)

    def badges(self, record: Any) -> list[Badge]:
        if record.erased_at:
            return [(f"Erased {timezone.localtime(record.erased_at):%-d %B %Y}", "danger")]
        if record.retention_hold == RetentionHold.NONE:
            return []
        return [(f"Held: {record.get_retention_hold_display().lower()}", "warning")]


@column("standing", label={"Done": "success", "Held": "warning", "Waits": "danger"})
def erasure_standing(asked: ErasureRequest) -> str:
    if asked.done_at:
        return "Done"
    return "Waits" if asked.contributor.retention_hold == RetentionHold.NONE else "Held"


@admin.register(ErasureRequest)
class ErasureRequestAdmin(ActingAdmin, ReadOnlyAdmin):
    list_display = ["contributor", "asked_at", erasure_standing, "told_at", "done_at"]
    list_filter = [["done_at", admin.EmptyFieldListFilter], "held_because"]
    list_select_related = ["contributor", "recorded_by"]
    date_hierarchy = "asked_at"
    empty_value_display = "not yet"
    fields = readonly_fields = [
        "contributor",
        "asked_at",
        "recorded_by",
        "held_because",
        "told_at",
        "done_at",
    ]
    acts = (
        Act(
            "told",
            "They were told of the hold",
            "Written down: they were told that the destruction waits, and why.",
            lambda asked, user, note: erasing.told(asked),
            lambda asked, user: not (asked.told_at or asked.done_at),
            needs="erase",
            is_main=True,
        ),
    )

    def has_erase_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return person(request).has_perm("evidence.erase_contributor")

    def standing(self, record: Any) -> list[str]:
        if record.done_at:
            return [f"Erased {when(record.done_at)}."]
        return [erasing.held_sentence(record.contributor.retention_hold)]

    def links(self, record: Any) -> list[tuple[str, str]]:
        return [("The contributor", address_of(record.contributor))]


@admin.register(WithdrawalLedger)
class WithdrawalLedgerAdmin(ReadOnlyAdmin):
    list_display = ["at", "act", "subject"]
    list_filter = ["act"]
    date_hierarchy = "at"
    search_fields = ["subject"]
    fields = readonly_fields = ["at", "act", "subject", "codes"]


@admin.register(ErasureLedger)
class ErasureLedgerAdmin(ReadOnlyAdmin):
    list_display = ["at", "contributor"]
    date_hierarchy = "at"
    search_fields = ["contributor"]
    fields = readonly_fields = ["at", "contributor"]
