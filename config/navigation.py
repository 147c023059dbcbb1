"""The menu: seven items for an officer, from which every other list opens under a tab."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from evidence.desk_addresses import address


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
    pages_first: bool = False


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
            "reconciliation": "What the figures say",
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
            "evidence.personspokenabout": "Persons in it",
            "evidence.reportingrestriction": "Restrictions",
            "evidence.anonymitywaiver": "Waivers",
            "evidence.privacynotice": "Notices",
        },
    ),
    Room(
        "Safeguarding",
        "shield_person",
        {
            "evidence.alert": "Alerts",
            "evidence.recalltask": "Recalls",
            "evidence.usenotice": "Told and asked",
            "evidence.erasurerequest": "Erasures",
            "evidence.vaultlook": "Looks",
            "evidence.withdrawalledger": "Withdrawals",
            "evidence.erasureledger": "Erased",
        },
        pages={"safeguarding": "Board"},
        needs="evidence.alert",
        pages_first=True,
    ),
    Room(
        "Asks",
        "campaign",
        {"campaigns.ask": "Asks", "campaigns.campaign": "Campaigns"},
        pages={"gaps": "What is missing"},
        needs="campaigns.ask",
    ),
    Room(
        "Bill",
        "account_balance",
        {
            "campaigns.bill": "Bills",
            "campaigns.amendment": "Amendments",
            "campaigns.stage": "Stages",
            "campaigns.amendmentgroup": "Groups",
            "campaigns.member": "Members",
            "campaigns.syncchange": "Changes in Parliament",
            "campaigns.syncrun": "Readings",
        },
        pages={"timeline": "Timeline", "amendment_import": "More"},
        needs="campaigns.bill",
    ),
    Room(
        "Packs",
        "description",
        {
            "campaigns.pack": "Packs",
            "campaigns.packversion": "Issued versions",
            "campaigns.copy": "Copies",
            "campaigns.delivery": "Sent",
            "campaigns.notice": "Notices",
        },
    ),
    Room(
        "Website",
        "public",
        {
            "publishing.publisheditem": "Published",
            "publishing.change": "Changes",
            "publishing.consumer": "Consumers",
            "publishing.endpoint": "Webhooks",
            "publishing.delivery": "Deliveries",
        },
        pages={"publishing_consumer_removals": "Who has taken it back"},
        needs="publishing.consumer",
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
    here = _place_of(request)
    above = [link for _, link in found if here.startswith(link)]
    nearest = max(above, key=len, default=None)
    for title, link in found:
        yield {
            "title": title,
            "link": link,
            "active": link == nearest,
            "has_permission": True,
        }


def _place_of(request: HttpRequest) -> str:
    """The address by which the menu knows a page: where something is used stands under its list."""
    match = request.resolver_match
    if match and match.url_name == "where_used":
        model = f"evidence.{match.kwargs['kind']}"
        if any(model in room.tabs for room in OFFICERS):
            return address(model)
    return request.path


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
                "active": any(map(_place_of(request).startswith, links)),
            }


def _tabs(room: Room, user: User | AnonymousUser) -> Iterator[tuple[str, str]]:
    lists = [
        (title, address(model)) for model, title in room.tabs.items() if _may_view(user, model)
    ]
    pages = [(title, reverse(f"admin:{name}")) for name, title in room.pages.items()]
    shown = pages if pages and _may_view(user, room.needs) else []
    yield from [*shown, *lists] if room.pages_first else [*lists, *shown]


def _may_view(user: User | AnonymousUser, model: str) -> bool:
    app, name = model.split(".")
    return user.has_perm(f"{app}.view_{name}") or user.has_perm(f"{app}.change_{name}")
