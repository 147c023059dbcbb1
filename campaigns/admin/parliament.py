"""Bills with their stages and sittings, amendments as they are printed, and members."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from campaigns.models import (
    Amendment,
    AmendmentLine,
    AmendmentOrigin,
    AskAmendment,
    Bill,
    Member,
    MemberContact,
    Sitting,
    Sponsor,
    Stage,
)
from evidence.admin.base import NOT_KNOWN, Blocks, DeskAdmin, Lines, column
from evidence.admin.reviewing import ReviewedAdmin, state


class ContactBlock(Blocks):
    model = MemberContact
    fields = [("email", "salutation"), "preferences"]
    verbose_name_plural = "how to reach them"


@admin.register(Member)
class MemberAdmin(DeskAdmin):
    list_display = ["name", "house", "party"]
    list_filter = ["house"]
    search_fields = ["name", "party"]
    fields = ["name", ("house", "party"), "parliament_id"]
    inlines = [ContactBlock]


class StageLines(Lines):
    model = Stage
    fields = ["position", "house", "name", "parliament_id"]
    show_change_link = True


@column("Royal Assent", ordering="royal_assent_on")
def royal_assent(bill: Bill) -> str:
    given = bill.royal_assent_on
    return f"{given.day} {given:%B %Y}" if given else "none recorded"


@admin.register(Bill)
class BillAdmin(ReviewedAdmin):
    list_display = ["title", "session", "act_title", royal_assent, state]
    search_fields = ["title", "slug", "act_title", "session"]
    autocomplete_fields = ["campaigns"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [StageLines]
    fieldsets = [
        (
            "The bill",
            {"fields": ["title", "slug", ("session", "parliament_id"), "url", "campaigns"]},
        ),
        ("As an Act", {"fields": [("act_title", "royal_assent_on")]}),
    ]


class SittingLines(Lines):
    model = Sitting
    fields = ["date", "note"]


@admin.register(Stage)
class StageAdmin(DeskAdmin):
    list_display = ["__str__", "bill", "house", "position"]
    list_filter = ["house", ["bill", AutocompleteSelectFilter]]
    list_filter_submit = True
    list_select_related = ["bill"]
    search_fields = ["name", "bill__title"]
    autocomplete_fields = ["bill"]
    fields = ["bill", ("house", "name"), ("position", "parliament_id")]
    inlines = [SittingLines]


class PrintedLines(Lines):
    model = AmendmentLine
    fields = ["position", "text", "indent", "hanging"]
    verbose_name = "printed line"
    verbose_name_plural = "text"


class SponsorLines(Lines):
    model = Sponsor
    fields = ["position", "member", "role"]
    autocomplete_fields = ["member"]


class AskLinks(Lines):
    model = AskAmendment
    fields = ["ask", "relation", "note"]
    autocomplete_fields = ["ask"]
    verbose_name = "ask"
    verbose_name_plural = "what it does for our asks"


@column("number", ordering="number")
def number(amendment: Amendment) -> str:
    return amendment.number or ("ours, none" if amendment.is_own_draft else NOT_KNOWN)


@column(
    "whose",
    ordering="origin",
    label={AmendmentOrigin.PARLIAMENT.value: "info", AmendmentOrigin.OWN_DRAFT.value: "warning"},
)
def origin(amendment: Amendment) -> tuple[str, str]:
    return amendment.origin, AmendmentOrigin(amendment.origin).label


@column("decision", ordering="decision")
def decision(amendment: Amendment) -> str:
    return amendment.decision or ("never tabled" if amendment.is_own_draft else NOT_KNOWN)


@admin.register(Amendment)
class AmendmentAdmin(ReviewedAdmin):
    list_display = [number, "title", "stage", origin, decision, state]
    list_display_links = [number, "title"]
    list_filter = ["review_state", "origin", "decision", ["stage", AutocompleteSelectFilter]]
    list_filter_submit = True
    list_select_related = ["stage"]
    search_fields = ["number", "title", "slug", "decision", "sponsors__member__name"]
    autocomplete_fields = ["stage", "sources"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [PrintedLines, SponsorLines, AskLinks]
    fieldsets = [
        (
            "The amendment",
            {
                "fields": [
                    "title",
                    "slug",
                    ("stage", "origin"),
                    ("number", "position_in_bill"),
                    ("parliament_id", "url"),
                ]
            },
        ),
        ("What became of it", {"fields": [("considered_on", "decided_on"), "decision"]}),
        ("What is said about it", {"fields": ["explanatory_statement", "note", "sources"]}),
    ]
