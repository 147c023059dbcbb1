"""Notices, children, and one account taken back from a consent: raw SQL, as the app's login.

Beside it, each with its own subject: test_protection_{people,waivers,renewals,ledgers,erasure}.
"""

from datetime import UTC, datetime, time, timedelta

import pytest

from evidence import consenting, website
from evidence.models import (
    Audience,
    Channel,
    Competence,
    Consent,
    ConsentTestimony,
    ExpressedBy,
    PrivacyNotice,
    Purpose,
    RecallTask,
    TestimonyUse,
)
from publishing.models import Change, PublishedItem
from tests import factories as make
from tests.refusing import refused_by, refused_by_grant, run

pytestmark = pytest.mark.django_db

COVERS = "policy_briefing:parliament_members:briefing_pack"


def requested(**fields: object) -> Consent:
    return make.requested_consent(make.testimony().contributor, **fields)


def change(consent: Consent, what: str, *params: object) -> None:
    run(f"UPDATE evidence_consent SET {what} WHERE record_id = %s", *params, consent.pk)


# The notice that was shown


def insert_notice(version: str = "2026-02", **fields: object) -> None:
    row = {
        "version": version,
        "language": "en-GB",
        "text": "We ask for this.",
        "sha256": make.hash_of("We ask for this."),
        "covers": [COVERS],
        **fields,
    }
    run(
        "INSERT INTO evidence_privacynotice (id, version, language, text, sha256, covers, "
        "controllers, recipients, storage_location, retention_months, backup_days, "
        "withdrawal_method, added_at) VALUES (gen_random_uuid(), %s, %s, %s, %s, %s::varchar[], "
        "'us', 'them', 'here', 24, 35, 'ask', now())",
        *row.values(),
    )


def test_a_notice_is_written_with_the_hash_of_its_text() -> None:
    insert_notice()

    assert PrivacyNotice.objects.get().covers == [COVERS]


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"sha256": "0" * 64}, "privacy_notice_hash_is_of_its_text"),
        ({"sha256": "0"}, "privacy_notice_hash_is_of_its_text"),
        ({"text": "We ask for more."}, "privacy_notice_hash_is_of_its_text"),
    ],
)
def test_the_hash_is_of_the_very_text(fields: dict[str, object], rule: str) -> None:
    with refused_by(rule):
        insert_notice(**fields)


def test_other_words_are_another_version() -> None:
    insert_notice()

    with refused_by("privacy_notice_version_once"):
        insert_notice()
    insert_notice("2026-03")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_privacynotice SET text = 'Other words.'",
        "UPDATE evidence_privacynotice SET covers = '{}'",
        "DELETE FROM evidence_privacynotice",
        "TRUNCATE evidence_privacynotice CASCADE",
    ],
)
def test_a_notice_never_changes(statement: str) -> None:
    make.covered()

    with refused_by_grant():
        run(statement)


def test_a_consent_goes_no_further_than_its_notice() -> None:
    consent = requested(notice=make.notice("small", covers=[COVERS]))

    make.scope(consent)
    with refused_by("consent_scope_within_the_notice"):
        make.scope(consent, Channel.PRINT)
    with refused_by("consent_scope_within_the_notice"):
        make.scope(consent, audience=Audience.PUBLIC)
    with refused_by("consent_scope_within_the_notice"):
        make.scope(consent, purpose=Purpose.MEDIA)


def test_a_denial_needs_no_notice() -> None:
    consent = requested(notice=make.notice("small", covers=[COVERS]))

    assert make.scope(consent, Channel.PRINT, decision="deny").pk


@pytest.mark.parametrize(
    "channel",
    [Channel.SPEECH, Channel.COMMITTEE_WRITTEN_EVIDENCE, Channel.PRESS_RELEASE, Channel.SOCIAL],
)
def test_what_cannot_come_back_takes_a_tick(channel: str) -> None:
    consent = requested()

    with refused_by("consent_scope_irrevocable_is_understood"):
        make.scope(consent, channel, irrevocable_understood=False)
    make.scope(consent, channel, decision="deny", irrevocable_understood=False)
    make.scope(consent, channel, irrevocable_understood=True)


