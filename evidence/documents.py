"""What leaves of this floor: sources, statistics and testimony in their public form."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evidence import citation
from evidence.models import (
    Area,
    Claim,
    Correction,
    Period,
    ReviewState,
    Source,
    SourceKind,
    Statistic,
    TestimonyVersion,
    Verdict,
)
from evidence.series import series_of
from publishing.documents import Document, Facets, Words, follows, publishes
from publishing.models import Kind

REVOCABLE = "revocable"
# How OSCOLA describes what is neither news nor a Freedom of Information response.
DESCRIPTIONS = {
    SourceKind.CHARITY_RELEASE: "press release",
    SourceKind.OFFICIAL_STATISTICS: "official statistics",
    SourceKind.SURVEY: "survey",
    SourceKind.COMMITTEE_EVIDENCE: "written evidence",
    SourceKind.HANSARD: "Hansard",
}


def citation_of(source: Source) -> str:
    return citation.cite(cited(source))


def cited(source: Source) -> citation.Citable:
    """The source as OSCOLA sees it. A Bill or debate whose House nothing tells is a report."""
    return _in_parliament(source) or _publication(source)


def _in_parliament(source: Source) -> citation.Bill | citation.Hansard | None:
    where = f"{source.url} {source.publisher.name}"
    if source.kind == SourceKind.HANSARD:
        return citation.read_debate(source.title, where=where, date=source.published_on)
    if source.kind == SourceKind.LEGISLATION and not source.title_is_ours:
        bill = citation.read_bill(source.title, where=where)
        return bill if bill and bill.house else None
    return None


def _publication(source: Source) -> citation.News | citation.Report | citation.FoiResponse:
    what: dict[str, Any] = {
        "title": source.title,
        "title_is_ours": source.title_is_ours,
        "date": source.date_label,
        "url": source.url,
        "accessed": source.accessed_on,
    }
    publisher = source.publisher.name
    if source.kind == SourceKind.NEWS_REPORT:
        return citation.News(**what, newspaper=publisher, author=source.authors)
    if source.kind == SourceKind.FOI_RESPONSE:
        return citation.FoiResponse(**what, authority=publisher)
    described = DESCRIPTIONS.get(SourceKind(source.kind), "")
    author = source.authors or publisher
    return citation.Report(**what, author=author, description=described)


def upstream(source: Source) -> list[Source]:
    """What it takes its figures from, nearest first, as far as that is approved."""
    chain: dict[Any, Source] = {}
    nearest = [source]
    while nearest:
        above = Source.objects.approved().filter(derivatives__in=nearest).exclude(pk=source.pk)
        rows = above.exclude(pk__in=chain).select_related("publisher").distinct()
        nearest = list(rows.order_by("published_on", "key"))
        chain |= {each.pk: each for each in nearest}
    return list(chain.values())


class CitedSource(serializers.Serializer[Source]):
    """A source in another's document."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    publisher = serializers.CharField(source="publisher.name")
    url = Words(help_text="Where it was published.")
    date = Words(source="date_label", help_text="As far as it is known, as in September 2018.")


class UpstreamSource(CitedSource):
    held = serializers.BooleanField(help_text="False where nobody here has seen it.")


@publishes(Source, kind=Kind.SOURCE)
class SourceDocument(Document[Source]):
    key = serializers.CharField()
    source_kind = serializers.ChoiceField(source="kind", choices=SourceKind.choices)
    title_is_ours = serializers.BooleanField()
    authors = Words()
    publisher = serializers.CharField(source="publisher.name")
    original_url = Words(source="url", help_text="Where it was published.")
    doi = Words()
    date = Words(source="date_label", help_text="As far as it is known, as in September 2018.")
    published_on = serializers.DateField(allow_null=True)
    accessed_on = serializers.DateField(allow_null=True)
    language = serializers.CharField()
    summary = Words(help_text="What it says, in our words.")
    held = serializers.BooleanField(help_text="False where nobody here has seen it.")
    retracted_on = serializers.DateField(allow_null=True)
    retraction_note = Words()
    chain = serializers.SerializerMethodField(help_text="What it derives from, nearest first.")
    citation_text = serializers.SerializerMethodField()

    def get_licence(self, record: Source) -> str | None:
        return record.licence or None

    @extend_schema_field(UpstreamSource(many=True))
    def get_chain(self, record: Source) -> list[dict[str, Any]]:
        return [dict(UpstreamSource(each).data) for each in upstream(record)]

    def get_citation_text(self, record: Source) -> str:
        return citation_of(record)

    def title_of(self, record: Source) -> str:
        return record.title

    def prose_of(self, record: Source) -> str:
        return f"{record.summary} {record.authors} {record.publisher.name}"

    def facets_of(self, record: Source) -> Facets:
        return {"source": [str(record.pk), record.key], "source_kind": [record.kind]}


class AreaPart(serializers.Serializer[Area]):
    name = serializers.CharField()
    gss_code = serializers.CharField()


class PeriodPart(serializers.Serializer[Any]):
    start = serializers.DateField()
    end = serializers.DateField(help_text="The last day, included.")
    label = serializers.CharField()  # type: ignore[assignment]  # a field, which DRF takes away


class CorrectionPart(serializers.Serializer[Correction]):
    number = serializers.IntegerField()
    was = serializers.CharField()
    now = serializers.CharField()
    explanation = serializers.CharField()
    date = serializers.DateField(source="corrected_on")


