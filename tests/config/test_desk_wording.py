"""What a new officer stumbled over at the desk: whom to ask, what has ended, what was typed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.urls import reverse
from django.utils import timezone

from campaigns.issuing import issue
from config.overview import overview
from evidence import consenting
from evidence.admin.consent import state, valid
from evidence.models import Consent, ConsentState, RecallTask
from tests import factories as make
from tests.campaigns import packing
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import address_of, client_of, press

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"


def approved_pack(*versions):
    chosen = (("problem", [packing.figure()]), ("case_study", versions))
    return packing.approved(packing.pack(*chosen))


@pytest.fixture
def recalls():
    covered = make.covered()
    holders = [packing.member("Lord One"), packing.member("Lady Two")]
    issue(approved_pack(covered.version), to=holders, by=make.user("campaign lead"))
    consenting.withdraw(covered.consent)
    return RecallTask.objects.all()


@pytest.fixture
def keeper():
    return client_of(rows.person("keeper", "safeguarding lead"))


def test_a_recall_says_whom_to_ask_and_for_what(keeper, recalls):
    words = keeper.get(reverse("admin:evidence_recalltask_changelist")).content.decode()
    page = keeper.get(address_of(recalls[0], "change"))

    assert [name in words for name in ("Lord One", "Lady Two")] == [True, True]
    assert "A voice for children, version 1" in words
    assert "who holds A voice for children, version 1. Due " in page.context["standing"][0]


def test_who_holds_the_copies_is_read_at_once_for_the_whole_list(
    keeper, recalls, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        keeper.get(reverse("admin:evidence_recalltask_changelist"))


def test_asking_and_closing_are_a_button_each(keeper, recalls):
    task = recalls[0]

    keeper.post(address_of(task, "asked"), {"chase_on": "2027-01-05"})
    task.refresh_from_db()
    assert (task.asked_at is not None, str(task.chase_on)) == (True, "2027-01-05")
    keeper.post(address_of(task, "close"), {"outcome": "destroyed"})
    task.refresh_from_db()
    assert (task.closed_at is not None, task.use.outcome) == (True, "destroyed")
    again = keeper.post(address_of(task, "asked"), {"chase_on": "2027-01-05"})
    assert "The recall is closed." in again.content.decode()


DAY = timedelta(days=1)


def lasting(start: timedelta, end: timedelta) -> DateTimeTZRange:
    return DateTimeTZRange(timezone.now() + start, timezone.now() + end)


def test_only_what_is_still_valid_ends_soon(keeper):
    for number, end in enumerate([-DAY, 30 * DAY, 300 * DAY]):
        consent = rows.consent(number)
        lasts = lasting(-60 * DAY, end)
        due = timezone.localdate() - 30 * DAY
        Consent.objects.filter(pk=consent.pk).update(
            validity=lasts, review_due=due, event_time=lasts.lower
        )
        consenting.give(Consent.objects.get(pk=consent.pk))

    numbers = overview(rows.person("other", "safeguarding lead")).numbers
    [number] = [each for each in numbers if "90 days" in each.words]

    assert number.count == 1
    assert keeper.get(number.url).context["cl"].result_count == 1


def test_a_given_consent_whose_time_is_over_has_ended():
    over = Consent(state=ConsentState.GIVEN, validity=lasting(-3 * DAY, -DAY))
    current = Consent(state=ConsentState.GIVEN, validity=lasting(-DAY, DAY))

    assert state(over) == ("ended", "Ended")
    assert state(current) == ("given", "Given")


def test_validity_is_two_plain_days_on_a_given_consents_page(keeper):
    zone = ZoneInfo("Europe/London")
    days = DateTimeTZRange(datetime(2026, 8, 23, tzinfo=zone), datetime(2028, 7, 13, tzinfo=zone))
    given = make.covered().consent

    words = keeper.get(address_of(given, "change")).content.decode()

    assert valid(Consent(validity=days)) == "23 August 2026 to 13 July 2028"
    assert valid(given) in words
    assert "DateTimeTZRange" not in words


def test_an_unknown_member_is_named_and_what_was_typed_stays():
    lead, pack = client_of(rows.person("lead", "campaign lead")), approved_pack()
    packing.member("Lord One")

    words = press(lead, pack, "issue", note="Lord One\nLady Nobody")

    assert "There is no member “Lady Nobody”" in words
    assert ">Lord One\nLady Nobody</textarea>" in words
    assert "Lady Nobody" not in lead.get(address_of(pack, "change")).content.decode()


def test_after_an_issue_the_copies_and_the_document_are_found():
    lead, pack = client_of(rows.person("lead", "campaign lead")), approved_pack()
    packing.member("Lord One")

    words = press(lead, pack, "issue", note="Lord One\n\n")
    version = pack.versions.get()
    page = lead.get(address_of(version, "change")).content.decode()

    assert "packs/issued" in words
    assert reverse("admin:campaigns_packversion_document", args=[version.pk]) in words
    assert "Lord One" in page
