"""The app's login owns nothing and can switch nothing off: asked of the catalogue itself."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from config import logins
from config.embedded_postgres import DatabaseUnavailable
from tests.refusing import refused_by_grant, run

pytestmark = pytest.mark.django_db

SAFETY = {
    "consent_is_logged",
    "consent_keeps_its_word",
    "consent_leaving_calls_back",
    "consent_lists_its_contributors",
    "consent_narrowing_calls_back",
    "consent_scope_only_narrows",
    "excerpt_is_in_its_snapshot",
    "review_covers_its_lines",
    "review_covers_pack_items",
    "review_is_one_door",
    "testimony_flag_calls_back",
    "testimony_use_is_covered",
    "testimony_version_is_immutable",
    "testimony_version_leaving_calls_back",
}


def test_the_logins_have_no_right_over_the_server() -> None:
    rows = run(
        "SELECT rolname, rolsuper, rolcreaterole, rolbypassrls, rolreplication FROM pg_roles "
        "WHERE rolname IN (%s, %s, %s) ORDER BY rolname",
        settings.APP_LOGIN,
        settings.FEED_LOGIN,
        settings.OWNER_LOGIN,
    )

    assert [tuple(row) for row in rows] == [
        (settings.APP_LOGIN, False, False, False, False),
        (settings.FEED_LOGIN, False, False, False, False),
        (settings.OWNER_LOGIN, False, False, False, False),
    ]


def test_the_app_and_the_feed_own_nothing() -> None:
    owned = run(
        "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) IN (%s, %s) UNION ALL "
        "SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) IN (%s, %s)",
        *[settings.APP_LOGIN, settings.FEED_LOGIN] * 2,
    )

    assert owned == []


def test_no_table_can_be_emptied_by_the_app() -> None:
    truncatable = run(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') "
        "AND relnamespace = 'public'::regnamespace AND has_table_privilege(%s, oid, 'TRUNCATE')",
        settings.APP_LOGIN,
    )

    assert truncatable == []


def test_every_safety_rule_is_there_and_none_asks_whether_it_is_ignored() -> None:
    rows = run(
        "SELECT DISTINCT tgname, tgenabled, prosrc LIKE '%%pgtrigger.ignore%%' FROM pg_trigger "
        "JOIN pg_proc ON pg_proc.oid = tgfoid WHERE NOT tgisinternal"
    )
    can_be_ignored = {name for name, _, asks in rows if asks}

    assert {name for name, enabled, _ in rows if enabled == "O"} >= SAFETY
    assert {name for name in can_be_ignored if not name.startswith("pgtrigger_")} == set()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id integer)",
        "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "ALTER TABLE evidence_testimonyuse DISABLE TRIGGER USER",
        "DROP TABLE evidence_consentevent",
        "CREATE ROLE mine",
        "SET session_replication_role = 'replica'",
    ],
)
def test_the_app_can_make_and_break_nothing(statement: str) -> None:
    with refused_by_grant():
        run(statement)


def test_making_the_logins_again_changes_no_right() -> None:
    def rights() -> list[tuple]:
        roles = "SELECT rolname, rolcanlogin, rolsuper, rolconnlimit FROM pg_roles ORDER BY 1"
        return [*run(roles), *run("SELECT datname, datacl::text FROM pg_database ORDER BY 1")]

    call_command("create_logins", verbosity=0)
    before = rights()
    call_command("create_logins", verbosity=0)

    assert rights() == before


def test_an_administrator_without_the_right_is_handed_the_sql(monkeypatch, login_as) -> None:
    monkeypatch.setattr(logins, "administrator", lambda: login_as("default"))

    with pytest.raises(CommandError) as refused:
        logins.create_logins()

    told = str(refused.value)
    assert told.startswith("The login of DATABASE_URL may not create roles: have an administrator")
    assert f'CREATE ROLE "{settings.APP_LOGIN}" LOGIN PASSWORD' in told
    assert "GRANT CONNECT ON DATABASE" in told


def test_migrating_is_the_owners_work(monkeypatch) -> None:
    users = []
    connection = connections["default"]
    monkeypatch.setattr(connection, "close", lambda: None)
    with logins.as_owner(connection):
        users.append(connection.settings_dict["USER"])
    assert users == [settings.OWNER_LOGIN]


def test_an_address_where_nothing_answers_is_told_in_a_sentence(monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://officer:secret@127.0.0.1:1/attest")

    with pytest.raises(DatabaseUnavailable) as refused:
        logins.create_logins()

    assert str(refused.value) == (
        "Cannot connect to attest on 127.0.0.1 (Connection refused): start that server or check "
        "host and port in DATABASE_URL."
    )
