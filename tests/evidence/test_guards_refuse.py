"""Rules that no other test names, each seen to refuse, beside what it lets pass.

tests/prove/guards.py takes the guards out one by one and looks for a test that notices.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from psycopg import errors

from evidence import consenting
from evidence.models import (
    Channel,
    Consent,
    ConsentTestimony,
    Contributor,
    Decision,
    Outcome,
    RecallTask,
    RestrictedAccount,
    Testimony,
    TestimonyUse,
)
from evidence.website import put_on_website
from publishing import publication
from publishing.models import Kind, PublishedItem
from tests import factories as make
from tests.refusing import refused_by, run, run_as_owner, run_past_the_rules

pytestmark = pytest.mark.django_db

SET_CONSENT = "UPDATE evidence_consent SET {} WHERE record_id = %s"


def somebody_else() -> Contributor:
    return make.testimony("Another person's account").contributor


def on_website() -> make.Covered:
    covered = make.covered(Channel.WEBSITE_FEED)
    put_on_website(covered.version.testimony)
    return covered


# Whose it is


def test_a_consent_that_lists_testimony_stays_with_its_person() -> None:
    consent = make.requested_consent(make.testimony().contributor)
    other = somebody_else()

    run(SET_CONSENT.format("contributor_id = %s"), other.pk, consent.pk)
    ConsentTestimony.objects.create(consent=consent, testimony=other.testimonies.get())

    with refused_by("consent_keeps_its_person"):
        run(
            SET_CONSENT.format("contributor_id = %s"),
            make.testimony("A").contributor_id,
            consent.pk,
        )


def test_testimony_that_a_consent_covers_stays_with_its_person() -> None:
    free, covered, other = make.testimony("Free"), make.covered(), somebody_else()
    change = "UPDATE evidence_testimony SET contributor_id = %s WHERE id = %s"

    run(change, other.pk, free.pk)
    with refused_by("testimony_keeps_its_person"):
        run(change, other.pk, covered.version.testimony_id)


def test_nothing_is_given_any_more_by_somebody_who_was_erased() -> None:
    """As where the consent came in while the erasure ran, which ends those that it finds."""
    asked = make.requested_consent(make.testimony().contributor)
    run_past_the_rules(
        "evidence_contributor",
        "UPDATE evidence_contributor SET erased_at = now() WHERE id = %s",
        asked.contributor_id,
    )

    with refused_by("consent_of_somebody_not_erased"):
        run(SET_CONSENT.format("state = 'given'"), asked.pk)


def test_the_public_id_never_changes() -> None:
    account = make.testimony()

    run("UPDATE evidence_testimony SET title = 'Another title', public_id = public_id")
    with refused_by("testimony_keeps_its_public_id"):
        run("UPDATE evidence_testimony SET public_id = %s", uuid4())
    assert Testimony.objects.get().public_id == account.public_id


def test_a_consent_does_not_replace_itself() -> None:
    first, second = make.covered(), make.testimony("Another account")
    consent = make.requested_consent(second.contributor)

    run(SET_CONSENT.format("replaces_id = %s"), first.consent.pk, consent.pk)
    with refused_by("consent_does_not_replace_itself"):
        run(SET_CONSENT.format("replaces_id = record_id"), consent.pk)


def test_a_consent_lists_a_testimony_once() -> None:
    account = make.testimony()
    consent = make.requested_consent(account.contributor)
    ConsentTestimony.objects.create(consent=consent, testimony=account)

    with refused_by("consent_lists_a_testimony_once"):
        ConsentTestimony.objects.create(consent=consent, testimony=account)


def test_a_listing_has_the_state_of_its_consent_whoever_writes() -> None:
    covered = make.covered()

    with refused_by("consent_listing_follows_its_consent"):
        run_as_owner("UPDATE evidence_consenttestimony SET state = 'withdrawn'")
    consenting.withdraw(covered.consent)
    assert ConsentTestimony.objects.get().state == "withdrawn"


# Words that are known


@pytest.mark.parametrize(
    "unknown",
    [
        {"purpose": "other"},
        {"audience": "anybody"},
        {"channel": "radio"},
        {"decision": "maybe"},
        {"max_identity": 7},
    ],
)
def test_a_scope_is_said_in_known_words(unknown: dict[str, object]) -> None:
    consent = make.requested_consent(make.testimony().contributor)
    make.scope(consent, decision=Decision.DENY)

    with refused_by("consent_scope_words_are_known"):
        make.scope(consent, **{"decision": Decision.DENY, **unknown})


@pytest.mark.parametrize(
    ("column", "rule", "known"),
    [
        ("safeguarding", "testimony_safeguarding_is_known", "referred"),
        ("proceedings", "testimony_proceedings_are_known", "concluded"),
    ],
)
def test_a_flag_is_a_known_word(column: str, rule: str, known: str) -> None:
    """An unknown one would be neither open nor settled."""
    make.testimony()

    run(f"UPDATE evidence_testimony SET {column} = %s", known)
    with refused_by(rule):
        run(f"UPDATE evidence_testimony SET {column} = 'fine'")


def test_a_version_begins_as_a_draft() -> None:
    account = make.testimony()
    make.version(account)

    with refused_by("testimony_version_starts_as_draft"):
        make.version(account, state="cleared", cleared_by=make.user("lead"))


def test_a_version_has_its_own_number() -> None:
    account = make.testimony()
    make.version(account)

    make.version(account, number=2)
    with refused_by("testimony_version_number_once"):
        make.version(account, number=2)


def test_a_version_says_how_far_it_tells_who_it_is() -> None:
    account = make.testimony()

    make.version(account, identity=6)
    with refused_by("testimony_version_identity_is_known"):
        make.version(account, identity=7)
    with refused_by("testimony_version_is_more_than_counted"):
        make.version(account, identity=0)


def test_a_title_stays_once_it_was_cleared() -> None:
    account = make.testimony("First")
    run("UPDATE evidence_testimony SET title = 'Second' WHERE id = %s", account.pk)
    version = make.cleared(account)
    with refused_by("testimony_title_is_cleared_with_its_words"):
        run("UPDATE evidence_testimony SET title = 'Third' WHERE id = %s", account.pk)

    run("UPDATE evidence_testimonyversion SET state = 'recalled' WHERE id = %s", version.pk)
    run("UPDATE evidence_testimony SET title = 'Third' WHERE id = %s", account.pk)


def test_a_restricted_account_is_unknown_and_nothing_else() -> None:
    RestrictedAccount.objects.create(source=make.source())

    with refused_by("restricted_account_state_is_unknown"):
        run("UPDATE evidence_restrictedaccount SET state = 'given'")


# The ledger of uses


@pytest.mark.parametrize(
    "fields",
    [{"recalled_at": timezone.now()}, {"outcome": Outcome.DESTROYED}],
    ids=["called back", "with an outcome"],
)
def test_a_use_begins_in_use(fields: dict[str, object]) -> None:
    covered = make.covered()
    make.raw_use(covered)

    with refused_by("testimony_use_begins_in_use"):
        make.raw_use(covered, **fields)


def test_a_use_on_the_website_and_no_other_names_its_item() -> None:
    covered = make.covered(Channel.BRIEFING_PACK, Channel.WEBSITE_FEED)
    item = covered.version.testimony.public_id

    make.raw_use(covered, Channel.WEBSITE_FEED, feed_item=item)
    for channel, wrong in (
        (Channel.BRIEFING_PACK, item),
        (Channel.WEBSITE_FEED, None),
        (Channel.WEBSITE_FEED, uuid4()),
    ):
        with refused_by("testimony_use_names_its_item"):
            make.raw_use(covered, channel, feed_item=wrong)


@pytest.mark.parametrize("value", ["NULL", "recalled_at - interval '1 day'"])
def test_what_was_called_back_stays_called_back(value: str) -> None:
    covered = make.covered()
    make.raw_use(covered)
    consenting.withdraw(covered.consent)

    run("UPDATE evidence_testimonyuse SET outcome = 'destroyed'")
    with refused_by("testimony_use_stays_called_back"):
        run(f"UPDATE evidence_testimonyuse SET recalled_at = {value}")


def test_an_outcome_is_a_known_word() -> None:
    make.raw_use(make.covered())

    run("UPDATE evidence_testimonyuse SET outcome = 'asked'")
    with refused_by("testimony_use_outcome_is_known"):
        run("UPDATE evidence_testimonyuse SET outcome = 'lost'")


@pytest.mark.parametrize("sha256", ["", "A" * 64, "a" * 63])
def test_a_use_is_of_bytes_that_were_hashed(sha256: str) -> None:
    covered = make.covered()
    make.raw_use(covered, artefact_sha256="0123456789abcdef" * 4)

    with refused_by("testimony_use_is_of_hashed_bytes"):
        make.raw_use(covered, artefact_sha256=sha256)


def test_a_use_is_called_back_by_one_task() -> None:
    covered = make.covered()
    use = make.raw_use(covered)
    consenting.withdraw(covered.consent)
    now = timezone.now()

    with refused_by("evidence_recalltask_use_id_key"):
        RecallTask.objects.create(use=use, opened_at=now, due_at=now)


# What is published


def publish(covered: make.Covered, **fields: object) -> PublishedItem:
    """Past the act that writes the use first."""
    return publication.write(
        **{
            "kind": Kind.TESTIMONY,
            "id": covered.version.testimony.public_id,
            "title": "An account",
            "document": {"text": "What happened to me."},
            "search_text": "",
            "facets": {},
            "expires_at": covered.consent.validity.upper,
            **fields,
        }
    )


def test_no_account_is_published_without_a_use() -> None:
    covered = make.covered(Channel.WEBSITE_FEED)

    with refused_by("published_testimony_is_in_use"):
        publish(covered)
    put_on_website(covered.version.testimony)
    assert PublishedItem.objects.count() == 1


def test_no_account_is_published_for_a_use_that_was_called_back() -> None:
    covered = on_website()
    TestimonyUse.objects.update(recalled_at=timezone.now(), outcome=Outcome.SUPERSEDED)

    with refused_by("published_testimony_is_in_use"):
        publish(covered)


def test_no_account_is_published_as_the_item_of_another() -> None:
    on_website()

    with refused_by("published_testimony_is_in_use"):
        publish(make.covered(Channel.WEBSITE_FEED, title="Another account"))


@pytest.mark.parametrize(
    "part", ["text", "attribution", "anonymity_note", "content_warning", "title", "another"]
)
def test_an_account_is_published_in_the_words_of_its_version(part: str) -> None:
    on_website()
    body = "convert_to(jsonb_set(convert_from(body, 'UTF8')::jsonb, %s, %s)::text, 'UTF8')"
    as_it_is = PublishedItem.objects.get().body

    with refused_by("published_testimony_is_in_use"):
        run(f"UPDATE publishing_publisheditem SET body = {body}", [part], '"Other words."')
    with refused_by("published_testimony_is_in_use"):
        run("UPDATE publishing_publisheditem SET title = 'Other words.'")
    run("UPDATE publishing_publisheditem SET body = %s", bytes(as_it_is))


@pytest.mark.parametrize("expires_at", ["expires_at + interval '1 second'", "NULL"])
def test_an_account_is_published_until_its_consent_ends_and_no_longer(expires_at: str) -> None:
    on_website()

    run("UPDATE publishing_publisheditem SET expires_at = expires_at - interval '1 day'")
    run("UPDATE publishing_publisheditem SET expires_at = expires_at + interval '1 day'")
    with refused_by("published_testimony_is_in_use"):
        run(f"UPDATE publishing_publisheditem SET expires_at = {expires_at}")


@pytest.mark.parametrize("seq", ["seq + 2", "seq - 1", "0"])
def test_the_changes_are_numbered_without_a_gap(seq: str) -> None:
    on_website()
    run("UPDATE publishing_counter SET seq = seq + 1")

    with refused_by("publishing_counter_goes_on"):
        run(f"UPDATE publishing_counter SET seq = {seq}")


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE publishing_publisheditem SET seq = seq + 1", "published_item_is_in_the_log"),
        ("UPDATE publishing_publisheditem SET kind = 'source'", "published_item_keeps_its_kind"),
        (
            "INSERT INTO publishing_publisheditem (id, kind, title, body, etag, facets, seq, "
            "published_at, updated_at) SELECT gen_random_uuid(), 'poem', title, body, etag, "
            "facets, 99, now(), now() FROM publishing_publisheditem",
            "published_item_kind_is_known",
        ),
        (
            "INSERT INTO publishing_change (seq, op, kind, item_id, at) "
            "VALUES (99, 'hide', 'bill', gen_random_uuid(), now())",
            "change_op_is_known",
        ),
        (
            "INSERT INTO publishing_counter (id, epoch, seq) VALUES (2, gen_random_uuid(), 0)",
            "counter_is_one_row",
        ),
        ("INSERT INTO publishing_heartbeat (id, at) VALUES (2, now())", "heartbeat_is_one_row"),
    ],
)
def test_the_published_table_and_its_log(statement: str, rule: str) -> None:
    on_website()

    with refused_by(rule):
        run(statement)


# Those who were erased


def test_what_is_erased_stays_erased() -> None:
    kept, erased = somebody_else(), make.contributor_erased().consent.contributor
    change = "UPDATE evidence_contributor SET do_not_contact = true WHERE id = %s"

    run(change, kept.pk)
    with refused_by("erased_stays_erased"):
        run(change, erased.pk)


def _retitle(gone: make.Covered) -> None:
    recalled = "UPDATE evidence_testimonyversion SET state = 'recalled' WHERE testimony_id = %s"
    run(f"{recalled} AND state = 'cleared'", gone.version.testimony_id)
    change = "UPDATE evidence_testimony SET title = 'A name' WHERE id = %s"
    run(change, gone.version.testimony_id)


@pytest.mark.parametrize(
    "record",
    [
        lambda gone: make.testimony("More", contributor=gone.consent.contributor),
        lambda gone: make.requested_consent(gone.consent.contributor),
        lambda gone: make.version(gone.version.testimony, "More of it."),
        lambda gone: make.person_spoken_about(gone.version.testimony),
        lambda gone: make.waiver(gone.consent, gone.version),
        _retitle,
    ],
    ids=["testimony", "consent", "version", "person", "waiver", "title"],
)
def test_nothing_is_recorded_of_who_was_erased(record: Callable[[make.Covered], object]) -> None:
    record(make.covered(title="An account of somebody else"))
    gone = make.contributor_erased()

    with refused_by("nothing_new_about_the_erased"):
        record(gone)


def test_nobody_is_erased_who_is_not_there() -> None:
    with refused_by("erasure_of_a_contributor"):
        run("SELECT erase_contributor(%s)", uuid4())


def test_an_erasure_waits_for_the_hold() -> None:
    contributor = make.covered().consent.contributor
    hold = "UPDATE evidence_contributor SET retention_hold = %s WHERE id = %s"
    run(hold, "police", contributor.pk)

    with refused_by("erasure_waits_for_the_hold"):
        run("SELECT erase_contributor(%s)", contributor.pk)
    run(hold, "none", contributor.pk)
    run("SELECT erase_contributor(%s)", contributor.pk)
    contributor.refresh_from_db()
    assert contributor.erased_at is not None


def test_nobody_is_both_held_and_erased() -> None:
    with refused_by("contributor_held_is_not_erased"):
        Contributor.objects.create(
            label="Both", erased_at=timezone.now(), retention_hold="legal_claim"
        )


# Whose transaction sees less than was committed


USE = """
    INSERT INTO evidence_testimonyuse
    SELECT (jsonb_populate_record(used, jsonb_build_object('id', gen_random_uuid()))).*
    FROM evidence_testimonyuse AS used
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        USE,
        "UPDATE evidence_consent SET state = 'withdrawn'",
        "UPDATE evidence_testimony SET safeguarding = 'open'",
        "INSERT INTO evidence_consentscope (consent_id, purpose, audience, channel, max_identity, "
        "max_edits, decision, irrevocable_understood, added_at) SELECT consent_id, purpose, "
        "audience, channel, 0, max_edits, 'deny', false, now() FROM evidence_consentscope",
    ],
    ids=["use", "withdraw", "flag", "narrow"],
)
@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_no_rule_looks_at_an_older_snapshot(login_as, statement: str, level: str) -> None:
    make.raw_use(make.covered())
    app = login_as("default")

    app.execute(f"BEGIN ISOLATION LEVEL {level}")
    with pytest.raises(errors.CheckViolation) as caught:
        app.execute(statement)
    app.execute("ROLLBACK")

    assert caught.value.diag.constraint_name == "rules_see_what_is_committed"
    app.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
    assert app.execute(statement).rowcount == 1
    app.execute("ROLLBACK")


