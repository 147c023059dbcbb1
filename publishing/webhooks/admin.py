"""Webhooks at the desk: who is called, what was delivered, and sending it again by hand."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display

from publishing.consumers.pressing import Button, PressedAdmin, Secret
from publishing.models import Delivery, Endpoint
from publishing.webhooks import deriving
from publishing.webhooks.calling import why_not
from publishing.webhooks.delivering import replay, switch_off, switch_on
from publishing.webhooks.models import DeliveryState, EndpointState
from publishing.webhooks.signing import renew, secret_of

COLOURS = {
    "On": "success",
    "Delivered": "success",
    "Waiting": "info",
    "Switched off": "warning",
    "Superseded by a later change": "warning",
    "Disabled: it failed again and again": "danger",
    "Given up": "danger",
}


class EndpointForm(forms.ModelForm):  # type: ignore[type-arg]  # as Django's admin takes it
    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if problem := why_not(url):
            raise forms.ValidationError(problem)
        return url


def _switched_on(endpoint: Endpoint) -> str:
    switch_on(endpoint)
    return "On again: it is told what it missed."


def _switched_off(endpoint: Endpoint) -> str:
    switch_off(endpoint)
    return "Switched off: nothing is sent, and what changes meanwhile is told later."


def _sent_again(delivery: Delivery) -> str:
    replay(delivery)
    return "It is sent again within seconds, under the same webhook-id."


@admin.register(Endpoint)
class EndpointAdmin(PressedAdmin):
    form = EndpointForm
    list_display = ["url", "consumer", "now", "failures", "failing_since", "created_at"]
    list_filter = ["state", "consumer"]
    list_select_related = ["consumer"]
    search_fields = ["url"]
    fields = ["consumer", "url", "state", "seq", "failures", "failing_since", "renewed_at"]
    readonly_fields = ["state", "seq", "failures", "failing_since", "renewed_at"]
    buttons = (
        Button(
            "switch_on",
            "Switch on again",
            _switched_on,
            lambda endpoint: endpoint.state != EndpointState.ON,
            is_main=True,
        ),
        Button(
            "switch_off",
            "Switch off",
            _switched_off,
            lambda endpoint: endpoint.state == EndpointState.ON,
        ),
        Button(
            "renew",
            "Make a new secret",
            lambda endpoint: Secret(f"The secret of {endpoint}", renew(endpoint)),
            warns="For a day both secrets sign, so that the receiver can change over.",
        ),
    )

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: bool) -> None:
        if not change:
            deriving.begin(obj)
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: Endpoint, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self.shown_once(request, obj, Secret(f"The secret of {obj}", secret_of(obj)))

    @display(description="now", ordering="state", label=COLOURS)  # type: ignore[untyped-decorator]  # Unfold has no types
    def now(self, endpoint: Endpoint) -> str:
        return endpoint.get_state_display()


@admin.register(Delivery)
class DeliveryAdmin(PressedAdmin):
    """Written by the worker; all that is done here is to send one again."""

    list_display = ["seq", "op", "kind", "endpoint", "now", "tries", "answered", "next_try_at"]
    list_filter = ["state", "op", "kind", "endpoint"]
    list_select_related = ["endpoint"]
    search_fields = ["item_id", "id"]
    fields = readonly_fields = [
        "id",
        "endpoint",
        "seq",
        "op",
        "kind",
        "item_id",
        "at",
        "state",
        "tries",
        "next_try_at",
        "delivered_at",
        "answered",
        "problem",
    ]
    buttons = (
        Button(
            "replay",
            "Send again",
            _sent_again,
            lambda delivery: delivery.state != DeliveryState.WAITING,
            is_main=True,
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """No field can be changed."""
        return False

    def may_press(self, request: HttpRequest, record: Model) -> bool:
        return request.user.has_perm("publishing.change_delivery")

    @display(description="now", ordering="state", label=COLOURS)  # type: ignore[untyped-decorator]  # Unfold has no types
    def now(self, delivery: Delivery) -> str:
        return delivery.get_state_display()
