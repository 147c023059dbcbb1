"""What was sent to whom, and what nobody can know until a person decides."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from campaigns import sending
from campaigns.models import Delivery, DeliveryState
from evidence.admin.acting import Act, ActingAdmin, Badge, in_state
from evidence.admin.base import ReadOnlyAdmin, column, person
from evidence.admin.reviewing import name_of, when

COLOURS = {
    DeliveryState.WAITING: "info",
    DeliveryState.SENDING: "danger",
    DeliveryState.SENT: "success",
    DeliveryState.FAILED: "warning",
    DeliveryState.WITHHELD: "warning",
}


@column(
    "state",
    ordering="state",
    label={state.value: colour for state, colour in COLOURS.items()},
)
def state(delivery: Delivery) -> tuple[str, str]:
    return delivery.state, DeliveryState(delivery.state).label


class ByThoseWhoIssue:
    """Whoever may issue a pack may send it, and decides on what went wrong."""

    def has_send_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return person(request).has_perm("campaigns.issue_pack")


@admin.register(Delivery)
class DeliveryAdmin(ByThoseWhoIssue, ActingAdmin, ReadOnlyAdmin):
    list_display = ["to", "what", state, "not_before", "began_at", "ended_at"]
    list_filter = ["state", ["notice", admin.EmptyFieldListFilter]]
    list_select_related = ["copy__member", "copy__version__pack", "notice", "decided_by"]
    date_hierarchy = "queued_at"
    search_fields = ["copy__member__name", "copy__version__pack__title"]
    fields = readonly_fields = [
        "to",
        "what",
        "address",
        "queued_at",
        "queued_by",
        "not_before",
        "began_at",
        "ended_at",
        "why",
    ]
    acts = (
        Act(
            "was_sent",
            "It was sent",
            "Written down as sent.",
            lambda delivery, user, note: sending.was_sent(delivery, by=user),
            in_state(DeliveryState.SENDING),
            needs="send",
            warns="Press it when you found it in the mail server's log, or its reader has it.",
        ),
        Act(
            "send_again",
            "Send it again",
            "It waits to be sent again.",
            lambda delivery, user, note: sending.send_again(delivery, by=user),
            in_state(DeliveryState.SENDING, DeliveryState.FAILED, DeliveryState.WITHHELD),
            needs="send",
            warns="Its reader may get it twice, if it left the first time.",
        ),
        Act(
            "leave_it",
            "Do not send it",
            "It will not be sent.",
            lambda delivery, user, note: sending.leave_it(delivery, by=user),
            in_state(DeliveryState.SENDING, DeliveryState.FAILED),
            needs="send",
        ),
    )

    def named(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().named(queryset).defer("copy__version__content", "copy__version__manifest")

    def badges(self, record: Delivery) -> list[Badge]:
        found = DeliveryState(record.state)
        return [(found.label, COLOURS[found])]

    def standing(self, record: Delivery) -> list[str]:
        told = []
        if record.state == DeliveryState.SENDING:
            told.append(
                "The program stopped while it was being sent, or the database was put back to "
                "before: look into the mail server's log, or ask its reader, and decide."
            )
        if record.decided_by and record.decided_at:
            told.append(f"Decided by {name_of(record.decided_by)}, {when(record.decided_at)}.")
        return told

    @column("to", ordering="copy__member__name")
    def to(self, delivery: Delivery) -> str:
        return str(delivery.copy.member)

    @column("what")
    def what(self, delivery: Delivery) -> str:
        about = f"{delivery.copy.version}"
        return f"{delivery.notice.get_why_display()}: {about}" if delivery.notice else about
