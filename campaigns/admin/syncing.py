"""Readings of Parliament, and what changed there: the desk marks as seen, and changes nothing."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from campaigns.models import Bill, SyncChange, SyncRun, SyncState
from campaigns.parliament.in_words import Told, in_words
from campaigns.parliament.naming import PARTS, packs_naming
from campaigns.returned.aligning import marked
from campaigns.tasks import sync_bill
from evidence.admin.acting import Act, ActingAdmin
from evidence.admin.base import ReadOnlyAdmin, column, person
from evidence.desk_addresses import address_of, list_of
from evidence.refusing import Refused

COLOURS = {
    SyncState.RUNNING.value: "info",
    SyncState.COMPLETE.value: "success",
    SyncState.INCOMPLETE.value: "warning",
}


def start_reading(bill: Bill, _user: User, _note: str) -> None:
    """The worker does it: a bill of two thousand amendments takes hours at Parliament's pace."""
    if bill.parliament_id is None:
        raise Refused("Write the bill's number at Parliament first.")
    sync_bill.enqueue(str(bill.pk), thorough=True)


def last_reading(bill: Bill) -> list[str]:
    """Of the bill's page: when it was last read, and what failed."""
    run = bill.sync_runs.first()
    if run is None:
        return ["It was never read from Parliament."]
    on = timezone.localtime(run.started_at)
    told = f"Read from Parliament on {on:%-d %B %Y at %H:%M}: {run.get_state_display().lower()}"
    sentences = [f"{told}, {run.asked} requests, {run.changed} changed."]
    return [*sentences, *run.failures[:3]]


@column("state", ordering="state", label=COLOURS)
def state(run: SyncRun) -> tuple[str, str]:
    return run.state, SyncState(run.state).label


@column("not read")
def failed(run: SyncRun) -> str:
    return "\n".join(run.failures) or "none"


MOST = 200  # changes on a reading's own page; the list has all


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnlyAdmin):
    change_form_after_template = "admin/parliament/run_changes.html"
    list_display = ["bill", "started_at", "ended_at", state, "asked", "changed"]
    list_filter = ["state"]
    list_select_related = ["bill"]
    search_fields = ["bill__title"]
    fields = ["bill", ("started_at", "ended_at"), "state", ("asked", "changed"), failed]

    class Media:
        css = {"all": ["attest/pages.css"]}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context.update(_changes_of(kwargs["obj"]))
        rendered: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return rendered


def _changes_of(run: SyncRun) -> dict[str, Any]:
    """What concerns us first. A marshalled list numbers thousands."""
    found = run.changes.select_related("amendment", "member", "stage", "bill")
    shown = list(found.order_by("-is_ours", "pk")[:MOST])
    told = in_words(shown)
    count = found.count()
    return {
        "changes": [(each, amendment(each), told[each.pk]) for each in shown],
        "count": count,
        "all_changes": f"{list_of(SyncChange)}?run__id__exact={run.pk}" if count > MOST else "",
    }


@column("seen", ordering="seen_at", label={"yes": "success", "no": "warning"})
def seen(change: SyncChange) -> tuple[str, str]:
    return ("yes", "Seen") if change.seen_at else ("no", "Not seen")


@column("amendment")
def amendment(change: SyncChange) -> str:
    return str(change.amendment or change.member or change.stage or change.bill)


@column("before")
def was(change: SyncChange) -> str:
    return _told(change).before or "none"


@column("after")
def now(change: SyncChange) -> str:
    return _told(change).after or "none"


def _told(change: SyncChange) -> Told:
    """As the list has read it for all its rows at once; else read now."""
    found: Told | None = getattr(change, "told", None)
    return found or in_words([change])[change.pk]


def mark_seen(change: SyncChange, user: User, _note: str) -> None:
    SyncChange.objects.filter(pk=change.pk, seen_at=None).update(
        seen_at=timezone.now(), seen_by=user
    )


@admin.register(SyncChange)
class SyncChangeAdmin(ActingAdmin, ReadOnlyAdmin):
    """The alerts: each is raised once, and stays for whoever looks back."""

    change_form_after_template = "admin/parliament/wording.html"
    list_display = ["kind", amendment, was, now, "bill", "raised_at", seen]
    list_filter = ["is_ours", "kind", ("seen_at", admin.EmptyFieldListFilter)]
    list_select_related = ["amendment", "member", "stage", "bill"]
    search_fields = ["amendment__number", "amendment__title", "bill__title", "before", "after"]
    fields = [
        ("bill", "stage"),
        ("amendment", "member"),
        "kind",
        (was, now),
        ("raised_at", "seen_at", "seen_by"),
    ]
    actions = ["mark_all_seen"]
    acts = (
        Act(
            "seen",
            "I have seen it",
            "Marked as seen.",
            mark_seen,
            lambda change, user: change.seen_at is None,
            needs="see",
            is_main=True,
        ),
    )

    class Media:
        css = {"all": ["attest/pages.css"]}

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        told = in_words(changelist.result_list)
        for change in changelist.result_list:
            change.told = told[change.pk]
        return changelist

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        told = _told(kwargs["obj"])
        context["sides"] = marked(told.old, told.new) if told.old or told.new else None
        rendered: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return rendered

    def has_see_permission(self, request: HttpRequest, obj: SyncChange | None = None) -> bool:
        return person(request).has_perm("campaigns.change_amendment")

    def standing(self, record: SyncChange) -> list[str]:
        if record.kind not in PARTS:
            return []
        named = packs_naming(record)
        return [each.sentence for each in named] or ["No issued pack prints what has changed."]

    def links(self, record: SyncChange) -> list[tuple[str, str]]:
        return [("The amendment", address_of(record.amendment))] if record.amendment else []

    @admin.action(description="I have seen these", permissions=["see"])
    def mark_all_seen(self, request: HttpRequest, chosen: QuerySet[Any]) -> None:
        chosen.filter(seen_at=None).update(seen_at=timezone.now(), seen_by=person(request))
