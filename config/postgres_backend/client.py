"""Finds the embedded server for whoever wants to connect, psql included."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql import client

from config.embedded_postgres import hold


def located(settings: dict[str, Any]) -> dict[str, Any]:
    """A copy of the database's settings that says where it is; starts the embedded server."""
    if not settings.get("EMBEDDED"):
        return settings
    server = hold()
    superuser = {"USER": server.user, "PASSWORD": server.password}
    login = {} if settings["USER"] else superuser
    return {**settings, "HOST": server.host, "PORT": server.port, **login}


class DatabaseClient(client.DatabaseClient):
    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        answer: tuple[list[str], dict[str, str] | None] = super().settings_to_cmd_args_env(
            located(settings_dict), parameters
        )
        return answer
