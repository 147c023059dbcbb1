"""The safeguarding lead's board: what waits, worst first, and where each row leads."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.issuing import issue
from config.board import Row, board
from config.roles import ROLES
from evidence import consenting, protecting, recalling
from evidence.models import (
    Alert,
    AnonymityWaiver,
    Channel,
    Consent,
    Contributor,
    ErasureRequest,
    Life,
    NoticeKind,
    RecallTask,
    ReportingRestriction,
    RetentionHold,
    Safeguarding,
    TestimonyUse,
)
from evidence.permission import Use
from evidence.uses import record_use
from evidence.website import put_on_website
from tests import factories as make
from tests.campaigns import packing
from tests.config import desk_rows as rows
from tests.evidence.test_review_admin import address_of, client_of, form_of, press

pytestmark = pytest.mark.django_db

BOARD = "/admin/safeguarding/"
TODAY = timezone.localdate
DAY = timedelta(days=1)


@pytest.fixture
def keeper() -> Client:
    return client_of(rows.person("keeper", "safeguarding lead"))


def found(key: str) -> list[Row]:
    sections = {each.key: each for each in board(rows.person("keeper", "safeguarding lead"))}
    return list(sections[key].rows)


def used_on(covered: make.Covered, days: int) -> TestimonyUse:
    """A use on that day, past or to come: past ones are moved there afterwards."""
    use = Use(
        purpose="policy_briefing",
        audience="parliament_members",
        channel="briefing_pack",
        at=TODAY() + days * DAY,
        publication="pack:example",
    )
    return record_use(covered.version, use, artefact_sha256="a" * 64)


def test_a_stranger_is_shown_the_door(client):
    assert client.get(BOARD)["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("role", ROLES)
def test_the_board_and_its_box_are_the_safeguarding_leads(role):
    reader = client_of(rows.person("reader", role))

    page, first = reader.get(BOARD), reader.get(reverse("admin:index"))

    is_lead = role == "safeguarding lead"
    assert page.status_code == (200 if is_lead else 403)
    assert ("safeguarding" in first.context) == is_lead


def test_where_nothing_waits_each_section_says_so(keeper):
    words = keeper.get(BOARD).content.decode()
    first = keeper.get(reverse("admin:index")).content.decode()

    assert "No copy is being called back." in words
    assert "No restriction is open." in words
    assert "Nothing waits: no alert, no recall, no decision." in first


def test_a_withdrawal_raises_an_alert_that_is_settled_with_its_button(keeper):
    consenting.withdraw(make.covered().consent)
    alert = Alert.objects.get()

    [row] = found("alerts")
    press(keeper, alert, "seen")

    assert (row.title, row.url, row.is_late) == ("Withdrawn", address_of(alert, "change"), True)
    assert (alert.seen_by.username, found("alerts")) == ("keeper", [])


def test_a_recall_is_due_until_asked_then_until_the_day_to_ask_again():
    covered = make.covered()
    used_on(covered, 3)
    consenting.withdraw(covered.consent)
    task = RecallTask.objects.get()

    [unasked] = found("recalls")
    recalling.mark_asked(task)
    [asked] = found("recalls")
    recalling.chase_again(task, on=TODAY())
    [late] = found("recalls")
    recalling.close(task, "no_reply")

    assert (unasked.url, asked.url, late.url) == (
        address_of(task, "asked"),
        address_of(task, "close"),
        address_of(task, "asked"),
    )
    assert (asked.is_late, late.is_late, found("recalls")) == (False, True, [])
    assert asked.due == recalling.working_days_after(TODAY(), 5)


def test_a_consent_that_ends_soon_leads_to_its_renewal():
    due = TODAY() + 30 * DAY
    consent = make.covered(validity=(make.moment(-300), make.moment(40)), review_due=due).consent

    [row] = found("ending")

    assert (row.url.endswith(f"?renews={consent.pk}"), row.due, row.is_late) == (True, due, False)


def test_a_birthday_within_90_days_is_told_by_its_month():
    month = (TODAY() + 60 * DAY).replace(day=1)
    make.covered(
        age_at_consent=17,
        subject_assent=True,
        reconsent_month=month,
        validity=(make.moment(-30), make.moment(20)),
        review_due=TODAY(),
    )

    [row] = found("reconsents")

    assert (row.told, row.due) == (f"A birthday in {month:%B %Y}.", month)


def test_what_is_not_assessed_leads_to_the_account():
    account = make.testimony()
    account.safeguarding = Safeguarding.NOT_ASSESSED
    account.save()

    [row] = found("flags")

    assert (row.url, row.told) == (
        address_of(account, "change"),
        "Safeguarding: not assessed. Proceedings: none.",
    )


def test_restrictions_deaths_and_unsigned_waivers_lead_to_their_signature():
    covered = make.covered()
    account = covered.version.testimony
    noted = ReportingRestriction.objects.create(
        testimony=account, kind="CA89_s97", noted_by=make.user("officer")
    )
    dead = make.person_spoken_about(account, life=Life.DIED)
    waiver = AnonymityWaiver.objects.create(
        consent=covered.consent,
        version=covered.version,
        publication="website",
        matter="That it happened.",
        signed_at=make.moment(-1),
        age_when_signed=34,
        document_sha256="a" * 64,
        recorded_by=make.user("recorder"),
    )

    urls = [found(key)[0].url for key in ("restrictions", "deaths", "waivers")]

    assert urls == [address_of(each, "change") for each in (noted, dead, waiver)]
    assert found("waivers")[0].told == (
        "It lacks the check for pressure and the signature for the law."
    )


def test_before_a_use_they_are_told_and_that_is_recorded(keeper):
    use = used_on(make.covered(), 10)
    used_on(make.covered(title="Later"), 20)

    [row] = found("before-use")
    form = keeper.get(row.url).context["adminform"].form
    keeper.post(
        reverse("admin:evidence_usenotice_add"),
        {
            "testimony": str(use.testimony_id),
            "used_on": use.used_on,
            "kind": form["kind"].value(),
            "how": "phone",
        },
    )

    assert (row.title, row.due, row.is_late) == ("An account", use.used_on, False)
    assert form["kind"].value() == NoticeKind.BEFORE_USE
    assert found("before-use") == []


def test_a_notice_is_recorded_once_and_the_second_is_refused_at_its_field(keeper):
    use = used_on(make.covered(), 1)
    given = {
        "testimony": str(use.testimony_id),
        "used_on": use.used_on,
        "kind": "before_use",
        "how": "phone",
    }
    address = reverse("admin:evidence_usenotice_add")

    keeper.post(address, given)
    again = keeper.post(address, given)

    assert again.context["adminform"].form.errors == {"kind": ["That is recorded already."]}


def test_after_a_use_they_are_asked_how_they_are():
    use = used_on(make.covered(), 0)
    lead = rows.person("keeper", "safeguarding lead")

    later = {each.key: each for each in board(lead, TODAY() + 8 * DAY)}
    too_late = {each.key: each for each in board(lead, TODAY() + 15 * DAY)}

    [row] = later["check-ins"].rows
    assert (row.due, row.is_late) == (use.used_on, True)
    assert too_late["check-ins"].rows == ()


def test_an_erasure_leads_to_what_is_to_be_done_about_it():
    held = Contributor.objects.create(label="Held", retention_hold=RetentionHold.POLICE)
    free = Contributor.objects.create(label="Free")
    for each in (held, free):
        ErasureRequest.objects.create(contributor=each, held_because=each.retention_hold)

    urls = {row.title: row.url for row in found("erasures")}

    assert urls["Free"] == address_of(free, "erase")
    assert urls["Held"].startswith(reverse("admin:evidence_erasurerequest_changelist"))


def test_what_is_late_comes_first():
    account = make.testimony("Waits")
    account.proceedings = "not_assessed"
    account.save()
    consenting.withdraw(make.covered().consent)

    keys = [each.key for each in board(rows.person("keeper", "safeguarding lead")) if each.rows]

    assert keys == ["alerts", "flags"]


def test_who_holds_a_copy_is_told_to_those_alone_who_may_see_copies(settings, tmp_path):
    settings.PACKS = tmp_path / "packs"
    covered = make.covered()
    chosen = (("problem", [packing.figure()]), ("case_study", [covered.version]))
    pack = packing.approved(packing.pack(*chosen))
    issue(pack, to=[packing.member("Lord Canary")], by=make.user("campaign lead"))
    consenting.withdraw(covered.consent)
    task = RecallTask.objects.get()
    pages = [reverse("admin:evidence_recalltask_changelist"), address_of(task, "change")]

    seen = {
        role: ["Lord Canary" in client_of(rows.person("reader", role)).get(page).content.decode()
               for page in pages]
        for role in ("safeguarding lead", "data-protection officer", "legal reviewer")
    }  # fmt: skip

    assert seen == {
        "safeguarding lead": [True, True],
        "data-protection officer": [False, False],
        "legal reviewer": [False, False],
    }


def many(number: int) -> None:
    """One more of everything that the board looks at."""
    covered = make.covered(
        Channel.BRIEFING_PACK, Channel.WEBSITE_FEED, title=f"An account {number}"
    )
    put_on_website(covered.version.testimony)
    used_on(covered, 5)
    other = make.covered(title=f"Another account {number}")
    used_on(other, 5)
    consenting.withdraw(other.consent)
    account = make.testimony(f"Not assessed {number}")
    account.safeguarding = Safeguarding.NOT_ASSESSED
    account.save()
    make.person_spoken_about(account, life=Life.DIED)
    make.person_spoken_about(account, is_accused=True, is_identifiable=True)
    accused = make.person_spoken_about(account, is_accused=True)
    accused.is_accused = False
    protecting.note(accused, by=make.user("keeper"))
    make.version(account)
    ReportingRestriction.objects.create(
        testimony=account, kind="CA89_s97", noted_by=make.user("officer")
    )
    ErasureRequest.objects.create(contributor=account.contributor)


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", [BOARD, "/admin/"])
def test_it_asks_the_same_of_the_database_with_one_of_each_and_with_three(keeper, address):
    many(1)
    with_one = queries_of(keeper, address)
    many(2)
    many(3)

    assert queries_of(keeper, address) == with_one


def test_a_recall_is_closed_with_an_outcome_that_is_written_to_the_use(keeper):
    covered = make.covered()
    used_on(covered, 3)
    consenting.withdraw(covered.consent)
    task = RecallTask.objects.get()

    asked = keeper.get(address_of(task, "asked")).context["form"]
    keeper.post(address_of(task, "asked"), {"chase_on": asked["chase_on"].value()})
    unsaid = keeper.post(address_of(task, "close"))
    keeper.post(address_of(task, "close"), {"outcome": "irrevocable"})

    task.refresh_from_db()
    assert unsaid.context["form"].errors == {"outcome": ["Say what became of the copy."]}
    assert (task.asked_at is not None, task.chase_on) == (
        True,
        recalling.working_days_after(TODAY(), 5),
    )
    assert (task.closed_at is not None, task.use.outcome) == (True, "irrevocable")
    assert keeper.get(address_of(task, "change")).context["pages"] == []


def test_the_day_to_ask_again_is_changed_on_the_recalls_page(keeper):
    covered = make.covered()
    used_on(covered, 3)
    consenting.withdraw(covered.consent)
    task = RecallTask.objects.get()

    keeper.post(
        address_of(task, "change"), form_of(keeper, task, chase_on="2027-01-05", note="Rang.")
    )

    task.refresh_from_db()
    assert (str(task.chase_on), task.note, task.asked_at) == ("2027-01-05", "Rang.", None)


def test_working_days_step_over_a_weekend():
    friday = date(2026, 11, 20)

    assert [str(recalling.working_days_after(friday, days)) for days in (1, 2, 5)] == [
        "2026-11-23",
        "2026-11-24",
        "2026-11-27",
    ]


def test_a_consent_whose_review_is_far_off_does_not_wait():
    make.covered(validity=(make.moment(-30), make.moment(400)), review_due=TODAY() + 300 * DAY)

    assert (Consent.objects.count(), found("ending")) == (1, [])
