"""A bill's timeline: its stages by House, our amendments and what became of them, packs issued."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate

from campaigns.composing.amendments import decision_in_words
from campaigns.models import Amendment, Bill, PackVersion, Sitting, Stage
from config.pages.page import DeskPage
from config.pages.timeline_picture import Drawing, Mark, Row, draw
from evidence.models import ReviewState

WIDE, PHONE = 1000, 360  # across, in CSS pixels


@dataclass(frozen=True, slots=True)
class OurAmendment:
    """An amendment that is linked to one of our asks."""

    amendment: Amendment
    name: str
    does: tuple[str, ...]  # "Delivers: A statutory child safety advocate"
    outcome: str
    day: date | None

    @property
    def mark(self) -> Mark:
        if self.amendment.is_own_draft:
            return Mark(self.name, self.day, self.amendment.way_to_the_table)
        return Mark(self.name, self.day)


@dataclass(frozen=True, slots=True)
class Taken:
    """One stage, with all that belongs to it."""

    stage: Stage
    sittings: tuple[Sitting, ...]
    amendments: tuple[OurAmendment, ...]
    packs: tuple[PackVersion, ...]

    @property
    def row(self) -> Row:
        return Row(
            name=str(self.stage),
            house=self.stage.house or "other",
            sittings=tuple(each.date for each in self.sittings),
            amendments=tuple(each.mark for each in self.amendments),
            packs=tuple(
                Mark(f"Pack {each.number}", localdate(each.issued_at)) for each in self.packs
            ),
        )


class TimelinePage(DeskPage):
    """Without a bill in its address, of the bill that was taken up last."""

    template_name = "admin/pages/timeline.html"
    title = "Timeline"
    room = "Bill"
    permission = "campaigns.view_bill"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bills = Bill.objects.exclude(review_state=ReviewState.RETIRED)
        bill = self._bill(bills)
        if bill is None:
            return super().get_context_data(**kwargs)
        stages = _stages(bill)
        rows = [each.row for each in stages]
        told = {"subtitle": str(bill), "bill": bill, "stages": stages}
        return super().get_context_data(
            **{**kwargs, **told},
            bills=bills,
            pictures=[_drawn(bill, rows, WIDE), _drawn(bill, rows, PHONE)],
            may_see_issued=self.request.user.has_perm("campaigns.view_packversion"),
        )

    def _bill(self, bills: QuerySet[Any]) -> Bill | None:
        if "bill" in self.kwargs:
            return get_object_or_404(Bill, pk=self.kwargs["bill"])
        newest: Bill | None = bills.order_by("-created_at").first()
        return newest


def _stages(bill: Bill) -> list[Taken]:
    amendments, packs = _amendments(bill), _packs(bill)
    return [
        Taken(stage, tuple(stage.sittings.all()), amendments[stage.pk], packs[stage.pk])
        for stage in bill.stages.prefetch_related("sittings")
    ]


def _amendments(bill: Bill) -> Mapping[int, tuple[OurAmendment, ...]]:
    linked = Amendment.objects.filter(stage__bill=bill, ask_links__isnull=False).distinct()
    linked = linked.exclude(review_state=ReviewState.RETIRED)
    found: dict[int, tuple[OurAmendment, ...]] = defaultdict(tuple)
    linked = linked.select_related("tabled_as").prefetch_related("ask_links__ask")
    for each in linked.order_by("number", "title"):
        does = tuple(f"{link.get_relation_display()}: {link.ask}" for link in each.ask_links.all())
        ours = OurAmendment(
            each,
            "Our draft" if each.is_own_draft else each.number or f"“{each.title}”",
            does,
            _outcome(each),
            each.decided_on or each.considered_on,
        )
        found[each.stage_id] += (ours,)
    return found


def _outcome(amendment: Amendment) -> str:
    if amendment.is_own_draft:
        way = amendment.way_to_the_table
        return f"{way[0].upper()}{way[1:]}"
    return decision_in_words(amendment.decision)


def _packs(bill: Bill) -> Mapping[int, tuple[PackVersion, ...]]:
    versions = PackVersion.objects.filter(pack__stage__bill=bill).select_related("pack")
    versions = versions.defer("content", "manifest").annotate(holders=Count("copies"))
    found: dict[int, tuple[PackVersion, ...]] = defaultdict(tuple)
    for each in versions.order_by("issued_at"):
        found[each.pack.stage_id] += (each,)
    return found


def _drawn(bill: Bill, rows: list[Row], across: int) -> Drawing:
    return draw(f"Timeline of the {bill}", rows, across=across)
