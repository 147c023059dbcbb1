"""Reads a pasted list of groupings of the Government Whips' Office, and keeps it.

As in: "Group 3 (Duties of care)" or "Duties of care", and below it "262, 262A to 262C, after
Clause 15, 264 (p. 12)". What is no number is kept as it is printed: a stand part debate, a clause.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from campaigns.models import (
    Amendment,
    AmendmentGroup,
    ChangeKind,
    GroupPlace,
    Sitting,
    Stage,
)
from campaigns.parliament.differences import Difference
from campaigns.parliament.telling import tell_what_a_person_brought
from evidence.refusing import Refused

NUMBER = r"(?:(?:Gov|NC|NS)\s?)?[A-Z]{0,3}\d{1,4}[A-Z]{0,4}"
ONE = re.compile(NUMBER)
RANGE = re.compile(rf"({NUMBER})\s*(?:to|[–—-])\s*({NUMBER})")
GROUP = re.compile(r"group\s+(\d{1,3})\s*[.:,–—-]?\s*(.*)", re.IGNORECASE)
MARKED = re.compile(r"^[\s•*·▪-]+|[*†‡]+|\s*\([^)]*\)\s*$")
DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([A-Z][a-z]+)\s+(\d{4})")
PLACE = re.compile(
    r"(?:clause|schedule|after|before|title|lords?)\b.*|.*\bstand part\b.*", re.IGNORECASE
)
LONGEST_RANGE = 200
IN_NO_GROUP = "in no group"

type Places = dict[Sitting | None, AmendmentGroup]


@dataclass(frozen=True, slots=True)
class Group:
    number: int
    title: str
    printed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groupings:
    day: date | None
    groups: tuple[Group, ...]


def read_groupings(pasted: str) -> Groupings:
    day, groups = None, list[Group]()
    for line in filter(None, map(str.strip, pasted.splitlines())):
        if not groups and (found := _day(line)):
            day = found
        elif (places := _places(line)) and groups:
            printed = dict.fromkeys((*groups[-1].printed, *places))
            groups[-1] = replace(groups[-1], printed=tuple(printed))
        elif places:
            groups.append(Group(1, "", tuple(places)))
        else:
            groups.append(_headed(line, len(groups) + 1))
    found_groups = tuple(each for each in groups if each.printed)
    if not found_groups:
        raise Refused("No amendment's number is in this: paste the groups as the Whips print them.")
    return Groupings(day, tuple(replace(each, number=n) for n, each in _numbered(found_groups)))


@transaction.atomic
def keep_groupings(stage: Stage, pasted: str) -> list[AmendmentGroup]:
    """Those of a day, in place of what was kept for it; an amendment that moved is told of."""
    said = read_groupings(pasted)
    sitting = Sitting.objects.get_or_create(stage=stage, date=said.day)[0] if said.day else None
    before = _places_of(stage)
    stage.groups.filter(sitting=sitting).delete()
    held = _by_number(stage)
    made = [_kept(stage, sitting, each, held) for each in said.groups]
    tell_what_a_person_brought(stage, _moves(before, _places_of(stage), sitting))
    return made


def not_known(groups: Iterable[AmendmentGroup]) -> list[str]:
    """The numbers in them that no amendment of the stage has, as printed."""
    places = GroupPlace.objects.filter(group__in=groups, amendment=None).order_by("group", "pk")
    printed = places.values_list("printed", flat=True)
    return list(dict.fromkeys(each for each in printed if ONE.fullmatch(each)))


@transaction.atomic
def fill_places(stage: Stage) -> list[tuple[Amendment, Difference]]:
    """Puts amendments into the groups that were pasted before they had their numbers.

    What is to be told of them is the caller's to tell.
    """
    places = GroupPlace.objects.filter(group__stage=stage, amendment=None)
    if not places.exists():
        return []
    held = _by_number(stage)
    by_day: dict[Sitting | None, list[GroupPlace]] = {}
    numbered = places.filter(printed__in=held).select_related("group__sitting")
    for place in numbered.order_by(F("group__sitting__date").asc(nulls_first=True), "pk"):
        by_day.setdefault(place.group.sitting, []).append(place)
    amendments = {each.pk: each for each in held.values()}
    told = list[tuple[Amendment, Difference]]()
    for sitting, open_places in by_day.items():
        before = _places_of(stage)
        for place in open_places:
            _fill(place, held[place.printed])
        moves = _moves(before, _places_of(stage), sitting)
        told += [(amendments[amendment_id], each) for amendment_id, each in moves]
    return told


def fill_and_tell(stage: Stage) -> None:
    """After somebody typed a number."""
    told = fill_places(stage)
    tell_what_a_person_brought(stage, ((amendment.pk, each) for amendment, each in told))


def expanded(first: str, last: str) -> list[str]:
    """262A to 262C, or 12 to 15; a range of another shape is what it says, and no more."""
    a, b = re.fullmatch(r"(.*?\d+)([A-Z])", first), re.fullmatch(r"(.*?\d+)([A-Z])", last)
    if a and b and a[1] == b[1] and a[2] < b[2]:
        return [f"{a[1]}{chr(code)}" for code in range(ord(a[2]), ord(b[2]) + 1)]
    c, d = re.fullmatch(r"(\D*)(\d+)", first), re.fullmatch(r"(\D*)(\d+)", last)
    if c and d and c[1] == d[1] and 0 < int(d[2]) - int(c[2]) <= LONGEST_RANGE:
        return [f"{c[1]}{number}" for number in range(int(c[2]), int(d[2]) + 1)]
    open_end = re.fullmatch(r"(\d+)", first)
    if open_end and b and b[1] == open_end[1]:  # 262 to 262C
        letters = [chr(code) for code in range(ord("A"), ord(b[2]) + 1)]
        return [first, *(f"{first}{letter}" for letter in letters)]
    return [first, last]


def _headed(line: str, count: int) -> Group:
    if named := GROUP.fullmatch(line):
        return Group(int(named[1]), named[2].strip(" ()")[:200], ())
    return Group(count, line.strip(" :–—-")[:200], ())


def _numbered(groups: tuple[Group, ...]) -> Iterator[tuple[int, Group]]:
    """Their own numbers where those are all different, else the order in which they stand."""
    own = [each.number for each in groups]
    yield from zip(
        own if len(set(own)) == len(own) else range(1, len(own) + 1), groups, strict=True
    )


def _day(line: str) -> date | None:
    if found := DAY.search(line):
        try:
            return datetime.strptime(" ".join(found.groups()), "%d %B %Y").date()
        except ValueError:
            return None
    return None


def _places(line: str) -> list[str]:
    """All of a line, if it lists amendments and nothing else; a heading lists none."""
    found: list[str] = []
    for part in re.split(r"[,;]|\band\b", MARKED.sub("", line)):
        printed = MARKED.sub("", part).strip(" .")
        if not printed:
            continue
        if span := RANGE.fullmatch(printed):
            found += expanded(span[1], span[2])
        elif ONE.fullmatch(printed) or PLACE.fullmatch(printed):
            found.append(printed[:160])
        else:
            return []
    return list(dict.fromkeys(found))


def _by_number(stage: Stage) -> dict[str, Amendment]:
    """A number that stands twice in a stage is nobody's."""
    numbered = list(stage.amendments.exclude(number=""))
    counts = Counter(each.number for each in numbered)
    return {each.number: each for each in numbered if counts[each.number] == 1}


def _fill(place: GroupPlace, amendment: Amendment) -> None:
    """Not where it stands in that group already, under the number that it had."""
    if not place.group.places.filter(amendment=amendment).exists():
        place.amendment = amendment
        place.save(update_fields=["amendment"])


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
    before: dict[UUID, Places], after: dict[UUID, Places], sitting: Sitting | None
) -> Iterator[tuple[UUID, Difference]]:
    """Who came into a group of the day, or left it. What was not reached comes from another day."""
    for amendment_id in dict.fromkeys((*after, *before)):
        was, now = before.get(amendment_id, {}), after.get(amendment_id, {})
        if sitting not in was and sitting not in now:
            continue
        came_from, came_to = was.get(sitting), now.get(sitting)
        told_before = str(came_from) if came_from else _last_of(was)
        told_after = str(came_to) if came_to else IN_NO_GROUP
        if told_before != told_after:
            yield amendment_id, Difference(ChangeKind.GROUPED, told_before, told_after)


def _last_of(places: Places) -> str:
    if not places:
        return ""
    day, group = list(places.items())[-1]
    return f"{str(group)[:170]}, on {day}" if day else str(group)
