"""What the figures say: claims by verdict, conflicts, derived figures and gaps, worst first."""

from collections import Counter
from typing import Any

from django.urls import reverse

from config.pages.page import DeskPage, page_of
from evidence.check_report import Item, report
from evidence.models import Claim, EvidenceGap, Measure, Source, Verdict

VERDICTS = (
    (Verdict.INCONSISTENT, "Claims that do not hold", "danger"),
    (Verdict.NOT_TESTABLE, "Claims that cannot be tested", "warning"),
    (Verdict.CONSISTENT, "Claims that hold", "success"),
)
KINDS = {
    "value": "Sources print different values",
    "territory": "One value for two territories",
    "parts": "Parts and total do not agree",
    "period_label": "One value under two period labels",
    "comparability": "Years that must not be compared",
}
STATUSES = {
    "contradicted": ("Contradicted", "danger"),
    "derived": ("Derived: nobody prints it", "info"),
    "computed": ("Our own computation", "info"),
    "confirmed": ("Confirmed by a source that prints it", "success"),
}


class ReconciliationPage(DeskPage):
    """Tells and writes nothing: a page that is only looked at leaves every verdict as it is."""

    template_name = "admin/pages/reconciliation.html"
    title = "What the figures say"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = report(only_told=True)
        return super().get_context_data(
            **kwargs,
            claims=[
                (title, colour, [each for each in told["claims"] if each["verdict"] == verdict])
                for verdict, title, colour in VERDICTS
            ],
            conflicts=[
                (title, [each for each in told["conflicts"] if each["kind"] == kind])
                for kind, title in KINDS.items()
            ],
            derived=[
                (title, colour, [each for each in told["derived"] if each["status"] == status])
                for status, (title, colour) in STATUSES.items()
            ],
            gaps=told["gaps"],
            numbers=_numbers(told),
            addresses=_addresses(),
        )


def _numbers(told: dict[str, list[Item]]) -> list[tuple[int, str, str]]:
    """How much there is of each, with its place on the page."""
    verdicts = Counter(each["verdict"] for each in told["claims"])
    return [
        (verdicts["inconsistent"], "do not hold", "claims"),
        (verdicts["not_testable"], "cannot be tested", "claims"),
        (verdicts["consistent"], "hold", "claims"),
        (len(told["conflicts"]), "conflicts", "conflicts"),
        (len(told["derived"]), "derived or computed", "derived"),
        (len(told["gaps"]), "gaps", "gaps"),
    ]


def _addresses() -> dict[str, dict[str, str]]:
    """The page of each claim, gap and source by its key, and the series of each measure."""
    keyed = {"claims": Claim, "gaps": EvidenceGap, "sources": Source}
    found = {
        name: {
            key: page_of(model, id) for key, id in model._default_manager.values_list("key", "pk")
        }
        for name, model in keyed.items()
    }
    measures = Measure.objects.values_list("pk", flat=True)
    found["measures"] = {key: reverse("admin:series", args=[key]) for key in measures}
    return found
