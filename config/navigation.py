"""The menu: seven items for an officer, from which every other list opens under a tab."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Room:
    """One item of the menu, and the lists under its tabs, by model; the first is the main one."""

    title: str
    icon: str
    tabs: dict[str, str]


OFFICERS = (
    Room(
        "Sources",
        "menu_book",
        {
            "evidence.source": "Sources",
            "evidence.snapshot": "Snapshots",
            "evidence.excerpt": "Excerpts",
            "evidence.statement": "Statements",
            "evidence.organisation": "Organisations",
        },
    ),
    Room(
        "Figures",
        "calculate",
        {
            "evidence.statistic": "Figures",
            "evidence.claim": "Claims",
            "evidence.evidencegap": "Gaps",
            "evidence.measure": "Measures",
            "evidence.area": "Areas",
            "evidence.period": "Periods",
        },
    ),
    Room(
        "Testimony",
        "record_voice_over",
        {
            "evidence.testimony": "Testimonies",
            "evidence.testimonyversion": "Versions",
            "evidence.restrictedaccount": "Restricted accounts",
            "evidence.contributor": "Contributors",
            "evidence.consent": "Consents",
            "evidence.testimonyuse": "Uses",
            "evidence.recalltask": "Recalls",
        },
    ),
    Room("Asks", "campaign", {"campaigns.ask": "Asks", "campaigns.campaign": "Campaigns"}),
    Room(
        "Bill",
        "account_balance",
        {
            "campaigns.bill": "Bills",
            "campaigns.amendment": "Amendments",
            "campaigns.stage": "Stages",
            "campaigns.member": "Members",
        },
    ),
    Room(
        "Packs",
        "description",
        {
            "campaigns.pack": "Packs",
            "campaigns.packversion": "Issued versions",
            "campaigns.copy": "Copies",
        },
    ),
    Room(
        "Website",
        "public",
        {"publishing.publisheditem": "Published", "publishing.change": "Changes"},
    ),
)
ADMINISTRATORS = (
    Room("People", "group", {"auth.user": "People", "auth.group": "Roles"}),
    Room(
        "Background work",
        "settings",
        {
            "config.deadletter": "Failed tasks",
            "config.job": "Tasks",
            "config.scheduledtask": "Schedule",
            "config.workerlease": "Workers",
        },
    ),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    groups = [
        {"title": title, "separator": bool(title), "items": list(_items(rooms, request))}
        for title, rooms in (("", OFFICERS), ("Administration", ADMINISTRATORS))
    ]
    return [group for group in groups if group["items"]]


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "models": list(room.tabs),
            "items": [
                {"title": title, "link": _list_of(model), "active": _is_at(request, model)}
                for model, title in room.tabs.items()
                if _may_view(request.user, model)
            ],
        }
        for room in OFFICERS + ADMINISTRATORS
    ]


def account_links(_request: HttpRequest) -> list[dict[str, str]]:
    return [
        {"title": "Account and security", "link": reverse("mfa_index")},
        {"title": "Change password", "link": reverse("admin:password_change")},
    ]


def stylesheet(_request: HttpRequest) -> str:
    return static("attest/desk.css")


def favicon(_request: HttpRequest) -> str:
    return static("attest/favicon.svg")


def _items(rooms: tuple[Room, ...], request: HttpRequest) -> Iterator[dict[str, Any]]:
    for room in rooms:
        open_to_them = [model for model in room.tabs if _may_view(request.user, model)]
        if open_to_them:
            yield {
                "title": room.title,
                "icon": room.icon,
                "link": _list_of(open_to_them[0]),
                "active": any(_is_at(request, model) for model in room.tabs),
            }


def _may_view(user: User | AnonymousUser, model: str) -> bool:
    app, name = model.split(".")
    return user.has_perm(f"{app}.view_{name}") or user.has_perm(f"{app}.change_{name}")


def _list_of(model: str) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_changelist")


def _is_at(request: HttpRequest, model: str) -> bool:
    return request.path.startswith(_list_of(model))
