"""Under a pack's title stands which amendment is debated when, as far as that is known."""

import datetime

import pytest

from campaigns.briefing import blocks
from campaigns.models import (
    AmendmentGroup,
    BillPrint,
    GroupPlace,
    House,
    MarshalledList,
    Sitting,
    Stage,
)
from campaigns.packs import compose
from tests.campaigns import packing

pytestmark = pytest.mark.django_db

DAY = datetime.date(2023, 7, 19)


@pytest.fixture
def stage() -> Stage:
    made = packing.stage()
    for date in (datetime.date(2023, 7, 6), datetime.date(2023, 7, 12), DAY):
        Sitting.objects.create(stage=made, date=date)
    return made


def amendment(stage, number="270A"):
    return packing.amendment(stage, ["Insert a clause."], number=number, slug=f"a-{number.lower()}")


def grouped(stage, number, *amendments, date=DAY) -> None:
    sitting = stage.sittings.filter(date=date).first()
    group = AmendmentGroup.objects.create(stage=stage, sitting=sitting, number=number)
    for place, each in enumerate(amendments):
        GroupPlace.objects.create(group=group, position=place, printed=each.number, amendment=each)


def header_of(*amendments, used_on=DAY) -> str:
    return compose(packing.pack(("amendment", amendments), used_on=used_on)).briefing.header


def test_all_that_is_known_stands_in_it(stage) -> None:
    chosen = amendment(stage)
    grouped(stage, 4, chosen)
    edition = BillPrint.objects.create(bill=stage.bill, number="HL Bill 87", house=House.LORDS)
    MarshalledList.objects.create(
        stage=stage, name="Fifth", date=datetime.date(2023, 7, 18), print=edition
    )

    composition = compose(packing.pack(("amendment", [chosen]), used_on=DAY))

    assert composition.briefing.header == (
        "Example Bill · Amendment 270A, Group 4, Lords Report day 3, HL Bill 87, "
        "list of 18 July 2023"
    )
    [block] = [each for each in composition.briefing.blocks if hasattr(each, "status")]
    assert block.status == "Lords Report, day 3, group 4. Decision not known."


def test_what_is_not_known_is_left_out(stage) -> None:
    assert header_of(amendment(stage), used_on=packing.day(30)) == (
        "Example Bill · Amendment 270A, Lords Report"
    )


def test_a_draft_of_ours_has_no_number_group_or_list(stage) -> None:
    MarshalledList.objects.create(stage=stage, name="Fifth", date=DAY)

    assert header_of(packing.own_draft(stage), used_on=packing.day(30)) == (
        "Example Bill · Lords Report"
    )


def test_several_amendments_are_named_together(stage) -> None:
    one, two = amendment(stage), amendment(stage, "271")
    grouped(stage, 4, one)
    grouped(stage, 7, two)

    assert header_of(one, two) == (
        "Example Bill · Amendments 270A and 271, Groups 4 and 7, Lords Report day 3"
    )


def test_where_one_group_is_not_known_none_is_named(stage) -> None:
    one, two = amendment(stage), amendment(stage, "271")
    grouped(stage, 4, one)

    assert "Group" not in header_of(one, two)


def test_the_day_of_use_chooses_among_the_groups_of_several_days(stage) -> None:
    chosen = amendment(stage)
    grouped(stage, 9, chosen, date=datetime.date(2023, 7, 12))
    grouped(stage, 1, chosen)

    assert header_of(chosen, used_on=datetime.date(2023, 7, 12)).endswith(
        "Group 9, Lords Report day 2"
    )


def test_days_are_not_counted_where_a_note_says_that_some_are_not_held(stage) -> None:
    stage.sittings.filter(date=DAY).update(note="Last of ten days")
    chosen = amendment(stage)
    grouped(stage, 4, chosen)

    assert header_of(chosen).endswith("Group 4, Lords Report")


def test_a_list_that_comes_after_the_day_of_use_is_not_named(stage) -> None:
    MarshalledList.objects.create(stage=stage, name="Sixth", date=datetime.date(2023, 7, 20))

    assert "list of" not in header_of(amendment(stage))


def test_the_newest_print_of_the_house_is_named_where_the_list_cites_none(stage) -> None:
    for number, house, day in (("HL Bill 80", House.LORDS, 1), ("Bill 285", House.COMMONS, 9)):
        BillPrint.objects.create(
            bill=stage.bill,
            number=number,
            house=house,
            published_on=datetime.date(2023, 6, day),
        )

    assert header_of(amendment(stage)).endswith("Lords Report day 3, HL Bill 80")


def test_an_amendment_of_another_stage_lends_no_number(stage) -> None:
    other = Stage.objects.create(bill=stage.bill, house=House.LORDS, name="Committee")
    pack = packing.pack(("amendment", [amendment(other)]), used_on=DAY, stage=stage)

    assert compose(pack).briefing.header == "Example Bill · Lords Report day 3"


def test_every_block_of_a_pack_is_of_the_latest_edition(stage) -> None:
    assert compose(packing.pack()).briefing.edition == blocks.LATEST_EDITION
