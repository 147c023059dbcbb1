"""A database that cannot be used is refused in one sentence that says what to do."""

import sys
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from config.embedded_postgres import DatabaseUnavailable, Server
from config.postgres_backend import client


@pytest.fixture
def server(shared, monkeypatch) -> Server:
    """A server of our own, which the backend takes for the embedded one."""
    var, url = shared
    server = Server(
        str(var.files.socket_folder), 5432, "postgres", urlsplit(url).password, var.files.data
    )
    monkeypatch.setattr(client, "hold", lambda: server)
    return server


def connection_to(**settings):
    base = {"ENGINE": "config.postgres_backend", "NAME": "postgres"}
    return ConnectionHandler({"default": {**base, **settings}})["default"]


def refusal(connection) -> str:
    with pytest.raises(OperationalError) as raised:
        connection.get_new_connection(connection.get_connection_params())
    assert isinstance(raised.value, DatabaseUnavailable)
    return str(raised.value)


def test_the_embedded_server_is_found_and_its_superuser_is_the_default(server):
    connection = connection_to(EMBEDDED=True)

    opened = connection.get_new_connection(connection.get_connection_params())

    assert opened.execute("SELECT current_user").fetchone() == ("postgres",)
    opened.close()


def test_nothing_is_started_before_a_connection_is_wanted(monkeypatch):
    monkeypatch.setattr(client, "hold", lambda: pytest.fail("started"))

    connection = connection_to(EMBEDDED=True)

    assert connection.vendor == "postgresql"
    assert connection.settings_dict["HOST"] == ""


def test_psql_is_told_where_the_embedded_server_is(server):
    arguments, environment = client.DatabaseClient.settings_to_cmd_args_env(
        connection_to(EMBEDDED=True, USER="attest_app", PASSWORD="own").settings_dict, []
    )

    assert arguments == ["psql", "-U", "attest_app", "-h", server.host, "-p", "5432", "postgres"]
    assert environment == {"PGPASSWORD": "own"}


def test_a_login_that_is_not_made_yet(server):
    connection = connection_to(EMBEDDED=True, USER="attest_app", PASSWORD="wrong")

    assert refusal(connection) == (
        f"Cannot connect to postgres on {server.host} (password authentication failed for user "
        '"attest_app"): run manage.py create_logins.'
    )


def test_a_database_that_is_not_made_yet(server):
    assert refusal(connection_to(EMBEDDED=True, NAME="attest")) == (
        f'Cannot connect to attest on {server.host} (database "attest" does not exist): '
        "run manage.py create_logins."
    )


def test_a_wrong_password_in_the_address(server):
    connection = connection_to(HOST=server.host, USER="postgres", PASSWORD="wrong")

    assert refusal(connection) == (
        f"Cannot connect to postgres on {server.host} (password authentication failed for user "
        '"postgres"): check DATABASE_URL, or run manage.py create_logins if the login is ours.'
    )


def test_a_database_that_the_address_s_server_lacks(server):
    connection = connection_to(
        HOST=server.host, USER="postgres", PASSWORD=server.password, NAME="elsewhere"
    )

    assert refusal(connection) == (
        f'Cannot connect to elsewhere on {server.host} (database "elsewhere" does not exist): '
        "create that database or check its name in DATABASE_URL."
    )


def test_a_server_that_does_not_answer():
    assert refusal(connection_to(HOST="127.0.0.1", PORT="1")) == (
        "Cannot connect to postgres on 127.0.0.1 (Connection refused): "
        "start that server or check host and port in DATABASE_URL."
    )


def test_a_host_that_does_not_exist():
    text = refusal(connection_to(HOST="no-such-host.invalid"))

    assert text.startswith("Cannot connect to postgres on no-such-host.invalid (")
    assert text.endswith("): check the host's name in DATABASE_URL.")


@pytest.mark.parametrize(("version", "major"), [(140011, 14), (90624, 9)])
def test_a_server_that_is_too_old(version, major):
    connection = connection_to()
    connection.__dict__["pg_version"] = version

    with pytest.raises(DatabaseUnavailable) as raised:
        connection.check_database_version_supported()

    assert str(raised.value) == (
        f"The database is PostgreSQL {major} and Attest needs 15 or newer: "
        "upgrade it, or unset DATABASE_URL to use the embedded one."
    )


def test_the_oldest_server_that_will_do():
    connection = connection_to()
    connection.__dict__["pg_version"] = 150000

    connection.check_database_version_supported()


def test_the_embedded_server_s_failure_is_known_to_django(monkeypatch):
    def fail():
        raise DatabaseUnavailable("No PostgreSQL was found.")

    monkeypatch.setattr(client, "hold", fail)

    assert refusal(connection_to(EMBEDDED=True)) == "No PostgreSQL was found."


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (
            "postgres://somebody:secret@127.0.0.1:1/attest",
            "Cannot connect to attest on 127.0.0.1 (Connection refused): "
            "start that server or check host and port in DATABASE_URL.\n",
        ),
        (
            "mysql://somebody@127.0.0.1/attest",
            "DATABASE_URL is not a PostgreSQL address: "
            "write it as postgres://login:password@host:5432/database.\n",
        ),
    ],
)
def test_manage_py_tells_it_in_one_sentence(empty_var, address, sentence):
    answer = empty_var.run(sys.executable, "manage.py", "showmigrations", DATABASE_URL=address)

    assert (answer.returncode, answer.stdout, answer.stderr) == (1, "", sentence)
