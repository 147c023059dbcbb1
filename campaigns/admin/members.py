"""Members: how to reach them, and the amendments that they put their name to."""

from django.contrib import admin

from campaigns.admin import parliament
from campaigns.models import Member, MemberContact, Sponsor
from evidence.admin.base import Blocks, DeskAdmin, Lines, Shown, column


class ContactBlock(Blocks):
    model = MemberContact
    fields = [("email", "salutation"), "preferences"]
    verbose_name_plural = "how to reach them"


class SponsoredLines(Shown, Lines):
    """What a pack for this member can speak to; written on the amendments' pages."""

    model = Sponsor
    fields = readonly_fields = ["amendment", "role", "bill", "stage", "number", "decision"]
    named_with = ("amendment__stage__bill", "amendment__tabled_as")
    ordering = ["-amendment__stage__bill__created_at", "-amendment__stage__position", "pk"]
    verbose_name = "amendment"
    verbose_name_plural = "amendments sponsored"

    @column("bill")
    def bill(self, line: Sponsor) -> str:
        return str(line.amendment.stage.bill)

    @column("stage")
    def stage(self, line: Sponsor) -> str:
        return str(line.amendment.stage)

    @column("number")
    def number(self, line: Sponsor) -> str:
        return parliament.number(line.amendment)

    @column("decision")
    def decision(self, line: Sponsor) -> str:
        return parliament.decision(line.amendment)


@admin.register(Member)
class MemberAdmin(DeskAdmin):
    list_display = ["name", "house", "party", "is_current", "left_on"]
    list_filter = ["house", "is_current"]
    search_fields = ["name", "party"]
    fields = ["name", ("house", "party"), ("is_current", "left_on"), "parliament_id"]
    inlines = [ContactBlock, SponsoredLines]
