"""Claims with the figures they rest on and the verdict on each, and what nobody has sourced."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.timezone import localtime
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from evidence import accepting
from evidence.admin.acting import Act, Badge
from evidence.admin.base import Lines, column
from evidence.admin.reviewing import ACTS, ReviewedAdmin, name_of, state, when
from evidence.checking import check_claims
from evidence.models import Claim, ClaimInput, EvidenceGap, Reviewed, Verdict
from evidence.verdict_words import COLOURS, in_words


@column("verdict", ordering="verdict", label=COLOURS)
def verdict(claim: Claim) -> str:
    return in_words(claim.verdict, claim.reason)


@column("stated", ordering="stated")
def stated(claim: Claim) -> str:
    return claim.stated or ("our own computation" if claim.is_ours else "no size stated")


@column("recomputed")
def recomputed(claim: Claim) -> str:
    return claim.recomputed or "cannot be computed"


class ClaimInputLines(Lines):
    model = ClaimInput
    autocomplete_fields = ["statistic"]
    fields = ["role", "statistic", "position"]
    verbose_name = "figure"
    verbose_name_plural = "figures it rests on"


@admin.register(Claim)
class ClaimAdmin(ReviewedAdmin):
    list_display = ["wording", "type", stated, recomputed, verdict, "source_key", state]
    list_select_related = ["source"]
    list_filter = ["review_state", "verdict", "type", ["source", AutocompleteSelectFilter]]
    list_filter_submit = True
    search_fields = ["wording", "key", "stated", "source__title", "source__key", "reason"]
    autocomplete_fields = ["source", "also_printed_in", "excerpt", "area", "period"]
    prepopulated_fields = {"key": ["wording"]}
    inlines = [ClaimInputLines]
    fieldsets = [
        ("What is claimed", {"fields": ["wording", "key", "type", ("qualifier", "stated")]}),
        ("Who claims it", {"fields": ["source", "also_printed_in", "excerpt"]}),
        (
            "What it is about",
            {"fields": [("area", "period"), "days", ("base", "weighted")]},
        ),
    ]

    acts = (
        *ACTS,
        Act(
            "accept",
            "Accept as it stands",
            "Accepted, for as long as nothing in it changes.",
            lambda claim, user, note: accepting.accept(claim, reason=note, by=user),
            lambda claim, user: (
                claim.verdict == Verdict.INCONSISTENT and not accepting.standing_acceptance(claim)
            ),
            asks="Why may it stand although the arithmetic does not hold?",
            warns="It stays inconsistent, and says so; your name and reason stand beside it.",
        ),
    )

    def badges(self, record: Any) -> list[Badge]:
        found = verdict(record)
        return [*super().badges(record), (found, COLOURS[found])]

    def standing(self, record: Any) -> list[str]:
        checked = record.reason
        if record.checked_at:
            checked += f" Checked {date_format(localtime(record.checked_at), 'j F Y')}."
        return [*super().standing(record), *filter(None, [checked]), *_acceptances(record)]

    def approved_before(self, record: Any) -> list[Reviewed]:
        """Its sources, then its figures: a figure is approved after its source."""
        rows = record.inputs.select_related(
            "statistic__area", "statistic__period", "statistic__source"
        )
        figures = [row.statistic for row in rows]
        cited = [record.source] if record.source else []
        return list(dict.fromkeys([*cited, *(each.source for each in figures), *figures]))

    def check_again(self, record: Any) -> None:
        check_claims(Claim.objects.filter(pk=record.pk))

    @column("source", ordering="source__key")
    def source_key(self, claim: Claim) -> str:
        return claim.source.key if claim.source else "ours"


def _acceptances(claim: Claim) -> Iterator[str]:
    """Each with who, when and why; one that no longer fits what the claim says has fallen."""
    standing = accepting.standing_acceptance(claim)
    for each in claim.acceptances.select_related("accepted_by"):
        told = f"by {name_of(each.accepted_by)}, {when(each.accepted_at)}: {each.reason}"
        if each == standing:
            yield f"Accepted as it stands {told}"
        else:
            yield f"No longer accepted, since the claim or a figure under it changed. It was {told}"


@column("filled", label={"Filled": "success", "Open": "warning"})
def filled(gap: EvidenceGap) -> str:
    return "Filled" if gap.filled_by_id else "Open"


@admin.register(EvidenceGap)
class EvidenceGapAdmin(ReviewedAdmin):
    list_display = ["wording", "source", "missing", filled, state]
    list_select_related = ["source"]
    list_filter = ["review_state", ["source", AutocompleteSelectFilter]]
    list_filter_submit = True
    search_fields = ["wording", "key", "missing", "source__title"]
    autocomplete_fields = ["source", "filled_by"]
    prepopulated_fields = {"key": ["wording"]}
    fields = ["wording", "key", "source", "missing", "filled_by"]
