"""What is due: after a consent's end, after a hold, and what a person has to look at."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from evidence import consenting, erasing
from evidence.models import ConsentEvent, Contributor
from evidence.retention import Why, due, months_after
from tests import factories as make
from tests.refusing import run_as_owner

pytestmark = pytest.mark.django_db

MONTHS = timedelta(days=31)


def whys(at: datetime | None = None) -> list[Why]:
    return [each.why for each in due(at)]


def test_after_the_retention_that_the_notice_told_and_not_before() -> None:
    covered = make.covered(notice=make.notice("short", retention_months=3))
    consenting.withdraw(covered.consent)
    ended = ConsentEvent.objects.get(to_state="withdrawn").at

    assert whys(months_after(ended, 3) - timedelta(seconds=1)) == []
    [found] = due(months_after(ended, 3))
    assert (found.contributor, found.why) == (covered.consent.contributor, Why.RETENTION_OVER)
    assert found.since == timezone.localdate(months_after(ended, 3))


def test_a_consent_that_expired_counts_from_its_end() -> None:
    covered = make.covered(notice=make.notice("short", retention_months=3))
    end = covered.consent.validity.upper

    assert whys(months_after(end, 3) - timedelta(days=1)) == []
    assert whys(months_after(end, 3)) == [Why.RETENTION_OVER]


def test_what_was_asked_and_never_answered_lapses_with_the_time_it_asked_for() -> None:
    covered = make.covered(notice=make.notice("short", retention_months=1))
    asked = make.renewal(covered, notice=covered.consent.notice)
    consenting.withdraw(covered.consent)
    asked.refresh_from_db()
    lapses = months_after(asked.validity.upper, 1)

    assert whys(lapses - timedelta(seconds=1)) == []
    assert whys(lapses) == [Why.RETENTION_OVER]
    consenting.refuse(asked)
    assert whys(timezone.now() + 2 * MONTHS) == [Why.RETENTION_OVER]


def test_who_told_us_and_never_agreed_to_anything_is_due_after_a_year() -> None:
    account = make.testimony(collected_on=date(2026, 1, 15))
    a_year_later = timezone.make_aware(datetime(2027, 1, 15))
    make.testimony(
        "Still asked",
        contributor=make.requested_consent(make.testimony("Asked").contributor).contributor,
    )

    assert whys(a_year_later - timedelta(seconds=1)) == []
    [found] = due(a_year_later)
    assert (found.contributor, found.why) == (account.contributor, Why.NEVER_AGREED)
    make.testimony("Another", contributor=account.contributor, collected_on=date(2026, 3, 1))
    assert whys(a_year_later) == []


def test_the_longest_retention_counts() -> None:
    covered = make.covered(notice=make.notice("short", retention_months=1))
    consenting.withdraw(covered.consent)
    other = make.requested_consent(
        covered.consent.contributor, notice=make.notice("long", retention_months=12)
    )
    consenting.refuse(other)

    assert whys(timezone.now() + 2 * MONTHS) == []
    assert whys(timezone.now() + 13 * MONTHS) == [Why.RETENTION_OVER]


@pytest.mark.parametrize("hold", ["police", "legal_claim"])
def test_a_hold_keeps_somebody_off_the_list(hold) -> None:
    covered = make.covered(notice=make.notice("short", retention_months=0))
    consenting.withdraw(covered.consent)
    Contributor.objects.update(retention_hold=hold)

    assert whys(timezone.now() + 100 * MONTHS) == []


def test_an_erasure_that_was_held_until_now() -> None:
    contributor = make.covered().consent.contributor
    Contributor.objects.update(retention_hold="police")
    request = erasing.ask_for_erasure(contributor, by=None)
    assert whys() == [Why.TELL_OF_HOLD]

    erasing.told(request)
    assert whys() == []
    assert whys(months_after(timezone.now(), 6)) == [Why.REVIEW_HOLD]
    Contributor.objects.update(retention_hold="none")
    in_years = timezone.now() + 100 * MONTHS
    assert (whys(), whys(in_years)) == ([Why.ASKED], [Why.ASKED])
    erasing.erase(Contributor.objects.get())
    assert (whys(), whys(in_years)) == ([], [])


def test_the_longest_due_comes_first_and_the_command_lists_it() -> None:
    contributors = [make.covered(title=title).consent.contributor for title in ("One", "Two")]
    Contributor.objects.update(retention_hold="police")
    for contributor in contributors:
        erasing.ask_for_erasure(contributor, by=None)
    run_as_owner(
        "UPDATE evidence_erasurerequest SET asked_at = asked_at - interval '1 year', "
        "told_at = now() WHERE contributor_id = %s",
        contributors[1].pk,
    )
    out = StringIO()

    call_command("erasures_due", stdout=out)

    first, second = out.getvalue().splitlines()
    assert first.startswith(f"{contributors[1].pk} Two: a hold has stopped an erasure")
    assert second.startswith(f"{contributors[0].pk} One: an erasure waits for a hold")


def test_nothing_is_due() -> None:
    out = StringIO()

    call_command("erasures_due", stdout=out)

    assert out.getvalue() == "Nothing is due.\n"


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2026, 8, 15), 6, (2027, 2, 15)),
        ((2024, 2, 29), 12, (2025, 2, 28)),
        ((2026, 12, 1), 0, (2026, 12, 1)),
    ],
)
def test_months_after(start, months, end) -> None:
    assert months_after(datetime(*start, tzinfo=UTC), months) == datetime(*end, tzinfo=UTC)
