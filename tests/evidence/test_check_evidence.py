"""`check_evidence` gives every verdict of the facts, and what follows without a source."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoDbBlocker

from evidence import review
from evidence.checking import check_claims
from evidence.models import Claim, Statistic
from tests.demo_campaign import loaded_with_the_apps_rights
from tests.factories import user

pytestmark = [pytest.mark.long, pytest.mark.django_db]

W = "westwales-2018"
OK, UNTESTABLE = "consistent", "not_testable"
VERDICTS = {
    "four-forces-2016-17": ("sum", "1,437", [287, 259, 528, 363], 1437, OK),
    "four-forces-2017-18": ("sum", "1,458", [373, 267, 543, 275], 1458, OK),
    "four-forces-2023-24": ("sum", "2,194", [535, 503, 964, 192], 2194, OK),
    "meta-a-third": ("share", "a third", [1361, 1363, 547, 9888], 33.08, OK),
    "north-wales-up-30": ("percent_change", "up 30%", [287, 373], 29.97, OK),
    "snapchat-43": ("share", "43%", [4293, 9888], 43.42, OK),
    "uk-up-almost-a-quarter": ("percent_change", "a quarter", [22724], None, UNTESTABLE),
    "wales-almost-four-a-day": ("rate_per_period", "almost four a day", [2895], 3.966, OK),
    "wales-grooming-up-15": ("percent_change", "15%", [], None, UNTESTABLE),
    "wales-six-a-day-2023-24": ("rate_per_period", "average of six a day", [2194], 5.995, OK),
    "wales-two-thirds-taking-making": ("share", "two-thirds", [], None, UNTESTABLE),
    "wales-two-years-2895": ("sum", "2,895", [1437, 1458], 2895, OK),
    "wales-up-43": ("percent_change", "43%", [1437, 2061], 43.42, OK),
    "wales-up-624": ("absolute_change", "624", [1437, 2061], 624, OK),
}
GONE_WITH_WESTWALES = {"four-forces-2016-17", "four-forces-2017-18", "uk-up-almost-a-quarter"}
DERIVED = [
    ("Gwent", "2016/17", 259, "1,437 - 287 - 528 - 363 = 259"),
    ("Gwent", "2017/18", 267, "2,895 - 1,437 = 1,458; 1,458 - 373 - 543 - 275 = 267"),
    ("Wales", "2017/18", 1458, "2,895 - 1,437 = 1,458"),
]


@pytest.fixture(scope="module", autouse=True)
def campaign(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), loaded_with_the_apps_rights():
        yield


def checked(*without: str) -> dict[str, list[dict[str, Any]]]:
    output = StringIO()
    call_command("check_evidence", format="json", without=list(without), stdout=output)
    return json.loads(output.getvalue())


def verdicts(found: dict[str, list[dict[str, Any]]]) -> dict[str, tuple[Any, ...]]:
    return {
        each["id"]: (
            each["type"],
            each["stated"],
            [given["value"] for given in each["inputs"]],
            each["recomputed"],
            each["verdict"],
        )
        for each in found["claims"]
    }


def worked_out(found: dict[str, list[dict[str, Any]]]) -> list[tuple[Any, ...]]:
    return [
        (each["area"], each["period"], each["value"], each["working"], each["status"])
        for each in found["derived"]
        if each["status"] != "computed"
    ]


def test_it_answers_with_four_lists_and_nothing_else():
    assert list(checked()) == ["claims", "derived", "conflicts", "gaps"]


def test_every_claim_has_the_verdict_of_the_facts():
    assert verdicts(checked()) == VERDICTS


def test_every_verdict_has_its_reason():
    reasons = {each["id"]: each["reason"] for each in checked()["claims"]}

    assert reasons["wales-up-43"] == (
        "1,437 to 2,061 is a rise of 43.42%, which rounds to the printed 43%."
    )
    assert all(reasons.values())


def test_without_westwales_the_sum_that_it_completes_is_circular():
    found = checked(W)

    expected = {key: row for key, row in VERDICTS.items() if key not in GONE_WITH_WESTWALES}
    expected["wales-two-years-2895"] = ("sum", "2,895", [1437, 1458], None, UNTESTABLE)
    assert verdicts(found) == expected
    circular = next(each for each in found["claims"] if each["id"] == "wales-two-years-2895")
    assert "circular" in circular["reason"]
    assert [each["source"] for each in circular["inputs"]] == ["deeside-2023", None]


def test_gwent_is_confirmed_with_westwales_and_derived_without():
    assert worked_out(checked()) == [(*row, "confirmed") for row in DERIVED]
    assert worked_out(checked(W)) == [(*row, "derived") for row in DERIVED]


def test_a_derived_figure_names_the_sources_that_give_it_and_those_that_print_it():
    gwent = checked()["derived"][0]

    assert (gwent["sources"], gwent["printed_in"], gwent["printed"]) == (
        ["bbc-2018", "deeside-2023"],
        [W],
        ["259"],
    )


def test_our_own_computations_are_offered_as_ours():
    found = [each for each in checked()["derived"] if each["status"] == "computed"]

    assert [(each["id"], each["value"], each["display"]) for each in found] == [
        ("dyfed-powys-down-24", -24.24, "-24.2%"),
        ("north-wales-up-79", 79.09, "+79.1%"),
    ]


def test_the_conflicts_are_told():
    found = [
        (each["kind"], each["wording"][:60], each["status"]) for each in checked()["conflicts"]
    ]

    assert found == [
        ("period_label", "North Wales: 287 is printed for 2016/17 and for 2017; read a", "open"),
        ("period_label", "Wales: 1,437 is printed for 2016/17 and for 2017; read as 20", "open"),
        ("period_label", "Wales: 2,061 is printed for 2021/22 and for 2022; read as 20", "open"),
        ("territory", "2021/22: 30,925 is said of England and Wales (nationalworld-", "open"),
        ("comparability", "Dyfed-Powys, Gwent, North Wales, South Wales, Wales, 2023/24", "open"),
        ("comparability", "United Kingdom, 2021/22 (deeside-2023): not comparable with ", "open"),
    ]


def test_equal_numbers_that_are_different_facts_are_no_conflict():
    """43% of Snapchat is not the 43% by which Wales rose, though both come out as 43.42."""
    found = checked()

    assert [each["id"] for each in found["claims"] if each["recomputed"] == 43.42] == [
        "snapchat-43",
        "wales-up-43",
    ]
    readings = [each for item in found["conflicts"] for each in item["readings"]]
    assert not any("43%" in each["printed"] for each in readings)


def test_the_gap_is_told_and_goes_with_its_source():
    assert [(each["id"], each["source"]) for each in checked()["gaps"]] == [
        ("overwhelming-majority", "deeside-2023")
    ]
    assert checked("deeside-2023")["gaps"] == []


def test_a_claim_that_another_source_prints_stays_and_takes_its_figures():
    found = {each["id"]: each for each in checked("deeside-2023")["claims"]}

    assert "meta-a-third" not in found
    assert found["wales-up-43"]["sources"] == ["tenby-2023"]
    assert {each["source"] for each in found["wales-up-43"]["inputs"]} == {"tenby-2023"}
    assert found["wales-up-43"]["verdict"] == OK


def test_a_claim_that_loses_an_input_for_good_is_not_testable():
    found = verdicts(checked("nationalworld-2023"))

    assert found["snapchat-43"] == ("share", "43%", [], None, UNTESTABLE)


def test_a_source_left_out_changes_nothing_in_the_database():
    check_claims(Claim.objects.all())
    before = list(Claim.objects.order_by("key").values())

    checked(W)

    assert list(Claim.objects.order_by("key").values()) == before


def test_the_verdicts_are_written_to_approved_claims():
    Claim.objects.update(verdict="", recomputed="", reason="", checked_at=None)

    checked()

    claim = Claim.objects.get(key="wales-up-43")
    assert (claim.verdict, claim.recomputed, claim.is_approved) == (OK, "43.42", True)
    assert claim.checked_at is not None
    ours = Claim.objects.get(key="north-wales-up-79")
    assert (ours.verdict, ours.recomputed) == (OK, "79.09")


def test_an_altered_figure_is_found():
    statistic = Statistic.objects.get(source__key="deeside-2023", value_printed="2,061")
    review.edit(statistic, by=user("lead"))
    statistic.value_printed, statistic.value = "2,051", 2051
    statistic.save()

    found = checked()

    altered = next(each for each in found["claims"] if each["id"] == "wales-up-43")
    assert (altered["recomputed"], altered["verdict"]) == (42.73, OK)
    assert [each["wording"] for each in found["conflicts"] if each["kind"] == "value"] == [
        "Wales, 2021/22: 2,051 (deeside-2023) and 2,061 (tenby-2023) do not agree."
    ]


def test_the_number_of_queries_does_not_grow_with_the_claims(
    django_assert_max_num_queries: Any,
):
    with django_assert_max_num_queries(15):
        checked()


def test_the_table_names_each_section():
    output = StringIO()

    call_command("check_evidence", stdout=output)

    table = output.getvalue()
    assert "Claims (14)\n" in table
    assert "  confirmed  Gwent, 2016/17: 1,437 - 287 - 528 - 363 = 259\n" in table
    assert "Gaps (1)\n" in table


def test_a_source_that_is_not_there_is_refused():
    with pytest.raises(CommandError, match="There is no source 'nobody'"):
        checked("nobody")
