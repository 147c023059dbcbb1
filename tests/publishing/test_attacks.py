"""What the website's login could do to the house if it were in hostile hands."""

import contextlib
import time
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import Error, connection, transaction
from django.utils import timezone

from evidence.models import Channel
from evidence.website import put_on_website
from publishing import publication
from publishing.models import PublishedItem
from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def feed(login_as) -> psycopg.Connection:
    return login_as("feed")


@pytest.fixture
def owner(login_as) -> psycopg.Connection:
    return login_as("owner")


@pytest.fixture
def expired() -> PublishedItem:
    now = timezone.now()
    covered = make.covered(
        Channel.WEBSITE_FEED,
        title="The canary",
        text="I ran away.",
        validity=(now - timedelta(days=30), now + timedelta(seconds=1)),
        review_due=now.date(),
    )
    put_on_website(covered.version.testimony)
    item = PublishedItem.objects.get()
    time.sleep(1.1)
    publication.remove_expired()  # as the worker does each minute
    return item


def test_an_error_does_not_print_what_has_expired(feed, expired) -> None:
    said = ""
    try:
        feed.execute("SELECT FROM feed.items WHERE pg_size_bytes(title) IS NOT NULL")
    except psycopg.Error as error:
        said = str(error)

    assert "canary" not in said


def test_it_holds_up_no_removal(feed) -> None:
    item = making.written()

    with contextlib.suppress(psycopg.Error):
        feed.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [str(item.pk)])
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '1s'")
            assert publication.remove(item.pk)
    except Error as error:
        pytest.fail(f"the website's login holds it up: {error}")


def test_it_may_take_no_advisory_lock(feed) -> None:
    """They fill the lock table that all connections share: then no withdrawal can commit."""
    usable = feed.execute(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE proname ~ '^pg_(try_)?advisory' "
        "AND proname !~ 'unlock' AND has_function_privilege(oid, 'EXECUTE')"
    ).fetchall()

    assert usable == []


def test_it_may_store_nothing(feed) -> None:
    usable = feed.execute(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE proname IN "
        "('lo_create', 'lo_creat', 'lo_from_bytea', 'lo_put', 'lowrite', 'pg_logical_emit_message')"
        " AND has_function_privilege(oid, 'EXECUTE')"
    ).fetchall()

    assert usable == []


def test_it_writes_no_code(feed) -> None:
    """RAISE LOG fills the server's log, three megabytes a statement and more."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        feed.execute("DO $$ BEGIN END $$")


def test_it_leaves_connections_for_the_desk(owner) -> None:
    (limit,) = owner.execute(
        "SELECT rolconnlimit FROM pg_roles WHERE rolname = %s", [settings.FEED_LOGIN]
    ).fetchone()
    (most,) = owner.execute("SELECT current_setting('max_connections')::int").fetchone()

    assert 0 < limit < most - 10


def test_it_enters_no_other_database(owner) -> None:
    """There it could make temporary tables until the disk is full."""
    found = owner.execute(
        "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate "
        "AND datname NOT IN (%s, current_database()) AND datname NOT LIKE 'test\\_%%' "
        "AND has_database_privilege(%s, oid, 'TEMP')",
        [settings.DATABASES["default"]["NAME"].removeprefix("test_"), settings.FEED_LOGIN],
    ).fetchall()

    assert found == []
