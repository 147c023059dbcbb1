"""The menu: seven items for an officer, from which every other list opens under a tab."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Room:
    """One item of the menu, and what is under its tabs: lists by model, the first the main one,
    and pages of the desk by their name.
    """

    title: str
    icon: str
    tabs: dict[str, str]
    pages: dict[str, str] = field(default_factory=dict)
    needs: str = "evidence.statistic"  # whoever may see these sees the pages


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
        pages={"evidence_excerpt_lost": "Lost excerpts", "evidence_source_import": "More"},
        needs="evidence.source",
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
            "evidence.correction": "Corrections",
        },
        pages={
            "series_list": "Series",
            "reconciliation": "What they say",
            "calculator": "Calculator",
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
            "page": room.title,
            "items": list(_tab_items(room, request)),
        }
        for room in OFFICERS + ADMINISTRATORS
    ]


def _tab_items(room: Room, request: HttpRequest) -> Iterator[dict[str, Any]]:
    """The active one is the nearest: some pages lie under the address of a list."""
    found = list(_tabs(room, request.user))
    above = [link for _, link in found if request.path.startswith(link)]
    nearest = max(above, key=len, default=None)
    for title, link in found:
        yield {
            "title": title,
            "link": link,
            "active": link == nearest,
            "has_permission": True,
        }


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
        links = [link for _, link in _tabs(room, request.user)]
        if links:
            yield {
                "title": room.title,
                "icon": room.icon,
                "link": links[0],
                "active": any(map(request.path.startswith, links)),
            }


def _tabs(room: Room, user: User | AnonymousUser) -> Iterator[tuple[str, str]]:
    for model, title in room.tabs.items():
        if _may_view(user, model):
            yield title, _list_of(model)
    if room.pages and _may_view(user, room.needs):
        yield from ((title, reverse(f"admin:{name}")) for name, title in room.pages.items())


def _may_view(user: User | AnonymousUser, model: str) -> bool:
    app, name = model.split(".")
    return user.has_perm(f"{app}.view_{name}") or user.has_perm(f"{app}.change_{name}")


def _list_of(model: str) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_changelist")