@pytest.mark.parametrize(
    "channel", [Channel.INTERNAL, Channel.BRIEFING_PACK, Channel.WEBSITE_FEED, Channel.PRINT]
)
def test_what_can_come_back_takes_none(channel: str) -> None:
    assert make.scope(requested(), channel, irrevocable_understood=False).pk


def test_a_consent_with_permits_keeps_its_notice() -> None:
    consent, other = requested(), make.notice("2026-03")
    change(consent, "notice_id = %s", other.pk)
    make.scope(consent)

    with refused_by("consent_keeps_its_notice"):
        change(consent, "notice_id = %s", make.notice().pk)
    consent.refresh_from_db()
    assert consent.notice == other


def test_a_given_consent_keeps_its_notice() -> None:
    consent, other = make.covered().consent, make.notice("2026-03")

    with refused_by("consent_keeps_its_notice"):
        change(consent, "notice_id = %s", other.pk)


# Children, and those who decide for others


@pytest.mark.parametrize("age", [13, 15, 16, 17])
def test_a_childs_consent_says_when_to_ask_again(age: int) -> None:
    consent = requested(**make.child(age, reconsent_month=None))

    with refused_by("consent_under_18_says_when_to_ask_again"):
        change(consent, "state = 'given'")
    change(consent, "reconsent_month = %s", make.child(age)["reconsent_month"])
    change(consent, "state = 'given'")


def test_an_adults_consent_need_not() -> None:
    change(consent := requested(age_at_consent=18), "state = 'given'")

    consent.refresh_from_db()
    assert (consent.state, consent.reconsent_month) == ("given", None)


def test_the_month_begins_on_its_first_day() -> None:
    with refused_by("consent_reconsent_is_a_month"):
        requested(**make.child(15, reconsent_month=make.moment(320).date().replace(day=2)))


@pytest.mark.parametrize(("age", "years"), [(12, 4), (15, 1), (16, 2), (17, 1)])
def test_the_month_is_no_later_than_the_birthday_that_it_stands_for(age: int, years: int) -> None:
    """At 16 they decide for themselves, and at 18 once more: consents do not run past that."""
    given = make.moment(-30)
    last = given.replace(year=given.year + years).date().replace(day=1)
    after = (last + timedelta(days=63)).replace(day=1)

    with refused_by("consent_reconsent_by_the_birthday"):
        requested(**make.child(age, reconsent_month=after), event_time=given)
    assert requested(**make.child(age, reconsent_month=last), event_time=given).pk


def test_a_childs_consent_ends_by_the_birthday_month() -> None:
    month = make.moment(200).date().replace(day=1)
    first = datetime.combine(month, time(), UTC)
    child = make.child(15, reconsent_month=month, review_due=make.moment(90).date())

    with refused_by("consent_ends_by_the_birthday_month"):
        requested(**child, validity=(make.moment(-30), first + timedelta(seconds=1)))
    assert make.requested_consent(
        make.testimony("Another").contributor, **child, validity=(make.moment(-30), first)
    ).pk


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        (make.child(16, competence=Competence.GILLICK_COMPETENT), "consent_from_16_is_not_gillick"),
        (
            {"age_at_consent": 40, "competence": Competence.GILLICK_COMPETENT},
            "consent_from_16_is_not_gillick",
        ),
        (
            {"age_at_consent": 40, "competence": Competence.MCA_LACKS},
            "consent_without_capacity_by_another",
        ),
        ({"lawful_basis": "6(1)(f)"}, "consent_rests_on_explicit_consent"),
        ({"special_category_condition": "9(2)(j)"}, "consent_rests_on_explicit_consent"),
    ],
)
def test_whoever_decides_may_decide(fields: dict[str, object], rule: str) -> None:
    with refused_by(rule):
        requested(**fields)


def test_another_lawful_representative_decides_for_who_lacks_capacity() -> None:
    consent = requested(competence=Competence.MCA_LACKS, expressed_by=ExpressedBy.OTHER_LAWFUL)

    change(consent, "state = 'given'")


@pytest.mark.parametrize("decides", [ExpressedBy.PARENTAL_RESPONSIBILITY, ExpressedBy.BOTH])
def test_parents_who_disagree_cannot_give_it(decides: str) -> None:
    consent = requested(**make.child(14, expressed_by=decides, pr_conflict=True))

    with refused_by("consent_not_against_a_parent"):
        change(consent, "state = 'given'")
    change(consent, "state = 'deferred'")


