"""Erasing somebody, by raw SQL: all that was written of them goes, and nothing comes after it."""

from uuid import UUID, uuid4

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from evidence import clearing, consenting, website
from evidence.models import (
    AnonymityWaiver,
    Channel,
    Consent,
    Contributor,
    ErasureLedger,
    ErasureRequest,
    IdentifyingFeature,
    RecallTask,
    RetentionHold,
    Testimony,
    TestimonyUse,
    TestimonyVersion,
    VaultLook,
)
from publishing.models import Change, PublishedItem
from tests import factories as make
from tests.refusing import (
    refused_by,
    refused_by_grant,
    run,
    run_as_owner,
    run_past_the_rules,
)

pytestmark = pytest.mark.django_db

CANARY = "canary-erased-9d2"


def erase(contributor: UUID) -> None:
    run("SELECT erase_contributor(%s)", contributor)


def count(table: str) -> int:
    return run(f"SELECT count(*) FROM evidence_{table}")[0][0]


@pytest.fixture
def known() -> make.Covered:
    """Somebody of whom something is written in every place where words can be."""
    account = make.testimony(CANARY)
    words = make.version(account, CANARY, attribution=CANARY, anonymity_note=CANARY)
    IdentifyingFeature.objects.create(version=words, kind="place", told=CANARY)
    clearing.clear(words, by=make.user("lead"))
    make.version(account, f"A draft, {CANARY}", content_warning=CANARY)
    consent = make.requested_consent(account.contributor, **make.child(17))
    consent.listed.create(testimony=account)
    channels = (Channel.BRIEFING_PACK, Channel.WEBSITE_FEED)
    scopes = {channel: make.scope(consent, channel) for channel in channels}
    consenting.give(consent)
    covered = make.Covered(words, consent, scopes)
    in_the_vault(covered)
    website.put_on_website(account)
    make.raw_use(covered, publication="outlet:example-times", holder=CANARY)
    return covered


def in_the_vault(covered: make.Covered) -> None:
    person, officer = covered.consent.contributor_id, make.user("officer").pk
    sealed = CANARY.encode()
    run(
        "INSERT INTO evidence_identity (contributor_id, sealed, recorded_at, recorded_by_id) "
        "VALUES (%s, %s, now(), %s)",
        person,
        sealed,
        officer,
    )
    run(
        "INSERT INTO evidence_rawaccount (testimony_id, sealed, recorded_at, recorded_by_id) "
        "VALUES (%s, %s, now(), %s)",
        covered.version.testimony_id,
        sealed,
        officer,
    )
    run(
        "INSERT INTO evidence_consentevidence (consent_id, sealed, media_type, sha256, "
        "recorded_at, recorded_by_id) VALUES (%s, %s, 'text/plain', %s, now(), %s)",
        covered.consent.pk,
        sealed,
        "f" * 64,
        officer,
    )
    run(
        "WITH link AS (INSERT INTO evidence_ownpagelink (id, contributor_id, made_for, sha256, "
        "made_at, expires_at) VALUES (gen_random_uuid(), %s, 'contributor', %s, now(), now()) "
        "RETURNING id) INSERT INTO evidence_ownpagecode (id, link_id, sha256, sent_at, "
        "expires_at, tries) SELECT gen_random_uuid(), id, 'x', now(), now(), 0 FROM link",
        person,
        "f" * 64,
    )
    make.signed_waiver(covered.consent, covered.version, matter=CANARY)
    VaultLook.objects.create(contributor_id=person, what="identity", because=CANARY)
    ErasureRequest.objects.create(contributor_id=person)
    LogEntry.objects.create(
        user_id=officer,
        content_type=ContentType.objects.get_for_model(Testimony),
        object_id=str(covered.version.testimony_id),
        object_repr=CANARY,
        change_message=CANARY,
        action_flag=CHANGE,
    )


def everything_written() -> str:
    """Each row of each table of ours, as the app can read it."""
    tables = run(
        "SELECT format('%%I.%%I', table_schema, table_name) FROM information_schema.tables "
        "WHERE table_schema = 'public' AND table_type = 'BASE TABLE' "
        "AND has_table_privilege(format('%%I.%%I', table_schema, table_name), 'SELECT')"
    )
    rows = [run(f"SELECT string_agg(t::text, ' ') FROM {table} AS t") for (table,) in tables]
    return " ".join(str(row[0][0]) for row in rows)


def test_nothing_of_their_words_is_left_in_any_table(known) -> None:
    hexed = CANARY.encode().hex()
    before = everything_written()
    assert CANARY in before
    assert hexed in before

    erase(known.consent.contributor_id)

    after = everything_written()
    assert CANARY not in after
    assert hexed not in after


