"""The gap board: what carries each ask, what is missing under it, and where that is mended."""

from typing import Any

from django.core.paginator import Paginator

from campaigns.carried import name_counter_evidence
from campaigns.gaps import AskOnBoard, Board, board
from config.pages.page import DeskPage

ON_A_PAGE = 15


class GapsPage(DeskPage):
    template_name = "admin/pages/gaps.html"
    title = "What is missing"
    room = "Asks"
    permission = "campaigns.view_ask"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = board()
        pages = Paginator(found.open, ON_A_PAGE)
        shown = pages.get_page(self.request.GET.get("page"))
        name_counter_evidence(each.carried for each in (*shown, *found.ended))
        names = self.request.user.has_perm("evidence.view_testimony")
        return super().get_context_data(
            **kwargs,
            board=found,
            totals=_totals(found),
            page=shown,
            asks=[(each, tiles_of(each), findings_of(each, names)) for each in shown],
            ended=[(each, tiles_of(each), findings_of(each, names)) for each in found.ended],
        )


def tiles_of(each: AskOnBoard) -> list[tuple[int, str, str]]:
    """What carries it: how many, in which words, and whether that is missing."""
    carried = each.carried
    counts = (
        (carried.figures, "figure", "figures"),
        (carried.sources, "source", "sources"),
        (carried.statements, "statement", "statements"),
        (carried.testimonies, "testimony", "testimonies"),
        (carried.carrying_amendments, "amendment", "amendments"),
    )
    return [
        (count, one if count == 1 else more, "" if count else "ask-none")
        for count, one, more in counts
    ]


def findings_of(each: AskOnBoard, names_accounts: bool) -> list[tuple[str, str, str, str]]:
    """Of each gap its colour, what is missing, the act that mends it, and where."""
    return [
        (
            gap.kind.colour,
            gap.sentence if names_accounts else gap.untitled or gap.sentence,
            gap.act,
            gap.url,
        )
        for gap in each.gaps
    ]


def _totals(found: Board) -> list[tuple[int, str]]:
    gaps = [gap for each in found.open for gap in each.gaps]
    whole = sum(not each.gaps for each in found.open)
    grave = sum(gap.kind.colour == "danger" for gap in gaps)
    return [
        (len(found.open), "asks are made" if len(found.open) != 1 else "ask is made"),
        (whole, "without a gap"),
        (grave, "gaps that must not stay" if grave != 1 else "gap that must not stay"),
        (len(gaps) - grave, "others"),
    ]