@pytest.mark.django_db(transaction=True)
def test_nor_does_the_erasure_of_somebody_who_gave_nothing_yet(login_as) -> None:
    """No consent or account of theirs is touched, whose own rules would look as well."""
    nobody_yet = Contributor.objects.create(label="Nobody yet")
    app = login_as("default")

    app.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    with pytest.raises(errors.CheckViolation) as caught:
        app.execute("SELECT erase_contributor(%s)", [nobody_yet.pk])
    app.execute("ROLLBACK")

    assert caught.value.diag.constraint_name == "rules_see_what_is_committed"


# Rights


def test_nothing_can_be_truncated() -> None:
    """Walks the catalogue, so that a table of tomorrow is among them."""
    found = run(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') "
        "AND relnamespace = 'public'::regnamespace AND has_table_privilege(%s, oid, 'TRUNCATE')",
        settings.APP_LOGIN,
    )

    assert found == []


KEPT = {
    "evidence_consent",
    "evidence_consentevent",
    "evidence_consentscope",
    "evidence_consenttestimony",
    "evidence_contributor",
    "evidence_recalltask",
    "evidence_restrictedaccount",
    "evidence_testimony",
    "evidence_testimonyuse",
    "evidence_testimonyversion",
}


def test_no_record_of_a_person_is_deleted_by_the_app() -> None:
    found = run(
        "SELECT relname FROM pg_class WHERE relname = ANY (%s) "
        "AND has_table_privilege(%s, oid, 'DELETE')",
        sorted(KEPT),
        settings.APP_LOGIN,
    )

    assert found == []


def test_a_consent_that_runs_out_tomorrow_is_still_one() -> None:
    covered = make.covered(
        validity=(make.moment(-30), timezone.now() + timedelta(days=1)),
        review_due=timezone.localdate(),
    )

    assert Consent.objects.get().state == "given"
    assert make.raw_use(covered).recalled_at is None
