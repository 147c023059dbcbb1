"""The fixtures carry the facts as they are known, and load twice without harm."""

import re
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from evidence import review
from evidence.models import (
    Area,
    Claim,
    ConsentState,
    EvidenceGap,
    Period,
    RestrictedAccount,
    ReviewState,
    Snapshot,
    Source,
    Statement,
    Statistic,
    TestimonyVersion,
)
from evidence.permission import Use, may_be_used, refusals
from tests.demo_campaign import load, loaded_with_the_apps_rights
from tests.factories import user
from tests.refusing import run_as_owner

pytestmark = [pytest.mark.long, pytest.mark.django_db]

D, B, W, T, N, H, C = (
    "deeside-2023",
    "bbc-2018",
    "westwales-2018",
    "tenby-2023",
    "nationalworld-2023",
    "deeside-2024",
    "nspcc-2023",
)
WALES, NORTH, GWENT, SOUTH, DYFED = (
    "W92000004",
    "W15000001",
    "W15000002",
    "W15000003",
    "W15000004",
)
UK, EW = "K02000001", "K04000001"
NAMED = ("area", "period", "source")
FIRST, SECOND, BOTH = "2016/17", "2017/18", "April 2016 to March 2018"
FACTS = {
    (WALES, FIRST): {"1,437": {D, W, T}},
    (NORTH, FIRST): {"287": {D, B, W}},
    (GWENT, FIRST): {"259": {W}},
    (SOUTH, FIRST): {"528": {B, W}},
    (DYFED, FIRST): {"363": {B, W, T}},
    (WALES, SECOND): {"1,458": {W}},
    (NORTH, SECOND): {"373": {B, W}},
    (GWENT, SECOND): {"267": {W}},
    (SOUTH, SECOND): {"543": {B, W}},
    (DYFED, SECOND): {"275": {B, W}},
    (WALES, BOTH): {"2,895": {B, W}},
    (WALES, "2021/22"): {"2,061": {D, T}},
    (NORTH, "2021/22"): {"514": {D}},
    (DYFED, "2021/22"): {"356": {T}},
    (WALES, "2023/24"): {"2,194": {H}},
    (NORTH, "2023/24"): {"535": {H}},
    (GWENT, "2023/24"): {"503": {H}},
    (SOUTH, "2023/24"): {"964": {H}},
    (DYFED, "2023/24"): {"192": {H}},
    (UK, SECOND): {"22,724": {W}},
    (UK, "2021/22"): {"over 30,000": {D}},
    (EW, "2021/22"): {"30,925": {N}},
}
OTHER_FACTS = {
    ("image-offences-platform-named", EW, "2021/22", "9,888", N),
    ("image-offences-snapchat", EW, "2021/22", "4,293", N),
    ("image-offences-facebook", EW, "2021/22", "1,361", N),
    ("image-offences-instagram", EW, "2021/22", "1,363", N),
    ("image-offences-whatsapp", EW, "2021/22", "547", N),
    ("support-child-safety-advocate", UK, "2023", "88%", C),
    ("open-letter-signatures", UK, "2023", "nearly 40,000", C),
}


@pytest.fixture(scope="module", autouse=True)
def campaign(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), loaded_with_the_apps_rights():
        yield


def test_every_cell_is_printed_by_the_sources_that_print_it_and_no_other():
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    for each in Statistic.objects.filter(measure="image-offences").select_related(
        "area", "period", "source"
    ):
        cell = found.setdefault((each.area_id, each.period.label), {})
        cell.setdefault(each.display_value, set()).add(each.source.key)

    assert found == FACTS


def test_the_other_figures_are_there():
    rows = Statistic.objects.exclude(measure="image-offences").select_related(
        "area", "period", "source"
    )

    assert {
        (row.measure_id, row.area_id, row.period.label, row.display_value, row.source.key)
        for row in rows
    } == OTHER_FACTS


def test_the_number_is_read_from_what_is_printed():
    numbers = dict(Statistic.objects.values_list("value_printed", "value"))

    assert {printed: int(value) for printed, value in numbers.items()} == {
        printed: int(re.sub("[,%]", "", printed)) for printed in numbers
    }


def test_a_calendar_year_that_is_printed_for_a_financial_year_is_kept_beside_it():
    found = Statistic.objects.exclude(printed_period=None).values_list(
        "source__key", "value_printed", "period__label", "printed_period__label"
    )

    assert set(found) == {
        (D, "1,437", "2016/17", "2017"),
        (D, "2,061", "2021/22", "2022"),
        (D, "287", "2016/17", "2017"),
    }


def test_each_figure_points_to_the_words_that_print_it():
    unlike = [
        str(each)
        for each in Statistic.objects.select_related("excerpt", "source", "area", "period")
        if each.excerpt is None or each.value_printed not in each.excerpt.exact
    ]

    assert unlike == []


def test_every_snapshot_says_that_it_is_a_summary():
    snapshots = Snapshot.objects.all()

    assert snapshots.count() == 7
    assert all(
        each.is_summary and "Summary written for the demo" in each.text for each in snapshots
    )


