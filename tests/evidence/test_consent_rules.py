"""What the database holds about a consent, tried with raw SQL as the app's login."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evidence import consenting, ledgers
from evidence.models import (
    Channel,
    Competence,
    Consent,
    ConsentEvent,
    ConsentScope,
    ConsentState,
    ConsentTestimony,
    Decision,
    ExpressedBy,
    IdentityForm,
)
from tests import factories as make
from tests.refusing import refused_by, refused_by_grant, run

pytestmark = pytest.mark.django_db

SUBJECT, PARENT, BOTH = (
    ExpressedBy.SUBJECT,
    ExpressedBy.PARENTAL_RESPONSIBILITY,
    ExpressedBy.BOTH,
)
ADULT, COMPETENT, NOT_COMPETENT = (
    Competence.ADULT_PRESUMED,
    Competence.GILLICK_COMPETENT,
    Competence.GILLICK_NOT_COMPETENT,
)


def requested(**fields: object) -> Consent:
    return make.requested_consent(make.testimony().contributor, **fields)


def set_state(consent: Consent, state: str) -> None:
    run("UPDATE evidence_consent SET state = %s WHERE record_id = %s", state, consent.pk)


@pytest.mark.parametrize(
    ("validity", "rule"),
    [
        ("[2024-01-01,)", "consent_validity_is_finite"),
        ("(,2026-01-01)", "consent_validity_is_finite"),
        ("empty", "consent_validity_is_finite"),
        ("[2024-01-01 00:00Z,2026-01-02 00:00Z)", "consent_validity_at_most_two_years"),
    ],
)
def test_validity_is_finite_and_at_most_two_years(validity: str, rule: str) -> None:
    consent = requested()

    with refused_by(rule):
        run(
            "UPDATE evidence_consent SET validity = %s::tstzrange, review_due = '2025-01-01' "
            "WHERE record_id = %s",
            validity,
            consent.pk,
        )


def test_two_years_to_the_day_are_allowed() -> None:
    consent = requested()

    run(
        "UPDATE evidence_consent SET validity = '[2024-01-01 00:00Z, 2026-01-01 00:00Z)', "
        "review_due = '2025-12-31' WHERE record_id = %s",
        consent.pk,
    )

    consent.refresh_from_db()
    assert (consent.validity.lower.year, consent.validity.upper.year) == (2024, 2026)


def test_review_falls_within_the_validity() -> None:
    with refused_by("consent_review_within_validity"):
        requested(review_due=(timezone.now() + timedelta(days=301)).date())


@pytest.mark.parametrize(
    ("age", "expressed_by", "competence", "assent", "rule"),
    [
        (0, SUBJECT, COMPETENT, True, "consent_under_13_by_parent"),
        (12, SUBJECT, COMPETENT, True, "consent_under_13_by_parent"),
        (12, BOTH, COMPETENT, True, None),
        (12, PARENT, NOT_COMPETENT, True, None),
        (12, PARENT, NOT_COMPETENT, False, "consent_under_18_has_assent"),
        (13, SUBJECT, COMPETENT, True, None),
        (13, SUBJECT, ADULT, True, "consent_under_16_is_assessed"),
        (15, SUBJECT, NOT_COMPETENT, True, "consent_not_competent_by_parent"),
        (15, PARENT, NOT_COMPETENT, True, None),
        (15, PARENT, ADULT, True, "consent_under_16_is_assessed"),
        (16, SUBJECT, ADULT, True, None),
        (16, SUBJECT, ADULT, False, "consent_under_18_has_assent"),
        (17, PARENT, ADULT, False, "consent_under_18_has_assent"),
        (18, SUBJECT, ADULT, False, None),
    ],
)
def test_age_competence_and_assent(
    age: int, expressed_by: str, competence: str, assent: bool, rule: str | None
) -> None:
    fields = {
        "age_at_consent": age,
        "expressed_by": expressed_by,
        "competence": competence,
        "subject_assent": assent,
    }

    def given() -> Consent:
        """What a child has not agreed to can be asked for, and not given."""
        consent = requested(**fields)
        if not assent and age < 18:
            consent.listed.create(testimony=consent.contributor.testimonies.get())
            make.scope(consent)
            consenting.give(consent)
        return consent

    if rule is None:
        assert given().age_at_consent == age
    else:
        with refused_by(rule):
            given()


def test_a_consent_starts_as_requested() -> None:
    with refused_by("consent_starts_as_requested"):
        requested(state="given")


def test_a_consent_is_not_given_in_the_future() -> None:
    consent = requested(event_time=make.moment(1))

    with refused_by("consent_not_in_the_future"):
        set_state(consent, "given")


def test_a_consent_says_when_it_was_given() -> None:
    consent = requested(event_time=None)

    with refused_by("consent_given_says_when"):
        set_state(consent, "given")


@pytest.mark.parametrize("final", ["withdrawn", "revoked", "invalidated"])
def test_final_states_are_final(final: str) -> None:
    consent = make.covered().consent
    set_state(consent, final)

    with refused_by("consent_final_is_final"):
        set_state(consent, "given")


def test_what_was_replaced_stays_replaced() -> None:
    covered = make.covered()
    renewal = make.renewal(covered)
    set_state(covered.consent, "replaced")
    set_state(renewal, "given")

    with refused_by("consent_final_is_final"):
        set_state(covered.consent, "given")


def test_a_consent_is_replaced_by_one_that_is_given() -> None:
    covered = make.covered()

    with refused_by("consent_replaced_by_another"):
        set_state(covered.consent, "replaced")
    make.renewal(covered)
    with refused_by("consent_replaced_by_another"):
        set_state(covered.consent, "replaced")


def test_a_refusal_is_final_too() -> None:
    consent = requested()
    set_state(consent, "refused")

    with refused_by("consent_final_is_final"):
        set_state(consent, "given")


@pytest.mark.parametrize(
    "change",
    [
        "age_at_consent = 40",
        "jurisdiction = 'SC'",
        "review_due = review_due + 1",
        "reconsent_month = '2030-01-01'",
    ],
)
def test_what_was_consented_to_cannot_be_edited(change: str) -> None:
    consent = make.covered().consent

    with refused_by("consent_given_is_not_edited"):
        run(f"UPDATE evidence_consent SET {change} WHERE record_id = %s", consent.pk)


def test_a_given_consent_cannot_become_requested_again() -> None:
    consent = make.covered().consent

    with refused_by("consent_moves_are_permitted"):
        set_state(consent, "requested")


def test_one_live_consent_for_a_testimony() -> None:
    first = make.covered()
    second = make.requested_consent(first.consent.contributor)
    ConsentTestimony.objects.create(consent=second, testimony=first.version.testimony)

    with refused_by("one_live_consent_for_a_testimony"):
        set_state(second, "given")


def test_a_renewal_follows_the_end_of_the_first() -> None:
    first = make.covered()
    second = make.renewal(first)

    set_state(first.consent, "replaced")
    set_state(second, "given")

    assert list(ConsentTestimony.objects.values_list("state", flat=True).order_by("id")) == [
        "replaced",
        "given",
    ]


def test_a_consent_lists_only_testimony_of_whoever_gave_it() -> None:
    consent = requested()
    other = make.testimony("Another person's account")

    with refused_by("consent_lists_its_contributors"):
        ConsentTestimony.objects.create(consent=consent, testimony=other)


def test_a_given_consent_lists_no_further_testimony() -> None:
    covered = make.covered()
    later = make.testimony("A later one", contributor=covered.consent.contributor)

    with refused_by("consent_lists_before_it_is_given"):
        ConsentTestimony.objects.create(consent=covered.consent, testimony=later)


def test_a_given_consent_is_never_widened() -> None:
    consent = make.covered().consent

    with refused_by("consent_scope_only_narrows"):
        make.scope(consent, Channel.WEBSITE_FEED)


def test_a_given_consent_is_never_widened_to_a_higher_identity() -> None:
    consent = make.covered().consent

    with refused_by("consent_scope_only_narrows"):
        make.scope(consent, max_identity=IdentityForm.FULL_NAME)


def test_a_given_consent_can_be_narrowed() -> None:
    consent = make.covered().consent

    make.scope(consent, decision=Decision.DENY)
    make.scope(consent, max_identity=IdentityForm.VERBATIM_ANONYMOUS)

    assert consent.scopes.count() == 3


def test_an_ended_consent_takes_no_scope_but_a_denial() -> None:
    consent = make.covered().consent
    consenting.withdraw(consent)

    with refused_by("consent_scope_only_narrows"):
        make.scope(consent, max_identity=IdentityForm.AGGREGATE_ONLY)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM evidence_consent",
        "DELETE FROM evidence_consentevent",
        "UPDATE evidence_consentevent SET to_state = 'given'",
        "DELETE FROM evidence_consentscope",
        "UPDATE evidence_consentscope SET decision = 'permit'",
        "DELETE FROM evidence_consenttestimony",
        "UPDATE evidence_consenttestimony SET state = 'withdrawn'",
        "TRUNCATE evidence_consent CASCADE",
        "TRUNCATE evidence_consentevent",
        "ALTER TABLE evidence_consent DISABLE TRIGGER ALL",
        "DROP TRIGGER consent_keeps_its_word ON evidence_consent",
        "SET session_replication_role = replica",
    ],
)
def test_history_and_rules_are_out_of_the_apps_reach(statement: str) -> None:
    make.covered()

    with refused_by_grant():
        run(statement)


def test_each_move_is_logged_with_its_login() -> None:
    consent = make.covered().consent

    consenting.pause(consent)
    consenting.resume(consent)
    consenting.withdraw(consent)

    assert list(ConsentEvent.objects.values_list("from_state", "to_state", "login")) == [
        ("", "requested", "attest_app"),
        ("requested", "given", "attest_app"),
        ("given", "suspended", "attest_app"),
        ("suspended", "given", "attest_app"),
        ("given", "withdrawn", "attest_app"),
    ]


def test_no_scope_of_a_library_switches_the_rules_off() -> None:
    consent = make.covered().consent
    run("SET LOCAL pgtrigger.ignore = '{*,evidence_consent,consent_keeps_its_word}'")

    with refused_by("consent_given_is_not_edited"):
        run("UPDATE evidence_consent SET age_at_consent = 40 WHERE record_id = %s", consent.pk)


def test_the_app_can_still_write_a_consent() -> None:
    covered = make.covered(Channel.BRIEFING_PACK, Channel.WEBSITE_FEED)

    assert Consent.objects.get().state == "given"
    assert ConsentScope.objects.count() == len(covered.scopes)
    with refused_by_grant():
        covered.consent.scopes.all().delete()


@pytest.mark.parametrize("act", [consenting.withdraw, consenting.pause])
def test_an_act_that_breaks_off_leaves_the_consent_as_it_was(monkeypatch, act) -> None:
    consent = make.covered().consent
    monkeypatch.setattr(ledgers, "export_after_commit", _broken_off)

    with pytest.raises(InterruptedError):
        act(consent)

    consent.refresh_from_db()
    assert consent.state == ConsentState.GIVEN


def _broken_off() -> None:
    raise InterruptedError
