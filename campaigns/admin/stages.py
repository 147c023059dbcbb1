"""A bill's stages with their sittings, lists and groups: what the Whips announce, day by day."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from campaigns.models import AmendmentGroup, GroupPlace, MarshalledList, Sitting, Stage
from campaigns.parliament.groupings import GroupsBefore, keep_groupings, not_known
from campaigns.parliament.pasted_groupings import read_groupings
from evidence.admin.acting import Act, ActingAdmin
from evidence.admin.base import DeskAdmin, Lines


class GroupsAdmin(DeskAdmin):
    """For pages where groups are typed: who moved is told as of pasted ones, with the save."""

    def stages_of(self, record: Any, form: Any) -> set[int | None]:
        """Those whose groups it may change, with the one that a group is taken from."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.groups_before = GroupsBefore(*self.stages_of(obj, form))
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.groups_before.tell()


class SittingLines(Lines):
    model = Sitting
    fields = ["date", "note"]


class ListLines(Lines):
    model = MarshalledList
    fields = ["name", "date", "print", "url"]


class GroupLines(Lines):
    model = AmendmentGroup
    fields = ["sitting", "number", "title"]
    show_change_link = True


LATER = "each is put into its group as soon as one amendment has it."


def paste(stage: Stage, _: User, pasted: str) -> str:
    groups = keep_groupings(stage, pasted)
    places = sum(group.places.count() for group in groups)
    how_many = "1 group" if len(groups) == 1 else f"{len(groups)} groups"
    kept = f"Kept: {how_many} with {places} place{'' if places == 1 else 's'}."
    if missing := not_known(groups):
        kept += f" No amendment, or more than one, has the number {', '.join(missing)}: {LATER}"
    if left_out := read_groupings(pasted).left_out:
        lines = ", ".join(f"“{each}”" for each in left_out)
        kept += f" Left out, since no number and no place stands below: {lines}."
    return kept


@admin.register(Stage)
class StageAdmin(GroupsAdmin, ActingAdmin):
    list_display = ["__str__", "bill", "house", "position"]
    list_filter = ["house", ["bill", AutocompleteSelectFilter]]
    list_filter_submit = True
    list_select_related = ["bill"]
    search_fields = ["name", "bill__title"]
    autocomplete_fields = ["bill"]
    fields = ["bill", ("house", "name"), ("position", "parliament_id")]
    inlines = [SittingLines, ListLines, GroupLines]
    acts = (
        Act(
            "group",
            "Paste groupings",
            "",
            paste,
            lambda stage, user: True,
            asks="Paste the day and its groups, as the Government Whips' Office prints them.",
        ),
    )

    def stages_of(self, record: Stage, form: Any) -> set[int | None]:
        return {record.pk}

    def standing(self, record: Stage) -> list[str]:
        if not record.has_unknown_name:
            return []
        return [f"Parliament calls it “{record.name_as_published}”, a stage we do not know."]


class PlaceLines(Lines):
    model = GroupPlace
    fields = ["position", "printed", "amendment"]
    autocomplete_fields = ["amendment"]


@admin.register(AmendmentGroup)
class AmendmentGroupAdmin(GroupsAdmin):
    list_display = ["__str__", "stage", "sitting"]
    list_select_related = ["stage__bill", "sitting"]
    search_fields = ["title", "places__printed"]
    autocomplete_fields = ["stage"]
    fields = ["stage", "sitting", ("number", "title")]
    inlines = [PlaceLines]

    def stages_of(self, record: AmendmentGroup, form: Any) -> set[int | None]:
        return {record.stage_id, form.initial.get("stage")}

    def delete_model(self, request: HttpRequest, obj: AmendmentGroup) -> None:
        before = GroupsBefore(obj.stage_id)
        super().delete_model(request, obj)
        before.tell()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[AmendmentGroup]) -> None:
        with transaction.atomic():
            before = GroupsBefore(*queryset.order_by().values_list("stage", flat=True))
            super().delete_queryset(request, queryset)
            before.tell()
