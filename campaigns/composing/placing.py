"""Where amendments stand in a debate: their group, its day, the list and the print they go by.

What is not known is left out. Nothing is worked out from what may be held in part.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from campaigns.briefing.wording import joined
from campaigns.models import (
    Amendment,
    AmendmentGroup,
    BillPrint,
    MarshalledList,
    Pack,
    Sitting,
    Stage,
)


def header(pack: Pack, amendments: Sequence[Amendment], *, at: date) -> str:
    """As in: Example Bill · Amendment 270A, Group 4, Lords Report day 5, HL Bill 87, list of ..."""
    stage = pack.stage
    numbered = [
        each
        for each in amendments
        if each.stage_id == stage.pk and each.number and not each.stands().vanished
    ]
    place = ", ".join(_place(stage, numbered, at))
    return " · ".join(filter(None, (stage.bill.title, place)))


def group_of(amendment: Amendment, *, at: date) -> AmendmentGroup | None:
    """That of the day; else of the last day, since what is not reached is grouped anew."""
    places = amendment.group_places.select_related("group__sitting")
    groups = [place.group for place in places if place.group.stage_id == amendment.stage_id]
    dated = {group.sitting.date: group for group in groups if group.sitting}
    if dated:
        return dated.get(at) or dated[max(dated)]
    return groups[0] if len(groups) == 1 else None


def day_of(stage: Stage, sitting: Sitting | None) -> str:
    """As in: day 5. Not where a sitting's note says that days between are not held."""
    if sitting is None:
        return ""
    held = list(stage.sittings.all())
    if len(held) < 2 or any(each.note for each in held):
        return ""
    return f"day {held.index(sitting) + 1}"


def _place(stage: Stage, numbered: Sequence[Amendment], at: date) -> Iterator[str]:
    groups = [group_of(each, at=at) for each in numbered]
    known = list(dict.fromkeys(filter(None, groups)))
    marshalled = _list_of(stage, at) if numbered else None
    if numbered:
        yield _named("Amendment", [each.number for each in numbered])
    if known and all(groups):
        yield _named("Group", [str(group.number) for group in known])
    if stage.name:
        yield " ".join(filter(None, (str(stage), day_of(stage, _sitting(stage, known, at)))))
    if printed := _print_of(stage, marshalled, at):
        yield str(printed)
    if marshalled and marshalled.date:
        yield f"list of {marshalled.date:%-d %B %Y}"


def _named(word: str, numbers: Sequence[str]) -> str:
    return f"{word}{'s' if len(numbers) > 1 else ''} {joined(tuple(numbers))}"


def _sitting(stage: Stage, groups: Sequence[AmendmentGroup], at: date) -> Sitting | None:
    """The day of all the groups; without any, the sitting on the day of use."""
    days = {group.sitting for group in groups}
    if days:
        return days.pop() if len(days) == 1 else None
    return stage.sittings.filter(date=at).first()


def _list_of(stage: Stage, at: date) -> MarshalledList | None:
    """The latest that was out by the day of use."""
    dated = stage.marshalled_lists.filter(date__lte=at)
    return dated.select_related("print").order_by("-date", "-pk").first()


def _print_of(stage: Stage, marshalled: MarshalledList | None, at: date) -> BillPrint | None:
    """The one whose pages the list cites; else the House's newest, or its only one."""
    if marshalled and marshalled.print:
        return marshalled.print
    prints = stage.bill.prints.filter(house=stage.house).exclude(house="")
    newest = prints.filter(published_on__lte=at).order_by("-published_on").first()
    undated = prints.filter(published_on=None)
    if newest or undated.count() != 1 or prints.filter(published_on__gt=at).exists():
        return newest
    return undated.first()
