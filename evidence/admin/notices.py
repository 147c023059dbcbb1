"""Privacy notices: added with their exact words and what they ask for, and never edited."""

from itertools import product
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from evidence.admin.base import column
from evidence.admin.placing import PlacingForm
from evidence.admin.scope_keys import in_words
from evidence.admin.testimony import NeverDeleted
from evidence.models import IRREVOCABLE, Audience, Channel, PrivacyNotice, Purpose, scope_key

EVERYTHING = [scope_key(*words) for words in product(Purpose, Audience, Channel)]


class CoversWidget(forms.CheckboxSelectMultiple):
    """Grouped by purpose and audience; the channels that cannot be called back say so."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        ticked = set(value or [])
        groups = [
            (purpose.label, _audiences(purpose, ticked), _count(purpose, ticked))
            for purpose in Purpose
        ]
        told = {"name": name, "groups": groups, "id": (attrs or {}).get("id", name)}
        return render_to_string("admin/consent/covers.html", told)


def _audiences(purpose: Purpose, ticked: set[str]) -> list[tuple[str, list[dict[str, Any]]]]:
    return [
        (
            audience.label,
            [
                {
                    "key": (key := scope_key(purpose, audience, channel)),
                    "words": channel.label,
                    "is_ticked": key in ticked,
                    "is_irrevocable": channel in IRREVOCABLE,
                }
                for channel in Channel
            ],
        )
        for audience in Audience
    ]


def _count(purpose: Purpose, ticked: set[str]) -> int:
    return sum(key.startswith(f"{purpose.value}:") for key in ticked)


class NoticeForm(PlacingForm):
    places = {"privacy_notice_version_once": "version"}
    helps = {
        "version": "As it is printed on it.",
        "storage_location": "With which service, in which country.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.covers = self.instance.covers or []  # the model reads it, ticked or not

    covers = forms.MultipleChoiceField(
        label="What it asks for",
        choices=[(key, key) for key in EVERYTHING],
        widget=CoversWidget,
        error_messages={"required": "Tick at least one thing that the notice asks for."},
        help_text="Only what its words ask for. No consent goes further.",
    )


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(NeverDeleted):
    form = NoticeForm
    list_display = ["version", "language", "added_at"]
    list_filter = ["language"]
    search_fields = ["version", "text"]
    fieldsets = [
        ("What people were shown", {"fields": [("version", "language"), "text"]}),
        ("What it asks for", {"fields": ["covers"]}),
        (
            "Who relies on it",
            {
                "fields": [
                    "controllers",
                    "recipients",
                    "storage_location",
                    ("retention_months", "backup_days"),
                    "withdrawal_method",
                ]
            },
        ),
    ]

    class Media:
        css = {"all": ["attest/consent.css"]}

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Other words are another version."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if obj is None:
            return self.fieldsets
        shown = ("What it asks for", {"fields": [asked_for]})
        _, _, last = self.fieldsets
        words = {"fields": [("version", "language"), "text", "sha256"]}
        return [("What people were shown", words), shown, last]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [] if obj is None else [asked_for, "sha256"]


@column("it asks for")
def asked_for(notice: PrivacyNotice) -> str:
    irrevocable = set(notice.irrevocable())
    told = [
        f"{in_words(key)} (cannot be called back)" if key in irrevocable else in_words(key)
        for key in notice.covers
    ]
    return "\n".join(told)
