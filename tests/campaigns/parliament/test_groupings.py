"""Groupings as they are pasted: every number of a range, and what is no number as printed."""

from datetime import date

import pytest

from campaigns.akoma_ntoso import read_list
from campaigns.importing import bring_in, preview
from campaigns.models import Amendment, GroupPlace, SyncChange
from campaigns.parliament.groupings import fill_places, keep_groupings
from campaigns.parliament.pasted_groupings import Group, Groupings, read_groupings
from evidence.refusing import Refused
from tests import factories as make
from tests.campaigns import packing
from tests.campaigns.lists import made_amendment, made_list
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import address_of, client_of, form_of
from tests.publishing import making

PASTED = """
Groupings for Wednesday 19 July 2023
Group 1 (Offences)
262, 262A to 262C, after Clause 15
Group 2: Advocacy
• 270A* (Baroness Example), 12 to 14
Clause 90 stand part
"""


def test_numbers_ranges_letters_and_places() -> None:
    assert read_groupings(PASTED) == Groupings(
        date(2023, 7, 19),
        (
            Group(1, "Offences", ("262", "262A", "262B", "262C", "after Clause 15")),
            Group(2, "Advocacy", ("270A", "12", "13", "14", "Clause 90 stand part")),
        ),
    )


@pytest.mark.parametrize(
    ("printed", "places"),
    [
        ("262 to 262B", ("262", "262A", "262B")),
        ("NC4 and NC7", ("NC4", "NC7")),
        ("9 to 3", ("9", "3")),
        ("1–3; 5", ("1", "2", "3", "5")),
        ("262, 262", ("262",)),
        ("262, 263\n263, 264", ("262", "263", "264")),
    ],
)
def test_ways_of_listing(printed: str, places: tuple[str, ...]) -> None:
    assert read_groupings(f"Duties of care\n{printed}").groups == (
        Group(1, "Duties of care", places),
    )


@pytest.mark.parametrize("pasted", ["", "Duties of care", "Wednesday 19 July 2023"])
def test_what_names_no_amendment_is_refused(pasted: str) -> None:
    with pytest.raises(Refused, match="No amendment's number is in this"):
        read_groupings(pasted)


@pytest.mark.parametrize(
    "place",
    [
        *("Clause 15", "Clauses 15 to 17", "After Clause 15A", "before Schedule 2", "Schedule A1"),
        *("Clause 90 stand part", "Question that Clause 9 stand part", "the Schedule stand part"),
        *("Title", "the Title", "Long Title", "Lords Amendment 4", "Lords Amendments 4 to 6"),
    ],
)
def test_a_place_in_the_bill_belongs_to_the_group_above_it(place: str) -> None:
    assert read_groupings(f"Duties of care\n262\n{place}").groups == (
        Group(1, "Duties of care", ("262", place)),
    )


@pytest.mark.parametrize(
    "heading",
    [
        *("Schedule of duties", "Clause by clause review", "After the event", "Before the courts"),
        *("Lords scrutiny", "Title of the regulator", "Clause 15 duties", "Stand part debates"),
    ],
)
def test_a_heading_without_a_number_begins_its_own_group(heading: str) -> None:
    assert read_groupings(f"Offences\n262\n{heading}\n263").groups == (
        Group(1, "Offences", ("262",)),
        Group(2, heading, ("263",)),
    )


def test_a_title_may_stand_below_its_number_and_numbers_after_the_word_amendments() -> None:
    assert read_groupings(
        "Group 3\nOffences\nAmendments 262, 263\nGroup 5\nAmendment 7"
    ).groups == (
        Group(3, "Offences", ("262", "263")),
        Group(5, "", ("7",)),
    )


@pytest.mark.parametrize(
    ("pasted", "numbers"),
    [
        ("Made-up Bill\nOffences\n262\nAdvocacy\n263", [1, 2]),
        ("Group 3\n262\nAdvocacy\n263", [3, 4]),
        ("Group 3\n262\nGroup 3\n263", [1, 2]),
    ],
)
def test_groups_without_a_number_are_counted_on(pasted: str, numbers: list[int]) -> None:
    assert [each.number for each in read_groupings(pasted).groups] == numbers


