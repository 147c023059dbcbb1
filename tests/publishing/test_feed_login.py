"""The website's login reads schema `feed`, and the database refuses it everything else."""

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from psycopg import errors, sql

from publishing.models import Change, PublishedItem
from tests.publishing import making

pytestmark = pytest.mark.django_db(transaction=True)

RELATIONS = """
    SELECT nspname, relname FROM pg_class
    JOIN pg_namespace AS schema ON schema.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
        AND nspname NOT IN ('feed', 'pg_catalog', 'information_schema', 'pg_toast')
    ORDER BY 1, 2
"""
DEFINERS = """
    SELECT routine.oid::regprocedure::text FROM pg_proc AS routine
    JOIN pg_namespace AS schema ON schema.oid = pronamespace
    WHERE prosecdef AND nspname NOT IN ('pg_catalog', 'information_schema')
        AND has_schema_privilege(%s, schema.oid, 'USAGE')
        AND has_function_privilege(%s, routine.oid, 'EXECUTE')
"""


def real_feed_connection() -> BaseDatabaseWrapper:
    made = connections.create_connection("feed")
    name = connections["default"].settings_dict["NAME"]
    made.settings_dict = {**made.settings_dict, "NAME": name}
    made.alias = "default"  # Django guards tests by the alias
    return made


@pytest.fixture
def feed(login_as) -> psycopg.Connection:
    return login_as("feed")


@pytest.fixture
def owner(login_as) -> psycopg.Connection:
    return login_as("owner")


def test_it_is_nobody_else(feed) -> None:
    found = feed.execute(
        "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, "
        "(SELECT count(*) FROM pg_auth_members WHERE member = role.oid) "
        "FROM pg_roles AS role WHERE rolname = session_user"
    ).fetchone()

    assert found == (settings.FEED_LOGIN, False, False, False, False, 0)


def test_it_reads_what_is_published(feed) -> None:
    item = making.written()

    assert feed.execute("SELECT id, body FROM feed.items").fetchall() == [(item.pk, item.body)]


def test_no_other_relation_can_be_read(feed, owner) -> None:
    """Walks the catalogue, so that a table of tomorrow is among them."""
    relations = owner.execute(RELATIONS).fetchall()
    assert ("public", "evidence_testimonyversion") in relations
    assert len(relations) > 60

    readable = []
    for schema, name in relations:
        try:
            feed.execute(sql.SQL("SELECT FROM {} LIMIT 0").format(sql.Identifier(schema, name)))
            readable.append((schema, name))
        except errors.InsufficientPrivilege:
            pass

    assert readable == []


def test_no_column_of_another_relation_can_be_read(owner) -> None:
    found = owner.execute(
        "SELECT attrelid::regclass::text, attname FROM pg_attribute "
        "JOIN pg_class ON pg_class.oid = attrelid "
        "JOIN pg_namespace AS schema ON schema.oid = relnamespace "
        "WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'm', 'f') "
        "AND nspname NOT IN ('feed', 'pg_catalog', 'information_schema', 'pg_toast') "
        "AND has_column_privilege(%s, attrelid, attnum, 'SELECT')",
        [settings.FEED_LOGIN],
    ).fetchall()

    assert found == []


def test_no_function_lends_it_the_rights_of_another(owner) -> None:
    login = settings.FEED_LOGIN

    assert owner.execute(DEFINERS, [login, login]).fetchall() == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT public.publishing_next_seq()",
        "SELECT public.publishing_remove(gen_random_uuid())",
        "DELETE FROM feed.items",
        "UPDATE feed.items SET title = ''",
        "INSERT INTO feed.changes (seq, op, kind, id, at) VALUES (1, 'remove', 'ask', NULL, now())",
        "DELETE FROM feed.changes",
        "UPDATE feed.head SET seq = 0",
        "TRUNCATE public.publishing_change",
        "CREATE TABLE feed.mine ()",
        "CREATE TABLE public.mine ()",
        "CREATE SCHEMA mine",
        "SET ROLE attest_app",
        "SET ROLE attest_owner",
        "COPY feed.items TO PROGRAM 'true'",
        "SELECT pg_read_file('PG_VERSION')",
    ],
)
def test_it_writes_nothing(feed, statement: str) -> None:
    making.written()

    with pytest.raises((errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction)):
        feed.execute(statement)
    assert (PublishedItem.objects.count(), Change.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/bills/",
        "/api/v1/statistics/?ask=advocate&area=W92000004&source=x",
        f"/api/v1/bills/{making.item_id('one')}/",
        f"/api/v1/bills/{making.item_id('gone')}/",
        "/api/v1/changes/",
        "/api/v1/search/?q=bill",
        "/api/v1/schema/",
        "/api/v1/docs/",
        "/feed.json",
        "/feed.atom",
    ],
)
def test_the_feed_uses_its_own_connection_and_no_other(address: str) -> None:
    making.written()

    def refuse(*_: object) -> None:
        raise AssertionError("a query beside the feed's own login")

    stand_in = connections["feed"]
    connections["feed"] = real_feed_connection()
    try:
        with connections["default"].execute_wrapper(refuse):
            response = Client().get(address)
    finally:
        connections["feed"].close()
        connections["feed"] = stand_in

    expected = 404 if str(making.item_id("gone")) in address else 200
    assert response.status_code == expected
