"""The stock backend, save that it finds the embedded server and fails in one helpful sentence."""

from typing import Any

from django.db.backends.postgresql import base
from django.db.utils import OperationalError

from config.embedded_postgres import DatabaseUnavailable
from config.postgres_backend.client import DatabaseClient, located

OLDEST = (15,)
# What the server or its client library says, and what to do about it.
ADVICE = {
    "password authentication failed": "check the login and its password in {source}",
    "no password supplied": "give the login's password in {source}",
    'role "': "check the login in {source}",
    'database "': "create that database or check its name in {source}",
    "resolve host": "check the host's name in {source}",
    "translate host": "check the host's name in {source}",
    "refused": "start that server or check host and port in {source}",
    "No such file": "start that server or check host and port in {source}",
    "timeout": "check that the host and port in {source} can be reached from here",
    "too many": "close other connections or raise the server's max_connections",
}


class CannotConnect(DatabaseUnavailable, OperationalError):
    """Known to Django as an OperationalError, to manage.py by its one sentence."""


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        try:
            place = located(self.settings_dict)
        except DatabaseUnavailable as error:
            raise CannotConnect(str(error)) from error
        chosen = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        return params | {name: place[key] for name, key in chosen.items() if place[key]}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError as error:
            raise CannotConnect(self._explained(str(error), conn_params)) from error

    def check_database_version_supported(self) -> None:
        version = self.get_database_version()
        if version < OLDEST:
            raise CannotConnect(
                f"The database is PostgreSQL {version[0]} and Attest needs {OLDEST[0]} or newer: "
                "upgrade it, or unset DATABASE_URL to use the embedded one."
            )

    def _explained(self, message: str, params: dict[str, Any]) -> str:
        """From the first line of the client library's message, which never holds the password."""
        cause = message.strip().splitlines()[0].rpartition("failed: ")[2]
        cause = cause.removeprefix("FATAL:").strip().rstrip(".")
        advice = next((text for sign, text in ADVICE.items() if sign in message), None)
        if self.settings_dict.get("EMBEDDED"):
            source = "the settings"
            if advice and "{source}" in advice:
                advice = "run manage.py create_logins"
        else:
            source = "DATABASE_URL"
            if 'role "' in message or "password authentication" in message:
                advice = "check {source}, or run manage.py create_logins if the login is ours"
        place = f"{params.get('dbname')} on {params.get('host') or 'this machine'}"
        advice = (advice or "check {source}").format(source=source)
        return f"Cannot connect to {place} ({cause}): {advice}."