@publishes(Statistic, kind=Kind.STATISTIC)
class StatisticDocument(Document[Statistic]):
    display_value = serializers.CharField(help_text="As printed, with its qualifier.")
    value = serializers.SerializerMethodField("get_number", help_text="The same as a number.")
    unit = serializers.CharField()
    qualifier = serializers.CharField()
    measure = serializers.CharField(source="measure.name")
    area = AreaPart()
    period = PeriodPart()
    printed_period = PeriodPart(
        allow_null=True, help_text="Where the source prints another label for the same figure."
    )
    source = CitedSource()  # type: ignore[assignment]  # likewise
    comparability = serializers.CharField()
    caveat = Words(help_text="To be said wherever the figure is used.")
    verdict = serializers.SerializerMethodField(
        help_text="What our recomputation of the claims that rest on this figure says: "
        "inconsistent if any is, else consistent if any is, else not_testable; "
        "null where no claim rests on it."
    )
    approved_wording = Words()
    wording_to_avoid = Words()
    spoken = Words(help_text="As it can be said aloud.")
    corrections = CorrectionPart(many=True, help_text="The latest first.")
    citation_text = serializers.SerializerMethodField(help_text="OSCOLA.")
    chart = serializers.SerializerMethodField(help_text="A Vega-Lite specification, or null.")

    def get_licence(self, record: Statistic) -> str | None:
        return record.source.licence or None

    def get_number(self, record: Statistic) -> float:
        """Whole numbers stay whole: 1437, not 1437.0."""
        return int(record.value) if record.value % 1 == 0 else float(record.value)

    @extend_schema_field(serializers.ChoiceField(choices=Verdict.choices, allow_null=True))
    def get_verdict(self, record: Statistic) -> str | None:
        """Only approved claims count: what is still a draft says nothing in public."""
        claims = Claim.objects.approved().filter(inputs__statistic=record).exclude(verdict="")
        found = set(claims.values_list("verdict", flat=True))
        ranked = (Verdict.INCONSISTENT, Verdict.CONSISTENT, Verdict.NOT_TESTABLE)
        return next((str(verdict) for verdict in ranked if verdict in found), None)

    def get_citation_text(self, record: Statistic) -> str:
        return citation_of(record.source)

    def get_chart(self, record: Statistic) -> dict[str, Any] | None:
        """Of its measure in its area, once there are two years to set beside each other."""
        series = series_of(record.measure, [record.area], unit=record.unit)
        return series.spec() if len(series.years) > 1 else None

    def title_of(self, record: Statistic) -> str:
        return f"{record.measure.name}, {record.area.name}, {record.period.label}"

    def prose_of(self, record: Statistic) -> str:
        return f"{record.display_value} {record.caveat} {record.source.title} {record.area.aliases}"

    def facets_of(self, record: Statistic) -> Facets:
        """A figure is found by its own area and by those that hold it."""
        return {
            "area": list(_codes_upwards(record.area)),
            "source": [str(record.source_id), record.source.key],
            "period": _spans(record.period),
            "topic": [record.measure_id],
        }


def _spans(period: Period) -> list[str]:
    """Its label and each year that it touches; 2017-18 is spelt 2017/18."""
    years = range(period.start.year, period.end.year + 1)
    return list(dict.fromkeys([period.label.replace("-", "/"), *map(str, years)]))


def _codes_upwards(area: Area) -> Iterable[str]:
    within: Area | None = area
    while within:
        yield within.gss_code
        within = within.parent


@publishes(kind=Kind.TESTIMONY)
class TestimonyDocument(Document[TestimonyVersion]):
    """`evidence.website` writes it, for a use that a live consent covers. Nothing says who."""

    __test__ = False  # pytest takes every class named Test* for a test

    text = serializers.CharField()
    attribution = serializers.CharField()
    anonymity_note = serializers.CharField()
    content_warning = Words()

    def get_licence(self, record: TestimonyVersion) -> str:
        return REVOCABLE

    def title_of(self, record: TestimonyVersion) -> str:
        return record.testimony.title

    def prose_of(self, record: TestimonyVersion) -> str:
        return record.text


@follows(Source)
def statistics_of(source: Source) -> Iterable[Statistic]:
    return _approved_statistics(Q(source=source))


@follows(Statistic)
def statistics_beside(statistic: Statistic) -> Iterable[Statistic]:
    """Those whose chart shows it."""
    return _charted_with([statistic])


@follows(Source)
def statistics_beside_those_of(source: Source) -> Iterable[Statistic]:
    return _charted_with(source.statistics.all())


@follows(Source)
def sources_after(source: Source) -> Iterable[Source]:
    """Those whose chain leads to it."""
    found: set[Any] = set()
    nearest: set[Any] = {source.pk}
    while nearest:
        below = Source.objects.filter(derived_from__in=nearest).values_list("pk", flat=True)
        nearest = set(below) - found - {source.pk}
        found |= nearest
    return Source.objects.approved().filter(pk__in=found)


@follows(Claim)
def statistics_under(claim: Claim) -> Iterable[Statistic]:
    return _approved_statistics(Q(claim_inputs__claim=claim))


def _charted_with(statistics: Iterable[Statistic]) -> Iterable[Statistic]:
    """Two queries for all the areas and measures that they are of."""
    series = Q(pk__in=[])
    for measure, area, unit in {(each.measure_id, each.area_id, each.unit) for each in statistics}:
        series |= Q(measure=measure, area=area, unit=unit)
    return _approved_statistics(series)


def _approved_statistics(chosen: Q) -> Iterable[Statistic]:
    """Not those whose source is being edited: its words are not approved yet."""
    approved = Statistic.objects.approved().filter(source__review_state=ReviewState.APPROVED)
    return approved.filter(chosen)