IN_A_TITLE = "In a group's title a day may stand after “Group” and its number."
TWO_DAYS = (
    f"It is for two days, 19 July 2023 and 20 July 2023: paste one day at a time. {IN_A_TITLE}"
)


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("19 July 2023\nGroup 1\n262\nThursday 20th July 2023\nGroup 1\n270", TWO_DAYS),
        ("19 July 2023\n20 JULY 2023\nGroup 1\n262", TWO_DAYS),
        ("19 July 2023 and 20 Jul 2023\nGroup 1\n262", TWO_DAYS),
        (
            "Group 1\n262\n20 July 2023\nGroup 1\n270",
            "20 July 2023 stands below groups that are for no day: paste one day at a time, with "
            f"the day above its groups. {IN_A_TITLE}",
        ),
        (
            "19 July 2023\nGroup 1\n262\nThursday 20 July\nGroup 1\n270",
            "“Thursday 20 July” has no year: write it in full, as in: 19 July 2023.",
        ),
        (
            "Groupings for 31 June 2023\nGroup 1\n262",
            "“31 June 2023” is no day: write it as in: 19 July 2023.",
        ),
    ],
)
def test_groups_whose_day_is_not_plain_are_refused(pasted: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read_groupings(pasted)

    assert str(refused.value) == said


def test_a_day_in_a_title_or_said_again_on_the_next_page_is_no_second_day() -> None:
    pasted = (
        "Wednesday 19 July 2023\nGroup 1 (Offences before 1 January 2024)\n262\n"
        "Groupings for 19 July 2023\n263\nGroup 2\n264"
    )

    assert read_groupings(pasted) == Groupings(
        date(2023, 7, 19),
        (Group(1, "Offences before 1 January 2024", ("262", "263")), Group(2, "", ("264",))),
    )


@pytest.mark.django_db
def test_a_place_in_a_group_is_told_once_and_a_move_again() -> None:
    stage = making.stage(making.bill())
    known = making.amendment(stage, number="262A")

    for _ in range(2):
        keep_groupings(stage, PASTED)
    keep_groupings(stage, PASTED.replace("262A to", "262B to") + "262A")

    told = SyncChange.objects.order_by("pk").values_list("amendment", "kind", "before", "after")
    assert list(told) == [
        (known.pk, "grouped", "", "Group 1: Offences"),
        (known.pk, "grouped", "Group 1: Offences", "Group 2: Advocacy"),
    ]
    assert GroupPlace.objects.filter(amendment=None).count() == 9


@pytest.mark.django_db
def test_a_number_that_a_list_brings_in_or_somebody_types_joins_its_group():
    stage = packing.stage()
    keep_groupings(stage, "Group 4 (Advocacy)\n7, 8\nGroup 5\n9")
    typed = making.amendment(stage)
    officer = client_of(rows.person("officer"))

    read = read_list(made_list(made_amendment("7")))
    [listed] = bring_in(preview(read, stage), ["7"], by=make.user("officer")).amendments
    officer.post(address_of(typed, "change"), form_of(officer, typed, number="9"))

    told = SyncChange.objects.order_by("pk").values_list("amendment", "kind", "before", "after")
    assert list(told) == [
        (listed.pk, "grouped", "", "Group 4: Advocacy"),
        (typed.pk, "grouped", "", "Group 5"),
    ]
    assert list(GroupPlace.objects.order_by("pk").values_list("printed", "amendment")) == [
        ("7", listed.pk),
        ("8", None),
        ("9", typed.pk),
    ]


@pytest.mark.django_db
def test_a_number_that_stands_twice_and_a_new_number_in_the_same_group_fill_no_place():
    stage = making.stage(making.bill())
    renumbered = making.amendment(stage, slug="a", number="7")
    keep_groupings(stage, "Group 4\n7, 8, 9")
    for slug in ("b", "c"):
        making.amendment(stage, slug=slug, number="9")
    Amendment.objects.filter(pk=renumbered.pk).update(number="8")

    assert fill_places(stage) == []

    placed = GroupPlace.objects.exclude(amendment=None).values_list("printed", "amendment")
    assert list(placed) == [("7", renumbered.pk)]


@pytest.mark.django_db
def test_who_was_not_reached_comes_from_another_day_and_who_is_left_out_is_told():
    stage = making.stage(making.bill())
    for number in ("1", "2", "3"):
        making.amendment(stage, slug=f"a-{number}", number=number)
    keep_groupings(stage, "17 July 2023\nGroup 3 (Offences)\n1, 2\nGroup 4 (Advocacy)\n3")
    before = SyncChange.objects.count()

    keep_groupings(stage, "19 July 2023\nGroup 1 (Offences)\n2\nGroup 4 (Advocacy)\n3")
    keep_groupings(stage, "19 July 2023\nGroup 4 (Advocacy)\n3")

    told = SyncChange.objects.order_by("pk").values_list("amendment__number", "before", "after")
    assert list(told)[before:] == [
        ("2", "Group 3: Offences, on 17 July 2023", "Group 1: Offences"),
        ("3", "Group 4: Advocacy, on 17 July 2023", "Group 4: Advocacy"),
        ("2", "Group 1: Offences", "in no group"),
    ]
