"""Groups that are typed at the desk: what moved is told as of pasted ones, once, with its packs."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import (
    Amendment,
    AmendmentGroup,
    GroupPlace,
    PackVersion,
    Sitting,
    Stage,
    SyncChange,
)
from campaigns.parliament.groupings import keep_groupings
from campaigns.parliament.naming import packs_naming
from tests import factories as make
from tests.campaigns import packing
from tests.campaigns.parliament.test_life_of_a_bill import issued_with
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import address_of, client_of, form_of
from tests.publishing import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return client_of(rows.person("officer"))


@pytest.fixture
def stage() -> Stage:
    return packing.stage()


@pytest.fixture
def ours(stage) -> Amendment:
    """An ask of ours rests on it."""
    made = making.amendment(stage, number="262A")
    packing.ask().amendment_links.create(amendment=made, relation="delivers")
    return made


def grouped(pasted: str, stage: Stage) -> list[AmendmentGroup]:
    """What stood before, and was told and seen."""
    groups = keep_groupings(stage, pasted)
    SyncChange.objects.update(seen_at=timezone.now(), seen_by=make.user("lead"))
    return groups


def told() -> list[tuple[object, ...]]:
    changes = SyncChange.objects.unseen().order_by("pk")
    return list(changes.values_list("amendment__number", "kind", "before", "after", "is_ours"))


def new_group(stage: Stage, *places: dict[str, object], **fields: object) -> dict[str, object]:
    sent = {"stage": stage.pk, "sitting": "", "number": 4, "title": "Advocacy", **fields}
    sent |= {"places-TOTAL_FORMS": len(places), "places-INITIAL_FORMS": 0}
    for position, place in enumerate(places):
        line = {"position": position + 1, "printed": "", "amendment": "", **place}
        sent |= {f"places-{position}-{name}": value for name, value in line.items()}
    return sent


def add(officer, sent: dict[str, object]) -> int:
    return officer.post(reverse("admin:campaigns_amendmentgroup_add"), sent).status_code


def save(officer, record, **changed: object) -> int:
    sent = form_of(officer, record, **changed)
    return officer.post(address_of(record, "change"), sent).status_code


def test_a_typed_group_raises_an_alert_and_its_printed_numbers_find_their_amendments(
    officer, stage, ours
) -> None:
    other = making.amendment(stage, slug="other", number="263")
    places = {"printed": "262A", "amendment": ours.pk}, {"printed": "263"}, {"printed": "264"}

    assert add(officer, new_group(stage, *places)) == 302

    assert told() == [
        ("262A", "grouped", "", "Group 4: Advocacy", True),
        ("263", "grouped", "", "Group 4: Advocacy", False),
    ]
    assert [each.amendment for each in SyncChange.objects.alerts()] == [ours]
    held = GroupPlace.objects.order_by("position").values_list("printed", "amendment")
    assert list(held) == [("262A", ours.pk), ("263", other.pk), ("264", None)]


def test_each_edit_is_told_once_and_a_save_that_moves_nothing_never(officer, stage, ours) -> None:
    [group] = grouped("Group 4 (Advocacy)\n262A", stage)

    assert save(officer, group) == 302
    assert save(officer, group, title="Advocates") == 302
    assert save(officer, group, **{"places-0-DELETE": "on"}) == 302
    assert add(officer, new_group(stage, {"printed": "262A"}, number=5, title="")) == 302

    assert told() == [
        ("262A", "grouped", "Group 4: Advocacy", "Group 4: Advocates", True),
        ("262A", "grouped", "Group 4: Advocates", "in no group", True),
        ("262A", "grouped", "", "Group 5", True),
    ]


def test_a_group_that_is_put_on_another_day_is_one_move(officer, stage, ours) -> None:
    [group] = grouped("17 July 2023\nGroup 4 (Advocacy)\n262A", stage)
    later = Sitting.objects.create(stage=stage, date=date(2023, 7, 19))

    assert save(officer, group, sitting=later.pk) == 302

    was = "Group 4: Advocacy, on 17 July 2023"
    assert told() == [("262A", "grouped", was, "Group 4: Advocacy", True)]


def test_a_group_that_is_put_at_another_stage_is_told_at_both(officer, stage, ours) -> None:
    [group] = grouped("Group 4 (Advocacy)\n262A", stage)
    other = making.stage(stage.bill, "Third reading")

    assert save(officer, group, stage=other.pk) == 302

    changes = SyncChange.objects.unseen().order_by("pk")
    assert list(changes.values_list("stage", "before", "after")) == [
        (stage.pk, "Group 4: Advocacy", "in no group"),
        (other.pk, "", "Group 4: Advocacy"),
    ]


def test_groups_are_renumbered_and_removed_at_the_stage(officer, stage, ours) -> None:
    making.amendment(stage, slug="other", number="263")
    grouped("Group 4 (Advocacy)\n262A\nGroup 5 (Offences)\n263", stage)

    changed = {"groups-0-number": 7, "groups-1-DELETE": "on"}
    assert save(officer, stage, **changed) == 302
    assert save(officer, stage) == 302

    assert told() == [
        ("262A", "grouped", "Group 4: Advocacy", "Group 7: Advocacy", True),
        ("263", "grouped", "Group 5: Offences", "in no group", False),
    ]


def test_deleted_groups_are_told(officer, stage, ours) -> None:
    making.amendment(stage, slug="other", number="263")
    one, other = grouped("Group 4 (Advocacy)\n262A\nGroup 5 (Offences)\n263", stage)
    chosen = {"action": "delete_selected", "_selected_action": other.pk, "post": "yes"}

    officer.post(address_of(one, "delete"), {"post": "yes"})
    officer.post(reverse("admin:campaigns_amendmentgroup_changelist"), chosen)

    assert not AmendmentGroup.objects.exists()
    assert told() == [
        ("262A", "grouped", "Group 4: Advocacy", "in no group", True),
        ("263", "grouped", "Group 5: Offences", "in no group", False),
    ]


def test_what_is_refused_tells_of_nothing(officer, stage, ours) -> None:
    grouped("Group 4 (Advocacy)\n262A\nGroup 5\n263", stage)

    assert add(officer, new_group(stage, {"printed": "262A"})) == 200  # a second group 4
    twice = {"position": 1, "printed": "262A", "amendment": ours.pk}
    assert add(officer, new_group(stage, twice, twice, number=6)) == 200

    assert told() == []


def test_the_packs_that_print_the_old_group_are_named(officer, stage, ours) -> None:
    [group] = grouped("Group 4 (Advocacy)\n262A", stage)
    version = issued_with(packing.approved(ours))

    assert save(officer, group, number=6) == 302

    [change] = SyncChange.objects.unseen()
    assert [(each.version, each.part) for each in packs_naming(change)] == [(version, "group")]
    shown = officer.get(address_of(change, "change")).content.decode()
    assert f"{PackVersion.objects.get()} prints the old group." in shown
