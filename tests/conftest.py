"""Tests meet the database as the app does: with a login that owns nothing."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from psycopg import sql

from config import logins
from config.roles import ensure_roles

CHROMIUM = Path("/usr/bin/chromium")
BROWSER_REQUIRED = os.environ.get("ATTEST_REQUIRE_BROWSER") == "1"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Make the logins, and let the owner create the test database and take the others' part."""
    call_command("create_logins", verbosity=0)
    with logins.administrator() as administrator:
        administrator.execute("SELECT pg_advisory_lock(%s)", [logins.LOCK])
        owner, app, feed = (
            sql.Identifier(name)
            for name in (settings.OWNER_LOGIN, settings.APP_LOGIN, settings.FEED_LOGIN)
        )
        administrator.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(owner))
        administrator.execute(sql.SQL("GRANT {}, {} TO {}").format(app, feed, owner))
        # Django makes and drops the test database from there.
        administrator.execute(sql.SQL("GRANT CONNECT ON DATABASE postgres TO {}").format(owner))
    with logins.as_owner(connections["default"]):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The groups of roles stand in every test's database, as they do after a start."""
    with django_db_blocker.unblock():
        ensure_roles()


@pytest.fixture(scope="module", autouse=True)
def module_keyring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """For what a module's fixtures seal; never the keyring of the demo."""
    folder = tmp_path_factory.mktemp("keyrings") / "of the module"
    folder.mkdir(mode=0o700)
    with override_settings(KEYRING_DIR=folder):
        yield folder


@pytest.fixture(autouse=True)
def keyring_folder(module_keyring: Path) -> Iterator[Path]:
    """Each test has a keyring and a ledger of its own, which start as the module's."""
    folder = module_keyring.with_name(uuid4().hex)
    shutil.copytree(module_keyring, folder)
    with override_settings(KEYRING_DIR=folder):
        yield folder


@pytest.fixture(autouse=True)
def packs_of_the_test(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An erasure empties the folder of packs: never that of the demo."""
    with override_settings(PACKS=tmp_path_factory.mktemp("packs")):
        yield


@contextmanager
def role(name: str) -> Iterator[None]:
    """Run as another login within this connection, as far as rights go."""
    with connections["default"].cursor() as cursor:
        cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(name)))
    try:
        yield
    finally:
        with connections["default"].cursor() as cursor:
            cursor.execute("RESET ROLE")


def _fixture_names(request: pytest.FixtureRequest) -> set[str]:
    return set(request.fixturenames)


@pytest.fixture(autouse=True)
def as_app(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test that touches the database does so with the app's rights.

    The feed's alias shares the test's connection, since a second one could not see what the test
    has not committed; tests of the real login open their own connection with `feed_login`.
    """
    marked = request.node.get_closest_marker("django_db")
    uses = {"db", "transactional_db", "client", "admin_client", "live_server"}
    if marked is None and not uses & _fixture_names(request):
        yield
        return
    transactional = (marked is not None and marked.kwargs.get("transaction")) or (
        {"transactional_db", "live_server"} & _fixture_names(request)
    )
    request.getfixturevalue("transactional_db" if transactional else "db")
    feed = connections["feed"]
    connections["feed"] = connections["default"]
    try:
        with role(settings.APP_LOGIN):
            yield
            if not transactional:
                connections["default"].check_constraints()
    finally:
        connections["feed"] = feed


@pytest.fixture
def as_feed() -> Callable[[], object]:
    """`with as_feed():` has the rights of the website's login."""

    @contextmanager
    def switch() -> Iterator[None]:
        with role(settings.FEED_LOGIN):
            yield
        with connections["default"].cursor() as cursor:
            cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(settings.APP_LOGIN)))

    return switch


@pytest.fixture
def login_as() -> Iterator[Callable[[str], psycopg.Connection]]:
    """A connection of its own with one of the real logins, for what a role cannot show."""
    opened: list[psycopg.Connection] = []

    def connect(alias: str) -> psycopg.Connection:
        chosen = settings.DATABASES[alias] if alias != "owner" else settings.DATABASE_OWNER
        wrapper = connections["default"]
        params = wrapper.get_connection_params()
        logins_of = {"owner": settings.OWNER_LOGIN, "default": settings.APP_LOGIN}
        user = logins_of.get(alias, settings.FEED_LOGIN)
        secret = logins.env.login_password(settings.SECRET_KEY, user)
        connection = psycopg.connect(
            host=params.get("host"),
            port=params.get("port"),
            dbname=wrapper.settings_dict["NAME"],
            user=user,
            password=chosen["PASSWORD"] if alias == "feed" else secret,
            autocommit=True,
        )
        opened.append(connection)
        return connection

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Chromium, which asks nobody for anything by itself."""
    if not CHROMIUM.exists():
        if BROWSER_REQUIRED:
            pytest.fail(f"Chromium is required, and {CHROMIUM} is not there.")
        pytest.skip(f"Chromium is not installed: {CHROMIUM} is not there.")
    sync_api = pytest.importorskip("playwright.sync_api")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's loop is not Django's
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any) -> Any:
    return browser.new_page()
