"""A use is a row that a live consent covers: tried past our own code, as the app's login."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evidence import clearing, consenting
from evidence.models import (
    Audience,
    Channel,
    Decision,
    IdentityForm,
    Proceedings,
    RecallTask,
    Safeguarding,
    TestimonyUse,
)
from tests import factories as make
from tests.factories import raw_use
from tests.refusing import refused_by, refused_by_grant, run

pytestmark = pytest.mark.django_db


def test_a_covered_use_is_written() -> None:
    assert raw_use(make.covered()).recalled_at is None


@pytest.mark.parametrize("move", [consenting.pause, consenting.withdraw])
def test_a_consent_that_is_not_live_covers_no_use(move) -> None:
    covered = make.covered()
    move(covered.consent)

    with refused_by("testimony_use_consent_is_live"):
        raw_use(covered)


def test_an_expired_consent_covers_no_use() -> None:
    covered = make.covered(
        validity=(make.moment(-60), make.moment(-1)), review_due=make.moment(-30).date()
    )

    with refused_by("testimony_use_consent_is_live"):
        raw_use(covered)


def test_a_consent_that_ends_before_the_debate_does_not_cover_the_debate() -> None:
    covered = make.covered(
        validity=(make.moment(-30), make.moment(10)), review_due=make.moment(5).date()
    )

    raw_use(covered, used_on=(timezone.now() + timedelta(days=8)).date())
    with refused_by("testimony_use_consent_reaches_the_day"):
        raw_use(covered, used_on=(timezone.now() + timedelta(days=12)).date())


def test_a_scope_of_another_consent_permits_nothing() -> None:
    covered, other = make.covered(), make.covered(title="Another account")

    with refused_by("testimony_use_of_its_consents_scope"):
        raw_use(covered, scope=other.scopes[Channel.BRIEFING_PACK])


def test_a_consent_that_does_not_list_the_testimony_covers_no_use_of_it() -> None:
    covered, other = make.covered(), make.covered(title="Another account")

    with refused_by("testimony_use_of_a_listed_testimony"):
        raw_use(covered, version=other.version, testimony_id=other.version.testimony_id)


def test_a_version_of_another_testimony_is_refused() -> None:
    covered, other = make.covered(), make.covered(title="Another account")

    with refused_by("testimony_use_of_its_version"):
        raw_use(covered, version=other.version)


def test_a_denial_wins() -> None:
    covered = make.covered()
    make.scope(covered.consent, decision=Decision.DENY)

    with refused_by("testimony_use_scope_permits"):
        raw_use(covered)


@pytest.mark.parametrize("audience", [Audience.STAFF_NAMED, Audience.PARLIAMENTARIAN_NAMED])
def test_what_is_permitted_for_named_readers_carries_no_use(audience: str) -> None:
    account = make.testimony()
    consent = make.requested_consent(account.contributor)
    consent.listed.create(testimony=account)
    everybody, named = make.scope(consent), make.scope(consent, audience=audience)
    consenting.give(consent)
    of = make.Covered(make.cleared(account), consent, {Channel.BRIEFING_PACK: everybody})

    with refused_by("testimony_use_is_not_for_named_readers"):
        raw_use(of, scope=named)
    raw_use(of)


def test_a_denial_is_no_scope_to_use() -> None:
    covered = make.covered()
    denial = make.scope(covered.consent, Channel.PRINT, decision=Decision.DENY)

    with refused_by("testimony_use_scope_permits"):
        raw_use(covered, scope=denial)


def test_the_narrowest_identity_wins() -> None:
    covered = make.covered()
    make.scope(covered.consent, max_identity=IdentityForm.VERBATIM_ANONYMOUS)

    with refused_by("testimony_use_identity_within_scope"):
        raw_use(covered)


def test_a_version_cannot_be_used_as_if_it_told_less() -> None:
    with refused_by("testimony_use_identity_within_scope"):
        raw_use(make.covered(), identity=IdentityForm.PARAPHRASE_ANONYMOUS)


def test_a_use_by_name_is_refused() -> None:
    account = make.testimony()
    named = make.version(account, identity=IdentityForm.FIRST_NAME)
    clearing.clear(named, by=make.user("lead"))
    consent = make.requested_consent(account.contributor)
    consent.listed.create(testimony=account)
    permit = make.scope(consent, max_identity=IdentityForm.FULL_NAME)
    consenting.give(consent)

    with refused_by("testimony_use_by_name_needs_their_waiver"):
        raw_use(make.Covered(named, consent, {Channel.BRIEFING_PACK: permit}))


def test_words_that_are_not_cleared_are_refused() -> None:
    covered = make.covered()
    draft = make.version(covered.version.testimony, "Other words")

    with refused_by("testimony_use_version_is_cleared"):
        raw_use(covered, version=draft)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("safeguarding", Safeguarding.NOT_ASSESSED),
        ("safeguarding", Safeguarding.OPEN),
        ("proceedings", Proceedings.NOT_ASSESSED),
        ("proceedings", Proceedings.ACTIVE),
    ],
)
def test_open_safeguarding_or_proceedings_stop_every_use(field: str, value: str) -> None:
    covered = make.covered()
    testimony = covered.version.testimony
    setattr(testimony, field, value)
    testimony.save()

    with refused_by("testimony_use_safeguarding_is_clear"):
        raw_use(covered)


@pytest.mark.parametrize("column", ["identity", "used_on", "consent_id", "artefact_sha256"])
def test_a_use_is_never_rewritten(column: str) -> None:
    raw_use(make.covered())

    with refused_by_grant():
        run(f"UPDATE evidence_testimonyuse SET {column} = {column}")
    with refused_by_grant():
        run("DELETE FROM evidence_testimonyuse")


@pytest.mark.parametrize("move", [consenting.pause, consenting.withdraw])
def test_leaving_the_live_state_opens_a_recall_task_for_each_copy(move) -> None:
    covered = make.covered()
    copies = [raw_use(covered), raw_use(covered)]

    move(covered.consent)

    assert set(RecallTask.objects.values_list("use_id", flat=True)) == {copy.pk for copy in copies}
    assert not TestimonyUse.objects.filter(recalled_at=None).exists()


def test_raw_sql_that_ends_a_consent_opens_the_recall_as_well() -> None:
    covered = make.covered()
    copy = raw_use(covered)

    run("UPDATE evidence_consent SET state = 'revoked'")

    assert RecallTask.objects.get().use_id == copy.pk


def test_narrowing_calls_back_that_scope_alone() -> None:
    covered = make.covered(Channel.BRIEFING_PACK, Channel.PRINT)
    raw_use(covered)
    printed = raw_use(covered, Channel.PRINT)

    make.scope(covered.consent, Channel.PRINT, decision=Decision.DENY)

    assert RecallTask.objects.get().use_id == printed.pk


@pytest.mark.parametrize(
    ("field", "value"),
    [("safeguarding", Safeguarding.OPEN), ("proceedings", Proceedings.ACTIVE)],
)
def test_a_flag_calls_back_what_is_out(field: str, value: str) -> None:
    covered = make.covered()
    copy = raw_use(covered)

    run(f"UPDATE evidence_testimony SET {field} = %s", value)

    assert RecallTask.objects.get().use_id == copy.pk


def test_a_recalled_version_calls_back_its_uses() -> None:
    covered = make.covered()
    copy = raw_use(covered)

    clearing.recall(covered.version)

    assert RecallTask.objects.get().use_id == copy.pk


def test_holders_are_asked_within_two_working_days() -> None:
    rows = run(
        "SELECT to_char(since, 'Dy'), to_char(in_two_working_days(since), 'Dy') "
        "FROM generate_series(timestamptz '2026-11-16', '2026-11-22', '1 day') AS since"
    )

    assert dict(rows) == {
        "Mon": "Wed",
        "Tue": "Thu",
        "Wed": "Fri",
        "Thu": "Mon",
        "Fri": "Tue",
        "Sat": "Tue",
        "Sun": "Tue",
    }


@pytest.mark.parametrize("column", ["text", "attribution", "identity", "number", "anonymity_note"])
def test_a_version_is_never_edited(column: str) -> None:
    make.covered()

    with refused_by_grant():
        run(f"UPDATE evidence_testimonyversion SET {column} = {column}")


def test_a_cleared_version_keeps_its_approvals() -> None:
    make.covered()

    with refused_by("testimony_version_is_immutable"):
        run("UPDATE evidence_testimonyversion SET contributor_approved_at = now()")


def test_clearing_needs_a_second_person() -> None:
    made = make.version(make.testimony())

    with refused_by("testimony_version_cleared_by_a_second_person"):
        run("UPDATE evidence_testimonyversion SET state = 'cleared', cleared_by_id = written_by_id")
    assert made.state == "draft"


def test_a_recalled_version_never_comes_back() -> None:
    covered = make.covered()
    clearing.recall(covered.version)

    with refused_by("testimony_version_moves_are_permitted"):
        run("UPDATE evidence_testimonyversion SET state = 'cleared'")


def test_withdrawing_the_chamber_calls_back_the_packs_that_offer_it() -> None:
    covered = make.covered(Channel.BRIEFING_PACK, Channel.SPEECH, Channel.PRINT)
    copy = raw_use(covered)
    raw_use(covered, Channel.PRINT)

    make.scope(covered.consent, Channel.SPEECH, decision=Decision.DENY)

    assert RecallTask.objects.get().use_id == copy.pk


# What calls a copy back


TASK = (
    "INSERT INTO evidence_recalltask (id, use_id, opened_at, due_at, asked_at, chase_on, "
    "closed_at, note) VALUES (gen_random_uuid(), %s, now(), now(), {}, {}, {}, '')"
)


def test_no_recall_is_written_ahead_of_what_calls_back() -> None:
    covered = make.covered()
    copy = raw_use(covered)

    with refused_by("recall_task_is_of_a_recall"):
        run(TASK.format("NULL", "NULL", "NULL"), copy.pk)
    for done in (("now()", "NULL", "NULL"), ("NULL", "now()", "NULL"), ("NULL", "NULL", "now()")):
        with refused_by("recall_task_begins_open"):
            run(TASK.format(*done), copy.pk)
    consenting.withdraw(covered.consent)

    assert RecallTask.objects.get(closed_at=None).use_id == copy.pk


@pytest.mark.parametrize("column", ["use_id", "opened_at", "due_at"])
def test_what_a_recall_is_of_and_when_it_is_due_is_never_rewritten(column: str) -> None:
    with refused_by_grant():
        run(f"UPDATE evidence_recalltask SET {column} = {column}")


def test_a_recall_is_closed_once() -> None:
    covered = make.covered()
    raw_use(covered)
    consenting.withdraw(covered.consent)

    run("UPDATE evidence_recalltask SET asked_at = now(), chase_on = now(), closed_at = now()")
    for value in ("NULL", "now() - interval '1 day'"):
        with refused_by("recall_task_stays_closed"):
            run(f"UPDATE evidence_recalltask SET closed_at = {value}")
    run("UPDATE evidence_recalltask SET note = 'Shredded.'")
