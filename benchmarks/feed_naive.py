"""The API that the feed is measured against: DRF's ModelSerializer over prefetched rows."""

from django.db import models
from django.urls import path
from rest_framework import generics, pagination, serializers

from evidence.citing import citation_of
from evidence.models import Area, Claim, Correction, Period, Source, Statistic, Verdict


class AreaForm(serializers.ModelSerializer):
    class Meta:
        model = Area
        fields = ["name", "gss_code"]


class PeriodForm(serializers.ModelSerializer):
    class Meta:
        model = Period
        fields = ["start", "end", "label"]


class SourceForm(serializers.ModelSerializer):
    publisher = serializers.CharField(source="publisher.name")
    date = serializers.CharField(source="date_label")

    class Meta:
        model = Source
        fields = ["id", "title", "publisher", "url", "date"]


class CorrectionForm(serializers.ModelSerializer):
    class Meta:
        model = Correction
        fields = ["number", "was", "now", "explanation", "corrected_on"]


class StatisticForm(serializers.ModelSerializer):
    kind = serializers.ReadOnlyField(default="statistic")
    title = serializers.CharField(source="__str__")
    licence = serializers.CharField(source="source.licence")
    measure = serializers.CharField(source="measure.name")
    area = AreaForm()
    period = PeriodForm()
    printed_period = PeriodForm()
    source = SourceForm()
    corrections = CorrectionForm(many=True)
    verdict = serializers.SerializerMethodField()
    citation_text = serializers.SerializerMethodField()

    class Meta:
        model = Statistic
        fields = [
            "kind", "id", "title", "updated_at", "licence", "display_value", "value", "unit",
            "qualifier", "measure", "area", "period", "printed_period", "source", "comparability",
            "caveat", "verdict", "approved_wording", "wording_to_avoid", "spoken", "corrections",
            "citation_text",
        ]  # fmt: skip

    def get_verdict(self, record: Statistic) -> str | None:
        found = {row.claim.verdict for row in record.claim_inputs.all()}
        return next((str(each) for each in Verdict if each in found), None)

    def get_citation_text(self, record: Statistic) -> str:
        return citation_of(record.source)


class Pages(pagination.CursorPagination):
    page_size = 50
    ordering = "-id"


class Statistics(generics.ListAPIView):
    serializer_class = StatisticForm
    pagination_class = Pages
    queryset = (
        Statistic.objects.approved()
        .select_related("measure", "area", "period", "printed_period", "source__publisher")
        .prefetch_related(
            "corrections",
            models.Prefetch("claim_inputs__claim", queryset=Claim.objects.approved()),
        )
    )


urlpatterns = [path("naive/", Statistics.as_view())]
