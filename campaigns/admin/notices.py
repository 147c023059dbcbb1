"""Notices to those who hold a copy: to send, to chase, answered, closed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.widgets import UnfoldAdminRadioSelectWidget

from campaigns import notices
from campaigns.admin.sending import ByThoseWhoIssue
from campaigns.models import Delivery, DeliveryState, Notice, Why
from evidence import recalling
from evidence.admin.acting import Act
from evidence.admin.base import ReadOnlyAdmin, column
from evidence.admin.pages import ActPage, Page, PagedAdmin
from evidence.admin.reviewing import when

SENT = Delivery.objects.filter(notice=OuterRef("pk"), state=DeliveryState.SENT)
STANDS = {
    "To send": "warning",
    "On its way": "info",
    "Ask again": "danger",
    "Sent": "success",
    "Answered": "info",
    "Closed": "",
}


def standing_of(notice: Any) -> str:
    if notice.closed_at:
        return "Closed"
    if notice.replied_at:
        return "Answered"
    if not notice.is_queued:
        return "To send"
    if not notice.was_sent:
        return "On its way"
    is_due = notice.chase_on and notice.chase_on <= timezone.localdate()
    return "Ask again" if is_due else "Sent"


class StandingFilter(admin.SimpleListFilter):
    title = "how it stands"
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("to_send", "To send"), ("chase", "Ask again"), ("open", "Open")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {
            "to_send": Q(is_queued=False, closed_at=None),
            "chase": Q(chase_on__lte=timezone.localdate(), closed_at=None, replied_at=None),
            "open": Q(closed_at=None),
        }
        return queryset.filter(wanted.get(self.value() or "", Q()))


class ReplyForm(forms.Form):
    text = forms.CharField(
        label="What they answered",
        help_text="No names of contributors, and none of their words.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label="What became of the copy",
        choices=[(each.value, each.label) for each in recalling.CLOSING],
        widget=UnfoldAdminRadioSelectWidget,
        help_text="Of a copy that was called back it is written to the recall as well.",
    )


class TextForm(forms.Form):
    text = forms.CharField(
        label="What is written",
        help_text="Never say why a copy is called back.",
        widget=forms.Textarea(attrs={"rows": 14}),
    )


class NoticePage(ActPage):
    room = "Packs"

    @classmethod
    def permits(cls, user: User) -> bool:
        return user.has_perm("campaigns.issue_pack")


class ReplyPage(NoticePage):
    form_class = ReplyForm
    title = "They answered"
    button = "Write it down"

    def do(self, form: forms.Form) -> str:
        notices.reply(self.record, form.cleaned_data["text"])
        return "Written down. Close the notice when nothing more is to be done."


class ClosePage(NoticePage):
    form_class = CloseForm
    title = "Close the notice"
    button = "Close it"

    def do(self, form: forms.Form) -> str:
        notices.close(self.record, form.cleaned_data["outcome"])
        return "Closed."


class TextPage(NoticePage):
    form_class = TextForm
    title = "What is written"
    button = "Keep it"

    def get_initial(self) -> dict[str, Any]:
        return {"text": self.record.text}

    def do(self, form: forms.Form) -> str:
        notices.rewrite(self.record, form.cleaned_data["text"])
        return "Kept: it goes out like this."


def _is_open(notice: Any, _user: User) -> bool:
    return not notice.closed_at


def _is_to_send(notice: Any, _user: User) -> bool:
    return not notice.closed_at and not notice.is_queued


def _can_be_sent(notice: Any, _user: User) -> bool:
    return not notice.closed_at and notice.is_queued == notice.was_sent


@admin.register(Notice)
class NoticeAdmin(ByThoseWhoIssue, PagedAdmin, ReadOnlyAdmin):
    list_display = ["to", "about", "why", "stands", "drafted_at", "chase_on", "outcome"]
    list_filter = [StandingFilter, "why"]
    list_select_related = ["copy__member", "copy__version__pack"]
    date_hierarchy = "drafted_at"
    search_fields = ["copy__member__name", "copy__version__pack__title"]
    fields = readonly_fields = [
        "to",
        "about",
        "why",
        "text",
        "drafted_at",
        "chase_on",
        "reply",
        "replied_at",
        "outcome",
        "closed_at",
    ]
    acts = (
        Act(
            "send",
            "Send it",
            "It is on its way.",
            lambda notice, user, note: notices.send(notice, by=user),
            _can_be_sent,
            needs="send",
            warns="To its reader alone. Where it was sent before, they are asked once more.",
            is_main=True,
        ),
    )
    pages = (
        Page("text", "Edit what is written", TextPage, _is_to_send),
        Page("reply", "They answered", ReplyPage, _is_open),
        Page("close", "Close it", ClosePage, _is_open),
    )

    def named(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found = super().named(queryset)
        found = found.defer("copy__version__content", "copy__version__manifest")
        queued = Delivery.objects.filter(notice=OuterRef("pk"))
        annotated: QuerySet[Any] = found.annotate(is_queued=Exists(queued), was_sent=Exists(SENT))
        return annotated

    def standing(self, record: Any) -> list[str]:
        told = [f"{standing_of(record)}. Drafted {when(record.drafted_at)}."]
        told += [mark.told for mark in record.marks.all()]
        if record.why == Why.RECALL:
            told.append("What becomes of it is written to the recall.")
        return told

    @column("to", ordering="copy__member__name")
    def to(self, notice: Notice) -> str:
        return str(notice.copy.member)

    @column("about")
    def about(self, notice: Notice) -> str:
        return str(notice.copy.version)

    @column("how it stands", label=STANDS)
    def stands(self, notice: Notice) -> str:
        return standing_of(notice)
