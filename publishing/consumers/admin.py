"""Consumers at the desk: their keys, how far they are, and who has taken back what."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from unfold.decorators import display

from publishing.consumers.keys import make_key
from publishing.consumers.pressing import Button, PressedAdmin, Secret
from publishing.consumers.removals import late, latest_removals, standings, unconfirmed
from publishing.models import Alarm, Consumer


def new_key(consumer: Consumer) -> Secret:
    key = make_key(consumer)
    consumer.save(update_fields=["key_hash"])
    return Secret(f"The key of {consumer}", key)


def retire(consumer: Consumer) -> str:
    """Its row stays, so that one sees who once had a copy."""
    consumer.retired_at = timezone.now()
    consumer.save(update_fields=["retired_at"])
    consumer.alarms.filter(ended_at=None).update(ended_at=consumer.retired_at)
    consumer.endpoints.update(state="off")
    return "Retired: its key opens nothing, its endpoints are off, and nobody waits for it."


def _is_active(consumer: Consumer) -> bool:
    return consumer.retired_at is None


@admin.register(Consumer)
class ConsumerAdmin(PressedAdmin):
    list_display = ["name", "contact_role", "how_it_stands", "applied_at", "created_at"]
    search_fields = ["name", "contact_role"]
    fields = [
        "name",
        "contact_role",
        "alarm_after_minutes",
        "applied_seq",
        "applied_at",
        "retired_at",
    ]
    readonly_fields = ["applied_seq", "applied_at", "retired_at"]
    change_list_template = "publishing/desk/consumers.html"
    buttons = (
        Button(
            "new_key",
            "Make a new key",
            new_key,
            _is_active,
            warns="The key it has now opens nothing from this moment on.",
        ),
        Button(
            "retire",
            "Retire",
            retire,
            _is_active,
            warns="Its key opens nothing any more. Ask first whether its copy is destroyed.",
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        removals = path(
            "removals/",
            self.admin_site.admin_view(self.removals_page),
            name="publishing_consumer_removals",
        )
        return [removals, *super().get_urls()]

    def removals_page(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": "Who has taken it back",
            "room": "Website",
            "standings": standings(),
            "removals": latest_removals(),
            "alarms": Alarm.objects.filter(ended_at=None).select_related("consumer"),
        }
        return TemplateResponse(request, "publishing/desk/removals.html", context)

    def save_model(self, request: HttpRequest, obj: Consumer, form: Any, change: bool) -> None:
        if not change:
            request.made_key = make_key(obj)  # type: ignore[attr-defined]  # for the answer alone
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: Consumer, post_url_continue: str | None = None
    ) -> HttpResponse:
        key: str = request.made_key  # type: ignore[attr-defined]  # as save_model left it
        return self.shown_once(request, obj, Secret(f"The key of {obj}", key))

    def standing(self, record: Consumer) -> list[str]:
        if record.retired_at:
            return ["Retired: its key opens nothing."]
        waiting, overdue = unconfirmed(record).count(), late(record).count()
        if not waiting:
            return ["It has confirmed every removal."]
        said = f"Removals that it has not confirmed: {waiting}, of which late: {overdue}."
        return [said, f"Ask: {record.contact_role}."]

    @display(  # type: ignore[untyped-decorator]  # Unfold has no types
        description="now",
        label={"In step": "success", "Behind": "info", "Late": "danger", "Retired": "warning"},
    )
    def how_it_stands(self, consumer: Consumer) -> str:
        if consumer.retired_at:
            return "Retired"
        if late(consumer).exists():
            return "Late"
        return "Behind" if unconfirmed(consumer).exists() else "In step"
