"""What the app's login may do with what is written about people, and with what has left."""

import pytest
from django.conf import settings

from tests.refusing import run

pytestmark = pytest.mark.django_db

RIGHTS = """
    SELECT relname,
        array(SELECT kind FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS kind
            WHERE has_table_privilege(%s, pg_class.oid, kind))
        || array(SELECT attname::text FROM pg_attribute
            WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
                AND has_column_privilege(%s, pg_class.oid, attnum, 'UPDATE')
                AND NOT has_table_privilege(%s, pg_class.oid, 'UPDATE')
            ORDER BY attname)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY (%s)
"""


def test_the_app_writes_what_it_has_to_and_rewrites_nothing() -> None:
    """Kinds of statement for a whole table, and the columns that alone it may change."""
    may = {
        # people, and what they agreed to
        "evidence_contributor": "INSERT do_not_contact is_fictional label lifelong_anonymity "
        "retention_hold",
        "evidence_testimony": "INSERT UPDATE",
        "evidence_testimonyversion": "INSERT cleared_by_id contributor_approved_at "
        "jigsaw_reviewed_at jigsaw_reviewed_by_id state",
        "evidence_personspokenabout": "INSERT UPDATE",
        "evidence_reportingrestriction": "INSERT ended_at ended_by_id",
        "evidence_restrictedaccount": "INSERT UPDATE",
        "evidence_privacynotice": "INSERT",
        "evidence_consent": "INSERT UPDATE",
        "evidence_consentscope": "INSERT",
        "evidence_consenttestimony": "INSERT withdrawn_at",
        "evidence_anonymitywaiver": "INSERT legal_sign_off_at legal_sign_off_by_id "
        "pressure_checked_at pressure_checked_by_id voided_at",
        # the vault
        "evidence_identity": "INSERT UPDATE",
        "evidence_rawaccount": "INSERT UPDATE",
        "evidence_consentevidence": "INSERT",
        "evidence_ownpagelink": "INSERT ended_at",
        "evidence_ownpagecode": "INSERT tries used_at",
        # what was used, and called back
        "evidence_testimonyuse": "INSERT outcome recalled_at",
        "evidence_recalltask": "INSERT asked_at chase_on closed_at note",
        "evidence_usenotice": "INSERT",
        "evidence_alert": "mailed_at seen_at seen_by_id",
        "evidence_erasurerequest": "INSERT told_at",
        # history: the database itself writes what has no right here
        "evidence_consentevent": "",
        "evidence_erasureledger": "",
        "evidence_withdrawalledger": "",
        "evidence_redaction": "",
        "evidence_vaultlook": "INSERT",
        "evidence_correction": "INSERT",
        "evidence_snapshot": "INSERT DELETE last_seen_at",
        "django_admin_log": "INSERT",
        # what has left
        "publishing_publisheditem": "INSERT UPDATE DELETE",
        "publishing_change": "INSERT",
        "publishing_counter": "INSERT UPDATE",
        "campaigns_packversion": "INSERT",
        "campaigns_copy": "INSERT",
        "campaigns_copyuse": "INSERT",
        "campaigns_versionrecall": "INSERT",
        "campaigns_versionmark": "INSERT",
        "campaigns_secondsignature": "INSERT",
        "campaigns_stoppassed": "INSERT",
        "campaigns_jigsawreview": "INSERT",
        "campaigns_delivery": "INSERT address began_at decided_at decided_by_id ended_at state why",
        "campaigns_deliveryevent": "INSERT",
        "campaigns_notice": "INSERT chase_on closed_at outcome replied_at reply text",
        "campaigns_noticemark": "INSERT",
    }

    found = run(RIGHTS, *[settings.APP_LOGIN] * 3, list(may))

    assert {table: " ".join(rights) for table, rights in found} == may


def test_the_websites_login_reads_no_table_and_writes_and_makes_nothing() -> None:
    feed, app = settings.FEED_LOGIN, settings.APP_LOGIN

    found = run(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v') "
        "AND relnamespace IN ('public'::regnamespace, 'feed'::regnamespace) "
        "AND (has_table_privilege(%s, oid, 'INSERT, UPDATE, DELETE, TRUNCATE') "
        "OR relnamespace = 'public'::regnamespace AND has_any_column_privilege(%s, oid, 'SELECT'))",
        feed,
        feed,
    )
    schema = run(
        "SELECT has_schema_privilege(%s, 'public', 'USAGE'), "
        "has_schema_privilege(%s, 'public', 'CREATE'), "
        "has_schema_privilege(%s, 'public', 'CREATE')",
        feed,
        feed,
        app,
    )

    assert (found, schema) == ([], [(False, False, False)])
