"""Figures and what they measure: areas, measures, periods."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from evidence.admin.acting import ActingAdmin, Badge
from evidence.admin.base import DeskAdmin, Lines, ReadOnlyAdmin, Shown, column
from evidence.admin.reviewing import ReviewedAdmin, state
from evidence.checking import check_claims
from evidence.desk_addresses import address_of
from evidence.holdings import figure_of
from evidence.models import (
    Area,
    Claim,
    Correction,
    Measure,
    Period,
    Reviewed,
    ReviewState,
    Statistic,
)
from evidence.spoken import spoken


@admin.register(Area)
class AreaAdmin(DeskAdmin):
    list_display = ["name", "gss_code", "level", "parent"]
    list_select_related = ["parent"]
    list_filter = ["level"]
    search_fields = ["name", "gss_code", "aliases"]
    autocomplete_fields = ["parent"]


@admin.register(Measure)
class MeasureAdmin(ActingAdmin):
    list_display = ["name", "key", "offence_class", "additive"]
    search_fields = ["name", "key", "definition", "offence_class"]
    prepopulated_fields = {"key": ["name"]}

    def links(self, record: Any) -> list[tuple[str, str]]:
        return [("Its series", reverse("admin:series", args=[record.pk]))]


@admin.register(Period)
class PeriodAdmin(DeskAdmin):
    list_display = ["label", "kind", "start", "end", "length"]
    list_filter = ["kind"]
    search_fields = ["label"]
    date_hierarchy = "start"

    @column("days")
    def length(self, period: Period) -> int:
        return period.days


class AnchorFilter(admin.SimpleListFilter):
    title = "words of the source"
    parameter_name = "anchored"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Anchored"), ("no", "Unanchored")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in {"yes", "no"}:
            return queryset.filter(excerpt__isnull=self.value() == "no")
        return queryset


@column("figure", ordering="value")
def figure(statistic: Statistic) -> str:
    return statistic.display_value


@column("source", ordering="source__key")
def source_key(statistic: Statistic) -> str:
    return statistic.source.key


ANCHOR_COLOURS = {"Anchored": "success", "Unanchored": "warning"}


@column("words", label=ANCHOR_COLOURS)
def anchor(statistic: Statistic) -> str:
    return "Anchored" if statistic.is_anchored else "Unanchored"


class CorrectionLines(Shown, Lines):
    model = Correction
    fields = readonly_fields = ["number", "corrected_on", "was", "now", "explanation"]
    part_of_review = False
    verbose_name = "correction"
    verbose_name_plural = "corrections"


@column("figure")
def corrected(correction: Correction) -> str:
    return format_html(
        '<a href="{}" class="text-link">{}</a>',
        address_of(correction.statistic),
        correction.statistic,
    )


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    """Written by approving a figure that was published as another one, and never changed."""

    list_display = ["number", "corrected_on", "was", "now", "corrected_by"]
    list_select_related = ["corrected_by"]
    date_hierarchy = "corrected_on"
    search_fields = ["was", "now", "explanation"]
    fields = readonly_fields = [
        "number",
        "corrected_on",
        corrected,
        "was",
        "now",
        "explanation",
        "corrected_by",
    ]


@admin.register(Statistic)
class StatisticAdmin(ReviewedAdmin):
    list_display = [figure, "measure", "area", "period", source_key, anchor, state]
    list_select_related = ["measure", "area", "period", "source"]
    list_filter = [
        "review_state",
        AnchorFilter,
        ["measure", AutocompleteSelectFilter],
        ["area", AutocompleteSelectFilter],
        ["period", AutocompleteSelectFilter],
        ["source", AutocompleteSelectFilter],
        "unit",
        "comparability",
    ]
    list_filter_submit = True
    search_fields = [
        "value_printed",
        "measure__name",
        "area__name",
        "area__aliases",
        "period__label",
        "source__title",
        "source__key",
        "caveat",
    ]
    autocomplete_fields = [
        "measure",
        "area",
        "period",
        "printed_period",
        "source",
        "excerpt",
        "recorded_by",
    ]
    fieldsets = [
        ("What is counted", {"fields": ["measure", ("area", "period")]}),
        (
            "The figure",
            {"fields": [("qualifier", "value_printed"), ("value", "unit")]},
        ),
        (
            "Where it is printed",
            {"fields": ["source", "excerpt", ("printed_period", "recorded_by")]},
        ),
        (
            "How far it reaches",
            {
                "fields": [
                    ("base", "weighted"),
                    ("forces_answered", "forces_asked"),
                    "comparability",
                    "caveat",
                ]
            },
        ),
        (
            "How to say it",
            {"fields": ["approved_wording", "wording_to_avoid", "spoken", "next_release_on"]},
        ),
        ("If it is on the website already", {"fields": ["correction_note"]}),
    ]

    inlines = [CorrectionLines]

    def links(self, record: Any) -> list[tuple[str, str]]:
        series = reverse("admin:series", args=[record.measure_id])
        return [*super().links(record), ("Its series", series)]

    def approved_before(self, record: Any) -> list[Reviewed]:
        return [record.source]

    def approved_after(self, record: Any) -> list[tuple[str, str]]:
        open_claims = Claim.objects.filter(inputs__statistic=record).exclude(
            review_state__in=[ReviewState.APPROVED, ReviewState.RETIRED]
        )
        return [(f"the claim “{each}”", address_of(each)) for each in open_claims.distinct()]

    def standing(self, record: Any) -> list[str]:
        said = record.spoken or spoken(figure_of(record).number)
        return [*super().standing(record), f"Said aloud: {said}."]

    def badges(self, record: Any) -> list[Badge]:
        held = anchor(record)
        return [*super().badges(record), (held, ANCHOR_COLOURS[held])]

    def check_again(self, record: Any) -> None:
        check_claims(Claim.objects.filter(inputs__statistic=record))
