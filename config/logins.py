"""The three database logins: made once for a server, and granted only what each needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import conninfo, sql

from config import environment as env
from config.embedded_postgres import hold
from config.postgres_backend.base import DatabaseWrapper

FEED_CONNECTIONS = 40
LOCK = 0x41747465  # "Atte": creating roles in parallel fails, they belong to the whole server


HARDENED = """
DO $$
DECLARE
    harmful regprocedure;
BEGIN
    FOR harmful IN SELECT oid FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
        AND proname ~ '^(pg_(try_)?advisory|lo_|lowrite|loread|pg_logical_emit_message)'
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', harmful);
        IF harmful::text ~ 'advisory' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {app}, {owner}', harmful);
        END IF;
    END LOOP;
END
$$;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql TO {owner};
"""


class Router:
    """One database under two aliases: what the feed's login sees is migrated with the rest."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == "feed" else None

    def allow_relation(self, one: models.Model, two: models.Model, **hints: Any) -> bool:
        return True


def statements(database: str) -> list[sql.Composed]:
    """The SQL that makes the logins and hands the database to its owner; safe to run again."""
    owner, app, feed = (
        (chosen["USER"], chosen["PASSWORD"])
        for chosen in (
            settings.DATABASE_OWNER,
            settings.DATABASES["default"],
            settings.DATABASES["feed"],
        )
    )
    made = [_create(*login) for login in (owner, app, feed)]
    name = sql.Identifier(database)
    return [
        *made,
        sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, sql.Identifier(owner[0])),
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(
            name, sql.Identifier(app[0]), sql.Identifier(feed[0])
        ),
        # However many readers come, the desk and the worker still get a connection.
        sql.SQL("ALTER ROLE {} CONNECTION LIMIT {}").format(
            sql.Identifier(feed[0]), sql.Literal(FEED_CONNECTIONS)
        ),
    ]


def _create(login: str, password: str) -> sql.Composed:
    """Create the login, or renew its password; it is never given a right over the server."""
    return sql.SQL(
        "DO $$ BEGIN "
        "IF EXISTS (SELECT FROM pg_roles WHERE rolname = {name}) "
        "THEN ALTER ROLE {role} LOGIN PASSWORD {password}; "
        "ELSE CREATE ROLE {role} LOGIN PASSWORD {password} "
        "NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS; END IF; END $$"
    ).format(name=sql.Literal(login), role=sql.Identifier(login), password=sql.Literal(password))


def create_logins() -> None:
    """Make or renew the logins on the server of DATABASE_URL, or on the embedded one.

    Raises CommandError with the SQL to hand to an administrator where the right to create roles
    is missing.
    """
    database = settings.DATABASE_OWNER["NAME"]
    with administrator() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            _create_database(connection, database)
            for statement in statements(database):
                connection.execute(statement)
            if settings.DATABASE_OWNER["EMBEDDED"]:  # the server is ours alone
                _harden(connection, database)
        except psycopg.errors.InsufficientPrivilege as error:
            script = ";\n".join(part.as_string(connection) for part in statements(database))
            raise CommandError(
                "The login of DATABASE_URL may not create roles: have an administrator run\n\n"
                f"{script};"
            ) from error


@contextmanager
def as_owner(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let this connection log in as the owner for a while, for migrations alone.

    The alias stays `default`, since other people's migrations name no alias and would otherwise
    wait, as the app, for what the owner's own transaction has locked.
    """
    before = connection.settings_dict
    owner = settings.DATABASE_OWNER
    connection.close()
    connection.settings_dict = before | {
        **{key: owner.get(key, "") for key in ("USER", "PASSWORD", "HOST", "PORT")},
        "OPTIONS": owner.get("OPTIONS", {}),
    }
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before


def grant_to_app(execute: Any) -> None:
    """Let the app's login use what migrations are about to make, and nobody else.

    TRUNCATE is granted to nobody, so that no history can be emptied. Runs as the owner, before
    the first table, since default privileges belong to one database and not to the server.
    """
    execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    execute(f"GRANT USAGE ON SCHEMA public TO {settings.APP_LOGIN}")
    for kind, rights in (
        ("TABLES", "SELECT, INSERT, UPDATE, DELETE"),
        ("SEQUENCES", "USAGE, SELECT"),
    ):
        execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {kind} "
            f"TO {settings.APP_LOGIN}"
        )


def _harden(connection: psycopg.Connection[Any], database: str) -> None:
    """Take from everybody what the website's login could harm the desk with.

    Advisory locks fill a table that all connections share; large objects and code fill the disk.
    Also in the template that new databases are copied from, as those of the tests.
    """
    connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
    hardened = HARDENED.format(app=settings.APP_LOGIN, owner=settings.OWNER_LOGIN)
    for name in ("template1", database):
        here = conninfo.make_conninfo(hold().url, dbname=name)
        with psycopg.connect(here, autocommit=True) as inside:
            inside.execute(hardened)


def _create_database(connection: psycopg.Connection[Any], database: str) -> None:
    found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [database]).fetchone()
    if found is None:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def administrator() -> psycopg.Connection[Any]:
    """A connection that may create roles: DATABASE_URL's, or the embedded server's superuser.

    Raises DatabaseUnavailable, as every connection of ours, with what to do about it.
    """
    address = env.database_address("DATABASE_URL")
    if not address:
        return psycopg.connect(hold().url, autocommit=True)
    settings_of = connections["default"].settings_dict | address | {"EMBEDDED": False}
    # Not opened by Django, whose apps would at once ask for the logins that are yet to be made.
    wrapper = DatabaseWrapper(settings_of, alias="default")
    connection: psycopg.Connection[Any] = wrapper.get_new_connection(
        wrapper.get_connection_params()
    )
    connection.autocommit = True
    wrapper.connection = connection
    wrapper.check_database_version_supported()
    return connection