def test_a_competent_child_decides_although_parents_disagree() -> None:
    consent = requested(**make.child(14, pr_conflict=True))

    change(consent, "state = 'given'")


def test_a_consent_does_not_replace_itself() -> None:
    consent = requested()

    with refused_by("consent_does_not_replace_itself"):
        change(consent, "replaces_id = record_id")


def test_the_receipt_is_noted_once_and_nothing_else_is() -> None:
    consent = make.covered().consent

    change(consent, "receipt_issued_at = now()")
    with refused_by("consent_given_is_not_edited"):
        change(consent, "receipt_issued_at = NULL")
    with refused_by("consent_given_is_not_edited"):
        change(consent, "reconsent_month = '2031-01-01'")


# One account of several taken back


@pytest.fixture
def two() -> tuple[make.Covered, make.Covered]:
    """Two accounts under one consent, both on the website, both in a pack."""
    contributor = make.testimony("First").contributor
    accounts = [contributor.testimonies.get(), make.testimony("Second", contributor=contributor)]
    words = [make.cleared(account) for account in accounts]
    consent = make.requested_consent(contributor)
    for account in accounts:
        ConsentTestimony.objects.create(consent=consent, testimony=account)
    channels = (Channel.BRIEFING_PACK, Channel.WEBSITE_FEED)
    scopes = {channel: make.scope(consent, channel) for channel in channels}
    consenting.give(consent)
    covered = tuple(make.Covered(version, consent, scopes) for version in words)
    for each in covered:
        website.put_on_website(each.version.testimony)
        make.raw_use(each)
    return covered


def take_back(covered: make.Covered) -> None:
    run(
        "UPDATE evidence_consenttestimony SET withdrawn_at = now() "
        "WHERE consent_id = %s AND testimony_id = %s",
        covered.consent.pk,
        covered.version.testimony_id,
    )


def test_one_account_taken_back_takes_only_its_own_uses(two) -> None:
    first, second = two

    take_back(first)

    gone = TestimonyUse.objects.filter(recalled_at__isnull=False)
    assert {use.testimony_id for use in gone} == {first.version.testimony_id}
    assert [item.id for item in PublishedItem.objects.all()] == [second.version.testimony.public_id]
    assert RecallTask.objects.get().use.testimony_id == first.version.testimony_id
    last = Change.objects.order_by("-seq").first()
    assert (last.op, last.item_id) == ("remove", first.version.testimony.public_id)


def test_what_was_taken_back_is_not_used_again_and_the_rest_is(two) -> None:
    first, second = two
    take_back(first)

    with refused_by("testimony_use_listing_is_live"):
        make.raw_use(first)
    make.raw_use(second)


@pytest.mark.parametrize("to", ["NULL", "now() + interval '1 day'"])
def test_it_is_taken_back_once_and_stays_so(two, to: str) -> None:
    take_back(two[0])

    with refused_by("consent_listing_is_withdrawn_once"):
        run(
            f"UPDATE evidence_consenttestimony SET withdrawn_at = {to} WHERE testimony_id = %s",
            two[0].version.testimony_id,
        )


@pytest.mark.parametrize("column", ["state", "validity", "consent_id", "testimony_id"])
def test_nothing_else_of_a_listing_is_the_apps_to_write(two, column: str) -> None:
    with refused_by_grant():
        run(f"UPDATE evidence_consenttestimony SET {column} = {column}")


def test_another_consent_can_take_in_what_was_taken_back(two) -> None:
    first, _ = two
    take_back(first)
    later = make.requested_consent(first.consent.contributor)
    ConsentTestimony.objects.create(consent=later, testimony=first.version.testimony)
    scopes = {Channel.BRIEFING_PACK: make.scope(later)}

    change(later, "state = 'given'")

    make.raw_use(make.Covered(first.version, later, scopes))


def test_the_other_states_still_follow_the_consent(two) -> None:
    take_back(two[0])

    change(two[0].consent, "state = 'withdrawn'")

    assert set(ConsentTestimony.objects.values_list("state", flat=True)) == {"withdrawn"}