def test_figures_lead_back_to_a_primary_source_that_is_not_held():
    chain = {each.key: [up.key for up in each.derived_from.all()] for each in Source.objects.all()}

    assert chain == {
        D: ["nspcc-release-2023"],
        T: ["nspcc-release-2023"],
        B: ["nspcc-release-2018"],
        W: ["nspcc-release-2018"],
        H: ["home-office-2024"],
        N: [],
        C: [],
        "nspcc-release-2023": ["foi-2022"],
        "nspcc-release-2018": ["foi-2018"],
        "foi-2018": [],
        "foi-2022": [],
        "home-office-2024": [],
    }
    assert set(Source.objects.filter(held=False).values_list("key", flat=True)) == {
        "foi-2018",
        "foi-2022",
        "nspcc-release-2018",
        "nspcc-release-2023",
        "home-office-2024",
    }


def test_a_date_that_is_not_printed_stays_empty():
    dates = {
        each.key: (each.date_label, each.accessed_on)
        for each in Source.objects.filter(key__in=[D, B, W, T, N, H])
    }

    assert dates == {
        D: ("22 February 2023", None),
        B: ("September 2018", None),
        W: ("13 September 2018", None),
        T: ("February 2023", None),
        N: ("February 2023", None),
        H: ("after March 2024", None),
    }


def test_quotations_are_short_and_of_office_holders():
    statements = {each.speaker: each for each in Statement.objects.all()}

    assert set(statements) == {"Sir Peter Wanless", "Des Mannion", "Victoria Atkins"}
    assert all(0 < len(each.words.split()) <= 12 for each in statements.values())
    assert all(each.excerpt.exact == each.words for each in statements.values())


def test_the_restricted_account_is_there_and_says_nothing():
    account = RestrictedAccount.objects.get()

    assert (account.source.key, account.state, account.became) == (D, "unknown", None)


def test_the_gap_is_there():
    assert list(EvidenceGap.objects.values_list("key", "source__key", "filled_by")) == [
        ("overwhelming-majority", D, None)
    ]


def test_every_police_force_and_country_has_its_code_and_its_place():
    assert Area.objects.count() == 51
    assert Area.objects.get(pk=GWENT).parent_id == WALES
    assert Area.objects.get(pk="S23000009").name == "Police Scotland"
    assert "PSNI" in Area.objects.get(pk="N92000002").aliases


PACK = ("policy_briefing", "parliament_members", "briefing_pack")
SPEECH = ("policy_briefing", "parliament_members", "speech")
WEBSITE = ("public_awareness", "public", "website_feed")


def test_the_accounts_may_be_used_as_far_as_their_consents_reach():
    today = Statistic.objects.first().created_at.date()
    allowed = {
        use: {each.attribution.split()[0] for each in may_be_used(Use(*use, at=today))}
        for use in (PACK, SPEECH, WEBSITE)
    }

    assert allowed == {PACK: {"Robin", "Sam"}, SPEECH: {"Robin"}, WEBSITE: {"Robin"}}


@pytest.mark.parametrize(
    ("name", "reason"),
    [("Alex", "is withdrawn."), ("Jo", "ended on")],
    ids=["withdrawn", "expired"],
)
def test_a_withdrawn_and_an_expired_consent_say_so(name: str, reason: str):
    version = TestimonyVersion.objects.get(attribution__startswith=name)
    today = version.contributor_approved_at.date()

    told = refusals(version, Use(*PACK, at=today))

    assert reason in " ".join(told)


def test_accounts_say_that_they_are_fictional():
    for version in TestimonyVersion.objects.select_related("testimony__contributor"):
        assert version.testimony.contributor.is_fictional
        assert version.testimony.title.startswith("Fictional example for demonstration")
        assert version.anonymity_note.startswith("Fictional example for demonstration")


def test_the_expired_consent_was_given_and_nobody_ended_it():
    version = TestimonyVersion.objects.get(attribution__startswith="Jo")

    assert [each.state for each in version.testimony.consents.all()] == [ConsentState.GIVEN]


def test_everything_is_approved_by_somebody_else_than_its_editor():
    for model in (Source, Statistic, Claim, Statement, EvidenceGap):
        states = model.objects.values_list(
            "review_state", "last_edited_by__username", "approved_by__username"
        )
        assert set(states) == {(ReviewState.APPROVED, "officer", "lead")}


def test_a_second_load_adds_nothing():
    report = load()

    assert report.added.total() == 0
    assert report.kept["figures"] == Statistic.objects.count()


def test_a_second_load_keeps_what_was_edited():
    statistic = Statistic.objects.get(source__key=W, area=GWENT, period__label=FIRST)
    review.edit(statistic, by=user("lead"))
    statistic.value_printed, statistic.value = "260", 260
    # Even a figure that was moved to another area and year is known again.
    statistic.area_id, statistic.period = SOUTH, Period.objects.get(label="2021/22")
    statistic.save()
    source = Source.objects.get(key=T)
    review.edit(source, by=user("lead"))
    source.key = "tenby-renamed"
    source.save()

    report = load()

    statistic.refresh_from_db()
    assert report.added.total() == 0
    assert (statistic.value_printed, statistic.area_id) == ("260", SOUTH)
    assert not Source.objects.filter(key=T).exists()


def test_what_is_missing_is_added_again():
    gap = EvidenceGap.objects.get()
    gap.ask_links.all().delete()
    run_as_owner("DELETE FROM evidence_evidencegap WHERE id = %s", gap.pk)

    report = load()

    assert {kind: number for kind, number in report.added.items() if number} == {"gaps": 1}