def test_all_that_is_in_use_comes_back_in_the_same_moment(known) -> None:
    erase(known.consent.contributor_id)

    assert not PublishedItem.objects.exists()
    assert not TestimonyUse.objects.filter(recalled_at=None).exists()
    assert RecallTask.objects.get().use.feed_item is None
    last = Change.objects.order_by("-seq").first()
    assert (last.op, last.item_id) == ("remove", known.version.testimony.public_id)


def test_what_is_left_leads_to_nobody(known) -> None:
    person = known.consent.contributor_id

    erase(person)

    label = f"Erased {str(person)[:8]}"
    left = Contributor.objects.get()
    assert (left.label, left.erased_at is not None) == (label, True)
    assert Testimony.objects.get().title.startswith("Erased ")
    assert set(TestimonyVersion.objects.values_list("text", "state")) == {
        ("", "recalled"),
        ("", "superseded"),
    }
    assert Consent.objects.values_list("state", "reconsent_month").get() == ("withdrawn", None)
    assert AnonymityWaiver.objects.get().matter == ""
    assert [
        count(each)
        for each in (
            "identity",
            "rawaccount",
            "consentevidence",
            "ownpagelink",
            "ownpagecode",
            "identifyingfeature",
        )
    ] == [0] * 6


def test_the_ledger_has_the_id_and_the_request_is_done(known) -> None:
    person = known.consent.contributor_id

    erase(person)
    erase(person)

    assert ErasureLedger.objects.get().contributor == person
    assert ErasureRequest.objects.get().done_at is not None
    assert VaultLook.objects.get().because == "erased"


def test_consents_that_were_asked_for_are_refused() -> None:
    consent = make.requested_consent(make.testimony().contributor)

    erase(consent.contributor_id)

    consent.refresh_from_db()
    assert consent.state == "refused"


def test_somebody_elses_account_stays(known) -> None:
    other = make.covered(Channel.WEBSITE_FEED, title="Another account")
    website.put_on_website(other.version.testimony)

    erase(known.consent.contributor_id)

    other.version.refresh_from_db()
    assert (other.version.text, other.version.state) == ("What happened to me.", "cleared")
    assert PublishedItem.objects.get().id == other.version.testimony.public_id


# A hold


@pytest.mark.parametrize("hold", sorted(set(RetentionHold.values) - {"none"}))
def test_a_hold_stops_the_destruction_and_no_withdrawal(known, hold: str) -> None:
    run("UPDATE evidence_contributor SET retention_hold = %s", hold)

    with refused_by("erasure_waits_for_the_hold"):
        erase(known.consent.contributor_id)
    run("UPDATE evidence_consent SET state = 'withdrawn'")
    assert count("identity") == 1
    assert not PublishedItem.objects.exists()


def test_a_hold_that_ended_holds_nothing(known) -> None:
    run("UPDATE evidence_contributor SET retention_hold = 'police'")
    run("UPDATE evidence_contributor SET retention_hold = 'none'")

    erase(known.consent.contributor_id)

    assert count("identity") == 0


def test_nobody_unknown_is_erased() -> None:
    with refused_by("erasure_of_a_contributor"):
        erase(uuid4())


# And afterwards


def of_the_person(covered: make.Covered) -> dict[str, object]:
    return {
        "person": covered.consent.contributor_id,
        "account": covered.version.testimony_id,
        "version": covered.version.pk,
        "consent": covered.consent.pk,
        "officer": make.user("officer").pk,
        "notice": covered.consent.notice_id,
    }


