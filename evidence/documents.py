"""What leaves of this floor: sources, statistics and testimony in their public form."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from evidence.citing import citation_of, upstream
from evidence.models import (
    Area,
    Claim,
    ClaimInput,
    ClaimType,
    Correction,
    InputRole,
    Period,
    ReviewState,
    Source,
    SourceKind,
    Statement,
    Statistic,
    TestimonyVersion,
    Verdict,
)
from evidence.series import series_of
from publishing.documents import Document, Facets, Words, publishes
from publishing.models import Kind, PublishedItem

REVOCABLE = "revocable"


class CitedSource(serializers.Serializer[Source]):
    """A source in another's document."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    publisher = serializers.CharField(source="publisher.name")
    url = Words(help_text="Where it was published.")
    date = Words(source="date_label", help_text="As far as it is known, as in September 2018.")


class UpstreamSource(CitedSource):
    held = serializers.BooleanField(help_text="False where nobody here has seen it.")


class StatementPart(serializers.Serializer[Statement]):
    id = serializers.UUIDField()
    speaker = serializers.CharField()
    role = serializers.CharField(help_text="The office held when it was said.")
    organisation = serializers.CharField(source="organisation.name")
    said_in = serializers.CharField(help_text="The year or date, as far as it is known.")
    gist = serializers.CharField(help_text="What was said, in our words.")
    words = Words(help_text="Verbatim, and short.")


@publishes(Source, kind=Kind.SOURCE)
class SourceDocument(Document[Source]):
    reads_with = ("publisher",)
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
    statements = serializers.SerializerMethodField(help_text="Said in public, and printed in it.")
    citation_text = serializers.SerializerMethodField()

    def get_licence(self, record: Source) -> str | None:
        return record.licence or None

    @extend_schema_field(UpstreamSource(many=True))
    def get_chain(self, record: Source) -> list[dict[str, Any]]:
        return [dict(UpstreamSource(each).data) for each in upstream(record)]

    @extend_schema_field(StatementPart(many=True))
    def get_statements(self, record: Source) -> list[dict[str, Any]]:
        return [dict(StatementPart(each).data) for each in _statements_in(record)]

    def get_citation_text(self, record: Source) -> str:
        return citation_of(record)

    def title_of(self, record: Source) -> str:
        return record.title

    def prose_of(self, record: Source) -> str:
        said = (f"{each.speaker} {each.gist} {each.words}" for each in _statements_in(record))
        return " ".join([record.summary, record.authors, record.publisher.name, *said])

    def facets_of(self, record: Source) -> Facets:
        return {"source": [str(record.pk), record.key], "source_kind": [record.kind]}


def _statements_in(source: Source) -> Iterable[Statement]:
    approved = source.statements.approved().select_related("organisation")
    return approved.order_by("said_in", "speaker", "pk")


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


class ClaimInputPart(serializers.Serializer[ClaimInput]):
    id = serializers.UUIDField(source="statistic_id", help_text="Of a statistic.")
    role = serializers.ChoiceField(choices=InputRole.choices)


class ClaimPart(serializers.Serializer[Claim]):
    id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=ClaimType.choices)
    wording = serializers.CharField(help_text="What is claimed, in our words.")
    stated = Words(help_text="Its size as printed; null for a computation of our own.")
    source = CitedSource(allow_null=True)  # type: ignore[assignment]  # a field, which DRF takes away
    inputs = ClaimInputPart(many=True)
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    recomputed = Words(help_text="What the inputs give.")
    reason = serializers.CharField(help_text="The working.")
    approved_on = serializers.SerializerMethodField()

    def get_approved_on(self, record: Claim) -> date:
        return localdate(record.approved_at)


@publishes(Statistic, kind=Kind.STATISTIC)
class StatisticDocument(Document[Statistic]):
    reads_with = ("measure", "area", "period", "printed_period", "source__publisher")
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
    claims = serializers.SerializerMethodField(
        help_text="Those that rest on it, checked. One of whose figures is not published is not "
        "here, and counts in the verdict."
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

    @extend_schema_field(ClaimPart(many=True))
    def get_claims(self, record: Statistic) -> list[dict[str, Any]]:
        """The working names every input, so all of them have left the building before it does."""
        claims = Claim.objects.approved().filter(inputs__statistic=record).exclude(verdict="")
        cited = Q(source=None) | Q(source__review_state=ReviewState.APPROVED)
        rows = claims.filter(cited).select_related("source__publisher").distinct()
        shown = rows.prefetch_related("inputs__statistic").order_by("key")
        return [dict(ClaimPart(each).data) for each in shown if _is_all_published(each, record)]

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


def _is_all_published(claim: Claim, with_it: Statistic) -> bool:
    """Its figures are approved as they stand, and live but for the one that is on its way."""
    figures = {row.statistic for row in claim.inputs.all()}
    others = {each.pk for each in figures} - {with_it.pk}
    live = PublishedItem.objects.filter(pk__in=others).count()
    return all(each.is_approved for each in figures) and live == len(others)


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
