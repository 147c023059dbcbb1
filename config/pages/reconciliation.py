"""What the figures say: claims by verdict, conflicts, derived figures and gaps, worst first."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from config.pages.page import DeskPage
from evidence.accepting import standing_acceptances
from evidence.check_report import Item, report
from evidence.desk_addresses import address
from evidence.models import Claim, EvidenceGap, Measure, Source, Verdict
from evidence.verdict_words import is_only_round

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
        told, links = report(only_told=True), _Links()
        claims = _judged([links.to(each, links.claims, "id") for each in told["claims"]])
        conflicts = [links.to(each, links.measures, "measure") for each in told["conflicts"]]
        derived = [
            links.to(each, links.claims, "id")
            if "id" in each
            else links.to(each, links.measures, "measure")
            for each in told["derived"]
        ]
        return super().get_context_data(
            **kwargs,
            claims=[
                (title, colour, [each for each in claims if each["verdict"] == verdict])
                for verdict, title, colour in VERDICTS
            ],
            conflicts=[
                (title, [each for each in conflicts if each["kind"] == kind])
                for kind, title in KINDS.items()
            ],
            derived=[
                (title, colour, [each for each in derived if each["status"] == status])
                for status, (title, colour) in STATUSES.items()
            ],
            gaps=[links.to(each, links.gaps, "id") for each in told["gaps"]],
            numbers=_numbers({**told, "claims": claims}),
        )


class _Links:
    """The page of each claim, gap and source by its key, and the series of each measure."""

    def __init__(self) -> None:
        self.claims, self.gaps = _pages_of(Claim), _pages_of(EvidenceGap)
        self.sources = _pages_of(Source)
        keys = Measure.objects.values_list("pk", flat=True)
        self.measures = {key: reverse("admin:series", args=[key]) for key in keys}

    def to(self, item: Item, pages: Mapping[str, str], name: str) -> Item:
        """The item with its own address, and one for each source that it names."""
        linked = {**item, "url": pages.get(item[name], "")}
        if item.get("value") is not None:
            linked["display"] = item.get("display") or f"{item['value']:,}"
        if "source" in item:
            linked["sources"] = self._sources([item["source"]])
        if "sources" in item:
            linked["sources"] = self._sources(item["sources"])
        if "readings" in item:
            linked["readings"] = [
                {**each, "sources": self._sources(each["sources"])} for each in item["readings"]
            ]
        return linked

    def _sources(self, keys: list[str]) -> list[tuple[str, str]]:
        return [(key, self.sources.get(key, "")) for key in keys]


def _pages_of(model: type[Claim | EvidenceGap | Source]) -> dict[str, str]:
    rows = model._default_manager.values_list("key", "pk")
    label = model._meta.label_lower
    return {key: address(label, "change", id) for key, id in rows}


def _judged(claims: list[Item]) -> list[Item]:
    """With the acceptance of each that does not hold, and which hold by rounding alone."""
    accepted = standing_acceptances(
        Claim.objects.filter(key__in=[each["id"] for each in claims if _is_broken(each)])
    )
    return [
        {
            **each,
            "accepted": accepted.get(each["id"]) if _is_broken(each) else None,
            "only_round": is_only_round(each["verdict"], each["reason"]),
        }
        for each in claims
    ]


def _is_broken(claim: Item) -> bool:
    return bool(claim["verdict"] == Verdict.INCONSISTENT)


def _numbers(told: dict[str, list[Item]]) -> list[tuple[int, str, str]]:
    """How much there is of each, with its place on the page."""
    verdicts = Counter(each["verdict"] for each in told["claims"])
    accepted = sum(1 for each in told["claims"] if each["accepted"])
    broken = f"do not hold, {accepted} accepted" if accepted else "do not hold"
    return [
        (verdicts["inconsistent"], broken, "claims"),
        (verdicts["not_testable"], "cannot be tested", "claims"),
        (verdicts["consistent"], "hold", "claims"),
        (len(told["conflicts"]), "do not agree", "conflicts"),
        (len(told["derived"]), "follow from others", "derived"),
        (len(told["gaps"]), "said without a figure", "gaps"),
    ]