AFTER = {
    "identity": "INSERT INTO evidence_identity (contributor_id, sealed, recorded_at, "
    "recorded_by_id) VALUES (%(person)s, 'x', now(), %(officer)s)",
    "account": "INSERT INTO evidence_rawaccount (testimony_id, sealed, recorded_at, "
    "recorded_by_id) VALUES (%(account)s, 'x', now(), %(officer)s)",
    "evidence": "INSERT INTO evidence_consentevidence (consent_id, sealed, media_type, sha256, "
    "recorded_at, recorded_by_id) VALUES (%(consent)s, 'x', 'a', repeat('a', 64), now(), "
    "%(officer)s)",
    "testimony": "INSERT INTO evidence_testimony (id, public_id, contributor_id, title, teller, "
    "collected_on, collected_by_id, support_offered, safeguarding, proceedings) VALUES "
    "(gen_random_uuid(), gen_random_uuid(), %(person)s, 'x', 'complainant', now(), %(officer)s, "
    "true, 'none', 'none')",
    "link": "INSERT INTO evidence_ownpagelink (id, contributor_id, made_for, sha256, made_at, "
    "expires_at) VALUES (gen_random_uuid(), %(person)s, 'contributor', repeat('a', 64), now(), "
    "now())",
    "version": "INSERT INTO evidence_testimonyversion (id, public_id, testimony_id, number, text, "
    "attribution, identity, anonymity_note, content_warning, state, written_by_id) VALUES "
    "(gen_random_uuid(), gen_random_uuid(), %(account)s, 9, 'x', 'x', 1, 'x', 'x', 'draft', "
    "%(officer)s)",
    "consent": "INSERT INTO evidence_consent (record_id, contributor_id, schema_version, "
    "notice_id, lawful_basis, special_category_condition, jurisdiction, indication_method, "
    "validity, review_due, state, age_at_consent, competence, expressed_by, subject_assent, "
    "pr_conflict, recorded_by_id) VALUES (gen_random_uuid(), %(person)s, 'x', %(notice)s, "
    "'6(1)(a)', '9(2)(a)', 'EW', 'audio', tstzrange(now(), now() + interval '9 days'), "
    "now() + interval '1 day', 'requested', 30, 'adult_presumed', 'subject', false, false, "
    "%(officer)s)",
    "waiver": "INSERT INTO evidence_anonymitywaiver (id, consent_id, version_id, publication, "
    "matter, signed_at, age_when_signed, given_by, document_sha256, recorded_by_id) VALUES "
    "(gen_random_uuid(), %(consent)s, %(version)s, 'website', 'x', now(), 34, 'complainant', "
    "repeat('a', 64), %(officer)s)",
    "somebody in it": "INSERT INTO evidence_personspokenabout (id, testimony_id, contributor_is, "
    "is_complainant, life, is_accused, is_identifiable, max_identity) VALUES (gen_random_uuid(), "
    "%(account)s, 'parent', true, 'living', false, false, 1)",
    "look": "INSERT INTO evidence_vaultlook (id, contributor_id, what, because, at) VALUES "
    "(gen_random_uuid(), %(person)s, 'identity', 'x', now())",
    "title": "UPDATE evidence_testimonyversion SET state = 'recalled' "
    "WHERE testimony_id = %(account)s AND state = 'cleared'; "
    "UPDATE evidence_testimony SET title = 'Their name' WHERE id = %(account)s",
}


@pytest.mark.parametrize("what", AFTER)
def test_nothing_is_recorded_of_who_was_erased(what: str) -> None:
    erased = make.contributor_erased()

    with refused_by("nothing_new_about_the_erased"), connection.cursor() as cursor:
        cursor.execute(AFTER[what], of_the_person(erased))


@pytest.mark.parametrize("what", AFTER)
def test_all_that_can_be_recorded_of_others(what: str) -> None:
    covered = make.covered()

    with connection.cursor() as cursor:
        cursor.execute(AFTER[what], of_the_person(covered))


def test_no_feature_is_told_of_who_was_erased() -> None:
    erased = make.contributor_erased()

    with refused_by("features_are_told_before_clearance"):
        run(
            "INSERT INTO evidence_identifyingfeature (version_id, kind, told) "
            "VALUES (%s, 'place', 'x')",
            erased.version.pk,
        )


@pytest.mark.parametrize("change", ["label = 'Their name'", "retention_hold = 'police'"])
def test_the_erased_stay_erased(change: str) -> None:
    make.contributor_erased()

    with refused_by("erased_stays_erased"):
        run(f"UPDATE evidence_contributor SET {change}")


def test_their_consent_and_words_never_come_back() -> None:
    make.contributor_erased()

    with refused_by("consent_final_is_final"):
        run("UPDATE evidence_consent SET state = 'given'")
    with refused_by("testimony_version_moves_are_permitted"):
        run("UPDATE evidence_testimonyversion SET state = 'cleared'")
    with refused_by_grant():
        run("UPDATE evidence_testimonyversion SET text = 'What they said.'")


def test_who_is_erased_is_not_held() -> None:
    make.contributor_erased()
    held = "UPDATE evidence_contributor SET retention_hold = 'police'"

    with refused_by("contributor_held_is_not_erased"):
        run_past_the_rules("evidence_contributor", held)


def test_words_go_by_the_erasure_alone(known) -> None:
    with refused_by_grant():
        run("UPDATE evidence_contributor SET erased_at = now()")
    with refused_by("testimony_version_is_immutable"):
        run_as_owner("UPDATE evidence_testimonyversion SET text = ''")
    with refused_by("anonymity_waiver_is_not_edited"):
        run_as_owner("UPDATE evidence_anonymitywaiver SET matter = ''")
