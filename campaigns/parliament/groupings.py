"""Keeps groupings that were pasted, and tells who moved, however groups were edited."""

from collections import Counter
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from campaigns.models import (
    Amendment,
    AmendmentGroup,
    ChangeKind,
    GroupPlace,
    Sitting,
    Stage,
)
from campaigns.parliament.differences import NUMBER, Difference
from campaigns.parliament.pasted_groupings import Group, read_groupings
from campaigns.parliament.telling import tell_what_a_person_brought

IN_NO_GROUP = "in no group"

type Places = dict[Sitting | None, AmendmentGroup]


class GroupsBefore:
    """How the groups of some stages stand before they are edited, in one transaction.

    Nobody else edits them until it ends, so that each move is told once.
    """

    def __init__(self, *stages: int | None) -> None:
        locked = Stage.objects.select_for_update(of=("self",), no_key=True).select_related("bill")
        chosen = locked.filter(pk__in=filter(None, stages)).order_by("pk")
        self._places = {stage: _places_of(stage) for stage in chosen}

    def tell(self) -> None:
        """Who moved since, with whoever has a place now that was typed as a number alone."""
        for stage in self._places:
            _fill_all(stage)
        for stage, moves in self.moves():
            tell_what_a_person_brought(stage, moves)

    def moves(self) -> Iterator[tuple[Stage, list[tuple[UUID, Difference]]]]:
        for stage, before in self._places.items():
            yield stage, list(_moves(before, _places_of(stage)))


@transaction.atomic
def keep_groupings(stage: Stage, pasted: str) -> list[AmendmentGroup]:
    """Those of a day, in place of what was kept for it; an amendment that moved is told of."""
    said = read_groupings(pasted)
    sitting = Sitting.objects.get_or_create(stage=stage, date=said.day)[0] if said.day else None
    before = GroupsBefore(stage.pk)
    stage.groups.filter(sitting=sitting).delete()
    held = _by_number(stage)
    made = [_kept(stage, sitting, each, held) for each in said.groups]
    before.tell()
    return made


def not_known(groups: Iterable[AmendmentGroup]) -> list[str]:
    """The numbers in them that no amendment of the stage has, as printed."""
    places = GroupPlace.objects.filter(group__in=groups, amendment=None).order_by("group", "pk")
    printed = places.values_list("printed", flat=True)
    return list(dict.fromkeys(each for each in printed if NUMBER.fullmatch(each)))


@transaction.atomic
def fill_places(stage: Stage) -> list[tuple[Amendment, Difference]]:
    """Puts amendments into the groups that were pasted or typed before they had their numbers.

    What is to be told of them is the caller's to tell.
    """
    if not _open_places(stage).exists():
        return []
    before = GroupsBefore(stage.pk)
    filled = _fill_all(stage)
    moves = (each for _, of_stage in before.moves() for each in of_stage)
    return [(filled[amendment_id], each) for amendment_id, each in moves]


def fill_and_tell(stage: Stage) -> None:
    """After somebody typed a number."""
    told = fill_places(stage)
    tell_what_a_person_brought(stage, ((amendment.pk, each) for amendment, each in told))


def _by_number(stage: Stage) -> dict[str, Amendment]:
    """A number that stands twice in a stage is nobody's."""
    numbered = list(stage.amendments.exclude(number=""))
    counts = Counter(each.number for each in numbered)
    return {each.number: each for each in numbered if counts[each.number] == 1}


def _open_places(stage: Stage) -> QuerySet[GroupPlace]:
    return GroupPlace.objects.filter(group__stage=stage, amendment=None)


def _fill_all(stage: Stage) -> dict[UUID, Amendment]:
    """Whoever has a place in a group now that stood there as a number alone."""
    held = _by_number(stage)
    open_places = _open_places(stage).filter(printed__in=held).select_related("group")
    filled = dict[UUID, Amendment]()
    for place in open_places.order_by("pk"):
        amendment = held[place.printed]
        # Not where it stands in that group already, under the number that it had.
        if not place.group.places.filter(amendment=amendment).exists():
            place.amendment = amendment
            place.save(update_fields=["amendment"])
            filled[amendment.pk] = amendment
    return filled


def _kept(
    stage: Stage, sitting: Sitting | None, said: Group, held: dict[str, Amendment]
) -> AmendmentGroup:
    group = AmendmentGroup.objects.create(
        stage=stage, sitting=sitting, number=said.number, title=said.title
    )
    GroupPlace.objects.bulk_create(
        GroupPlace(group=group, position=place, printed=printed, amendment=held.get(printed))
        for place, printed in enumerate(said.printed, start=1)
    )
    return group


def _places_of(stage: Stage) -> dict[UUID, Places]:
    """Of each amendment its group on each day, the latest day last; no day is the first of all."""
    rows = GroupPlace.objects.filter(group__stage=stage, amendment__isnull=False)
    rows = rows.select_related("group__sitting").order_by(
        F("group__sitting__date").asc(nulls_first=True), "pk"
    )
    found: dict[UUID, Places] = {}
    for row in rows:
        if row.amendment_id:
            found.setdefault(row.amendment_id, {})[row.group.sitting] = row.group
    return found


def _moves(
    before: dict[UUID, Places], after: dict[UUID, Places]
) -> Iterator[tuple[UUID, Difference]]:
    """Who came into a group of a day, or left it."""
    for amendment_id in dict.fromkeys((*after, *before)):
        moved = _moves_of_one(before.get(amendment_id, {}), after.get(amendment_id, {}))
        for told_before, told_after in moved:
            if told_before != told_after:
                yield amendment_id, Difference(ChangeKind.GROUPED, told_before, told_after)


def _moves_of_one(was: Places, now: Places) -> Iterator[tuple[str, str]]:
    """Day by day. What was not reached comes from another day, and so does what was put on one."""
    left = {day: group for day, group in was.items() if day not in now}
    for day, group in now.items():
        if day in was:
            yield str(was[day]), str(group)
        else:
            yield _last_of(left or was), str(group)
            left, was = {}, {**was, day: group}
    for group in left.values():
        yield str(group), IN_NO_GROUP


def _last_of(places: Places) -> str:
    if not places:
        return ""
    day, group = list(places.items())[-1]
    return f"{str(group)[:170]}, on {day}" if day else str(group)
