"""What the database writes down by itself of each act, by whomever, and what nobody rewrites."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from evidence import consenting, website
from evidence.models import Alert, Channel, ErasureLedger, WithdrawalLedger
from tests import factories as make
from tests.refusing import refused_by, refused_by_grant, run, run_as_owner

pytestmark = pytest.mark.django_db


def ledger() -> list[tuple[str, object, dict[str, object]]]:
    return list(WithdrawalLedger.objects.order_by("at").values_list("act", "subject", "codes"))


def alerts() -> list[str]:
    return list(Alert.objects.order_by("raised_at").values_list("what", flat=True))


def set_state(covered: make.Covered, state: str) -> None:
    run("UPDATE evidence_consent SET state = %s WHERE record_id = %s", state, covered.consent.pk)


@pytest.fixture
def covered() -> make.Covered:
    return make.covered()


def moved(was: str, to: str) -> dict[str, str]:
    return {"from": was, "to": to}


# Written by raw SQL too


@pytest.mark.parametrize("state", ["suspended", "withdrawn", "revoked", "invalidated"])
def test_a_consent_that_ends_is_written_down_and_somebody_hears_of_it(covered, state: str) -> None:
    set_state(covered, state)

    assert ledger() == [("consent_moved", covered.consent.pk, moved("given", state))]
    assert alerts() == [state]


def test_a_pause_that_ends_is_written_down_and_alarms_nobody(covered) -> None:
    set_state(covered, "suspended")
    set_state(covered, "given")

    assert [codes for _, _, codes in ledger()] == [
        moved("given", "suspended"),
        moved("suspended", "given"),
    ]
    assert alerts() == ["suspended"]


def test_a_renewal_is_written_down_and_alarms_nobody(covered) -> None:
    consenting.give(make.renewal(covered))

    assert ledger() == [("consent_moved", covered.consent.pk, moved("given", "replaced"))]
    assert alerts() == []


def test_what_was_never_given_is_nowhere() -> None:
    consent = make.requested_consent(make.testimony().contributor)
    make.scope(consent)

    run("UPDATE evidence_consent SET state = 'refused'")

    assert (ledger(), alerts()) == ([], [])


def take_back(covered: make.Covered) -> None:
    run("UPDATE evidence_consenttestimony SET withdrawn_at = now()")


def narrow(covered: make.Covered) -> None:
    run(
        "INSERT INTO evidence_consentscope (consent_id, purpose, audience, channel, max_identity, "
        "max_edits, decision, irrevocable_understood, added_at) VALUES (%s, 'policy_briefing', "
        "'parliament_members', 'briefing_pack', 1, 'none', 'permit', false, now())",
        covered.consent.pk,
    )


def recall(covered: make.Covered) -> None:
    run("UPDATE evidence_testimonyversion SET state = 'recalled'")


def flag(covered: make.Covered) -> None:
    run("UPDATE evidence_testimony SET safeguarding = 'open'")


def forbid(covered: make.Covered) -> None:
    run(
        "INSERT INTO evidence_reportingrestriction (id, testimony_id, kind, noted_at, noted_by_id) "
        "VALUES (gen_random_uuid(), %s, 'CA89_s97', now(), %s)",
        covered.version.testimony_id,
        make.user("officer").pk,
    )


def note(covered: make.Covered) -> None:
    make.person_spoken_about(covered.version.testimony)


def void(covered: make.Covered) -> None:
    make.waiver(covered.consent, covered.version)
    run("UPDATE evidence_anonymitywaiver SET voided_at = now()")


ACTS: list[tuple[Callable[[make.Covered], None], str, dict[str, object], list[str]]] = [
    (
        narrow,
        "scope_narrowed",
        {
            "purpose": "policy_briefing",
            "audience": "parliament_members",
            "channel": "briefing_pack",
            "max_identity": 1,
            "max_edits": "none",
            "decision": "permit",
        },
        ["narrowed"],
    ),
    (recall, "version_recalled", {}, []),
    (flag, "account_flagged", {"safeguarding": "open", "proceedings": "none"}, []),
    (forbid, "restriction_noted", {"kind": "CA89_s97"}, []),
    (note, "person_noted", {}, []),
    (void, "waiver_voided", {}, []),
]


@pytest.mark.parametrize(("act", "name", "codes", "heard"), ACTS)
def test_each_act_is_written_down(covered, act, name: str, codes, heard: list[str]) -> None:
    act(covered)

    assert [(written, told) for written, _, told in ledger()] == [(name, codes)]
    assert alerts() == heard


def test_each_act_names_what_it_is_about(covered) -> None:
    for act, *_ in ACTS:
        act(covered)

    account, waiver = covered.version.testimony, covered.consent.waivers.get()
    assert {name: subject for name, subject, _ in ledger()} == {
        "scope_narrowed": covered.consent.pk,
        "version_recalled": covered.version.pk,
        "account_flagged": account.pk,
        "restriction_noted": account.pk,
        "person_noted": account.pk,
        "waiver_voided": waiver.pk,
    }


def test_one_account_taken_back_is_written_down(covered) -> None:
    take_back(covered)

    told = {"testimony": str(covered.version.testimony_id)}
    assert ledger() == [("testimony_withdrawn", covered.consent.pk, told)]
    assert alerts() == ["testimony"]


def test_what_is_learned_of_somebody_spoken_about_is_written_down_again(covered) -> None:
    note(covered)

    run(
        "UPDATE evidence_personspokenabout SET life = 'died', death_noted_by_id = %s",
        make.user("keeper").pk,
    )

    assert [name for name, *_ in ledger()] == ["person_noted", "person_noted"]


def test_what_is_taken_off_the_website_is_written_down() -> None:
    covered = make.covered(Channel.WEBSITE_FEED)
    website.put_on_website(covered.version.testimony)

    run("UPDATE evidence_testimonyuse SET recalled_at = now(), outcome = 'destroyed'")

    assert ledger() == [("taken_off", covered.version.testimony_id, {})]


def test_what_changes_nothing_is_not_written_down(covered) -> None:
    run(
        "UPDATE evidence_testimony SET safeguarding = safeguarding, collected_on = collected_on - 1"
    )
    run("UPDATE evidence_consent SET receipt_issued_at = now()")

    assert ledger() == []


# Nobody rewrites them


HISTORY = ["withdrawalledger", "erasureledger", "vaultlook", "usenotice"]


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_history_is_only_added_to(table: str, statement: str) -> None:
    with refused_by_grant():
        run(statement.format(f"evidence_{table}"))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO evidence_withdrawalledger (id, act, subject, codes, at) "
        "VALUES (gen_random_uuid(), 'version_recalled', gen_random_uuid(), '{}', now())",
        "INSERT INTO evidence_erasureledger (id, contributor, at) "
        "VALUES (gen_random_uuid(), gen_random_uuid(), now())",
        "INSERT INTO evidence_alert (id, consent_id, what, raised_at) "
        "VALUES (gen_random_uuid(), gen_random_uuid(), 'given', now())",
        "UPDATE evidence_alert SET what = 'given'",
        "UPDATE evidence_alert SET raised_at = now()",
        "DELETE FROM evidence_alert",
        "SELECT write_withdrawal('version_recalled', gen_random_uuid(), '{}')",
    ],
)
def test_the_database_alone_writes_them(statement: str) -> None:
    with refused_by_grant():
        run(statement)


@pytest.mark.parametrize(
    "table",
    [
        "consentevidence",
        "erasurerequest",
        "identity",
        "ownpagecode",
        "ownpagelink",
        "rawaccount",
    ],
)
def test_nothing_of_the_vault_or_of_an_own_page_is_deleted(table: str) -> None:
    with refused_by_grant():
        run(f"DELETE FROM evidence_{table}")


@pytest.mark.parametrize(
    "change",
    [
        "evidence_consentevidence SET sha256 = sha256",
        "evidence_ownpagelink SET sha256 = sha256",
        "evidence_ownpagelink SET expires_at = now()",
        "evidence_ownpagecode SET sha256 = sha256",
        "evidence_erasurerequest SET done_at = now()",
        "evidence_erasurerequest SET held_because = 'none'",
        "evidence_contributor SET erased_at = NULL",
    ],
)
def test_what_the_app_may_not_change(change: str) -> None:
    with refused_by_grant():
        run(f"UPDATE {change}")


def test_an_alert_is_seen_and_mailed(covered) -> None:
    set_state(covered, "suspended")

    run(
        "UPDATE evidence_alert SET mailed_at = now(), seen_at = now(), seen_by_id = %s",
        make.user("lead").pk,
    )

    assert Alert.objects.get().seen_by.username == "lead"


# Looks, notices of a use, links


def look(contributor: object, what: str = "identity", because: str = "They rang.") -> None:
    run(
        "INSERT INTO evidence_vaultlook (id, contributor_id, what, because, at) "
        "VALUES (gen_random_uuid(), %s, %s, %s, now())",
        contributor,
        what,
        because,
    )


def test_a_look_says_at_what_and_why(covered) -> None:
    person = covered.consent.contributor_id
    look(person)

    with refused_by("vault_look_says_why"):
        look(person, because="")
    with refused_by("vault_look_is_known"):
        look(person, what="everything")


def notice(account: object, kind: str = "before_use", how: str = "phone") -> None:
    run(
        "INSERT INTO evidence_usenotice (id, testimony_id, used_on, kind, how, done_at, done_by_id)"
        " VALUES (gen_random_uuid(), %s, '2026-12-01', %s, %s, now(), %s)",
        account,
        kind,
        how,
        make.user("officer").pk,
    )


def test_a_notice_of_a_use_is_given_once(covered) -> None:
    account = covered.version.testimony_id
    notice(account)
    notice(account, "check_in")

    with refused_by("use_notice_once"):
        notice(account)
    for words in ({"kind": "other"}, {"how": "pigeon"}):
        with refused_by("use_notice_words_are_known"):
            notice(make.testimony("Another account").pk, **words)


def link(contributor: object, sha256: str = "c" * 64, made_for: str = "contributor") -> None:
    run(
        "INSERT INTO evidence_ownpagelink (id, contributor_id, made_for, sha256, made_at, "
        "expires_at) VALUES (gen_random_uuid(), %s, %s, %s, now(), now() + interval '1 day')",
        contributor,
        made_for,
        sha256,
    )


def test_a_link_is_hashed_and_for_somebody(covered) -> None:
    person = covered.consent.contributor_id
    link(person)

    with refused_by("own_page_link_is_hashed"):
        link(person, "the secret itself")
    with refused_by("own_page_link_is_for_somebody"):
        link(person, "d" * 64, "anybody")
    run("UPDATE evidence_ownpagelink SET ended_at = now()")


def test_evidence_of_a_consent_is_hashed(covered) -> None:
    def add(sha256: str) -> None:
        run(
            "INSERT INTO evidence_consentevidence (consent_id, sealed, media_type, sha256, "
            "recorded_at, recorded_by_id) VALUES (%s, '', 'application/pdf', %s, now(), %s)",
            covered.consent.pk,
            sha256,
            make.user("officer").pk,
        )

    with refused_by("consent_evidence_is_hashed"):
        add("none")
    add("e" * 64)


def test_a_hold_is_of_a_known_kind(covered) -> None:
    with refused_by("contributor_hold_is_known"):
        run("UPDATE evidence_contributor SET retention_hold = 'other'")
    with refused_by("erasure_request_hold_is_known"):
        run(
            "INSERT INTO evidence_erasurerequest (id, contributor_id, asked_at, held_because) "
            "VALUES (gen_random_uuid(), %s, now(), 'other')",
            covered.consent.contributor_id,
        )


# A restored database is told again


def test_what_is_replayed_keeps_its_own_id_and_is_told_once() -> None:
    entry, about = uuid4(), uuid4()
    for _ in range(2):
        run(
            "SELECT keep_replayed('withdrawal', %s, 'version_recalled', %s, '{}', '2026-01-01')",
            entry,
            about,
        )
        run("SELECT keep_replayed('erasure', %s, '', %s, '{}', '2026-01-01')", entry, about)

    assert [row.pk for row in WithdrawalLedger.objects.all()] == [entry]
    assert [row.pk for row in ErasureLedger.objects.all()] == [entry]


KEEP = "SELECT keep_replayed(%s, %s, %s, %s, %s, %s)"
LONG_AGO, TO_COME = "2026-01-01T12:00:00+00:00", "2199-01-01T12:00:00+00:00"
ERASED_HERE = "replayed_erasure_is_so_here"
SO_HERE = "replayed_withdrawal_is_so_here"


def keep(ledger: str, what: str, about: object, told: str = "{}", at: str = LONG_AGO) -> UUID:
    entry = uuid4()
    run(KEEP, ledger, entry, what, about, told, at)
    return entry


def test_no_erasure_is_kept_of_somebody_who_is_here(covered) -> None:
    with refused_by(ERASED_HERE):
        keep("erasure", "", covered.consent.contributor_id)

    assert not ErasureLedger.objects.exists()


def test_an_erasure_that_is_kept_is_not_dated_anew() -> None:
    gone = make.contributor_erased().consent.contributor_id
    run_as_owner("UPDATE evidence_erasureledger SET at = '2026-02-02'")
    kept = ErasureLedger.objects.values().get()

    keep("erasure", "", gone)

    assert ErasureLedger.objects.values().get() == kept


def test_an_erasure_done_again_keeps_the_entry_it_had() -> None:
    gone = make.contributor_erased().consent.contributor_id

    entry = keep("erasure", "", gone)

    row = ErasureLedger.objects.get()
    assert (row.pk, row.contributor, row.at.isoformat()) == (entry, gone, LONG_AGO)


@pytest.mark.parametrize("ledger", ["erasure", "withdrawal"])
def test_nothing_is_kept_that_is_still_to_come(ledger: str) -> None:
    with refused_by("replayed_has_happened"):
        keep(ledger, "version_recalled", uuid4(), at=TO_COME)


NARROWED = (
    '{"purpose": "policy_briefing", "audience": "parliament_members", "channel": "speech", '
    '"max_identity": 1, "max_edits": "none", "decision": "deny"}'
)
NOT_SO = {
    "consent_moved": ("consent", '{"from": "given", "to": "withdrawn"}'),
    "scope_narrowed": ("consent", NARROWED),
    "testimony_withdrawn": ("consent", '{"testimony": "%s"}'),
    "version_recalled": ("version", "{}"),
    "account_flagged": ("account", '{"safeguarding": "open", "proceedings": "none"}'),
    "restriction_noted": ("account", '{"kind": "court_order"}'),
    "person_noted": ("account", "{}"),
    "taken_off": ("account", "{}"),
    "waiver_voided": ("waiver", "{}"),
    "unheard_of": ("account", "{}"),
}


@pytest.mark.parametrize("what", NOT_SO)
def test_no_withdrawal_is_kept_of_what_is_in_use_here(what: str) -> None:
    covered = make.covered(Channel.WEBSITE_FEED)
    account = covered.version.testimony
    website.put_on_website(account)
    about, told = NOT_SO[what]
    subjects = {
        "consent": covered.consent.pk,
        "version": covered.version.pk,
        "account": account.pk,
        "waiver": make.waiver(covered.consent, covered.version).pk,
    }

    with refused_by(SO_HERE):
        keep("withdrawal", what, subjects[about], told.replace("%s", str(account.pk)))

    assert ledger() == []


def test_a_pause_is_not_dated_before_what_has_moved_since(covered) -> None:
    for state in ("suspended", "given", "suspended"):
        set_state(covered, state)
    run_as_owner("UPDATE evidence_withdrawalledger SET at = at - interval '1 day'")
    kept = ledger()

    with refused_by("replayed_moves_are_in_order"):
        keep("withdrawal", "consent_moved", covered.consent.pk, '{"to": "suspended"}')

    assert ledger() == kept


def test_a_pause_done_again_keeps_the_entry_it_had(covered) -> None:
    set_state(covered, "suspended")

    entry = keep("withdrawal", "consent_moved", covered.consent.pk, '{"to": "suspended"}')

    assert [row.pk for row in WithdrawalLedger.objects.all()] == [entry]


@pytest.mark.parametrize(
    "call",
    [
        "keep_replayed_erasure(gen_random_uuid(), gen_random_uuid(), now())",
        "keep_replayed_withdrawal(gen_random_uuid(), 'taken_off', gen_random_uuid(), '{}', now())",
    ],
)
def test_they_are_kept_through_one_door(call: str) -> None:
    with refused_by_grant():
        run(f"SELECT {call}")


# The website's login


def test_the_websites_login_runs_none_of_it() -> None:
    """Neither those with the owner's rights, nor any other: it has no way into the schema."""
    found = run(
        "SELECT oid::regprocedure::text, prosecdef, has_function_privilege(%s, oid, 'EXECUTE') "
        "FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        settings.FEED_LOGIN,
    )

    with_owners_rights = {name for name, definer, _ in found if definer}
    assert {
        "erase_contributor(uuid)",
        "keep_replayed(text,uuid,text,uuid,jsonb,timestamp with time zone)",
        "write_withdrawal(text,uuid,jsonb)",
        "consent_moves_are_kept()",
        "listing_withdrawals_are_kept()",
        "consent_narrowings_are_kept()",
        "version_recalls_are_kept()",
        "account_flags_are_kept()",
        "restrictions_are_kept()",
        "voidings_are_kept()",
    } <= with_owners_rights
    assert [name for name, definer, may in found if definer and may] == []
    assert run("SELECT has_schema_privilege(%s, 'public', 'USAGE')", settings.FEED_LOGIN) == [
        (False,)
    ]


@pytest.mark.parametrize(
    "call",
    [
        "SELECT public.erase_contributor(gen_random_uuid())",
        "SELECT public.keep_replayed('erasure', gen_random_uuid(), '', gen_random_uuid(), '{}', "
        "now())",
        "SELECT public.what_protects(gen_random_uuid(), 'website', gen_random_uuid())",
        "SELECT public.write_withdrawal('version_recalled', gen_random_uuid(), '{}')",
    ],
)
def test_nor_by_trying(as_feed, call: str) -> None:
    with as_feed(), refused_by_grant():
        run(call)
