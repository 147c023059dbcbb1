"""Alerts at the desk: what took something out of use, until somebody has seen it."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from evidence import alerts
from evidence.admin.acting import Act, ActingAdmin
from evidence.admin.base import ReadOnlyAdmin, column, person
from evidence.desk_addresses import address_of
from evidence.models import Alert


@column("what happened", ordering="what")
def happened(alert: Alert) -> str:
    return alerts.happened(alert)


@column("standing", label={"Not seen": "danger", "Seen": "success"})
def standing(alert: Alert) -> str:
    return "Seen" if alert.seen_at else "Not seen"


@admin.register(Alert)
class AlertAdmin(ActingAdmin, ReadOnlyAdmin):
    list_display = ["raised_at", happened, "consent", standing, "mailed_at", "seen_by"]
    list_filter = [["seen_at", admin.EmptyFieldListFilter], "what"]
    list_select_related = ["consent", "seen_by"]
    date_hierarchy = "raised_at"
    search_fields = ["consent__record_id"]
    empty_value_display = "not yet"
    fields = readonly_fields = ["raised_at", happened, "consent", "mailed_at", "seen_at", "seen_by"]
    actions = ["mark_seen"]
    acts = (
        Act(
            "seen",
            "I have seen it",
            "Written down: you have seen it.",
            lambda alert, user, note: alerts.mark_seen(alert, by=user),
            lambda alert, user: not alert.seen_at,
            needs="see",
            is_main=True,
        ),
    )

    def has_see_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return person(request).has_perm("evidence.change_alert")

    def links(self, record: Any) -> list[tuple[str, str]]:
        return [("The consent", address_of(record.consent))]

    @admin.action(description="I have seen them", permissions=["see"])
    def mark_seen(self, request: HttpRequest, chosen: QuerySet[Alert]) -> None:
        for alert in chosen.filter(seen_at=None):
            alerts.mark_seen(alert, by=person(request))
        self.message_user(request, "Written down: you have seen them.")
