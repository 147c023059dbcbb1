"""Mistakes in a deployment, told at start with what to do about each."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.db import connections

# What a failed CHECK would otherwise write to the server's log is the row itself.
QUIET_SERVER = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}


def check_environment(**_: Any) -> list[CheckMessage]:
    """Outside the demo, each of these has to be given."""
    if settings.DEMO:
        return []
    found: list[CheckMessage] = []
    if len(settings.SECRET_KEY) < 50:
        found.append(
            _error("E001", "SECRET_KEY is short.", "Give it 50 or more random characters.")
        )
    if not settings.ALLOWED_HOSTS:
        found.append(
            _error("E002", "No host may be asked for.", "Name the site's hosts in ATTEST_HOSTS.")
        )
    if not settings.SITE_URL.startswith("https://"):
        found.append(
            _error(
                "E003",
                "The public address is not known, so documents could not link to themselves.",
                "Set ATTEST_SITE_URL to the address that starts with https://.",
            )
        )
    if settings.DEBUG:
        found.append(
            _error("E004", "DEBUG shows rows to strangers.", "Unset ATTEST_DEBUG outside the demo.")
        )
    return found


def check_logins(**_: Any) -> list[CheckMessage]:
    """The names are part of the grants that migrations write."""
    expected = {"default": settings.APP_LOGIN, "feed": settings.FEED_LOGIN}
    return [
        _error(
            "E005",
            f"The {alias} connection logs in as {settings.DATABASES[alias]['USER']}.",
            f"Use the login {login}, which manage.py create_logins makes.",
        )
        for alias, login in expected.items()
        if settings.DATABASES[alias]["USER"] != login
    ]


def check_server(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Asked of the server itself, so only where a command checks databases (`check --database`)."""
    if not databases or "default" not in databases:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(QUIET_SERVER)]
        )
        loud = [name for name, setting in cursor.fetchall() if setting != QUIET_SERVER[name]]
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (is_superuser,) = cursor.fetchone()
    found: list[CheckMessage] = []
    if is_superuser:
        found.append(
            _error(
                "E006",
                "The app logs in as a superuser, so no rule of the database binds it.",
                "Use the login attest_app.",
            )
        )
    if loud:
        wanted = ", ".join(f"{name} = {QUIET_SERVER[name]}" for name in sorted(loud))
        found.append(
            Caution(
                "The database server may write the contents of rows to its log.",
                hint=f"Set in postgresql.conf: {wanted}.",
                id="attest.W001",
            )
        )
    return found


def _error(number: str, message: str, hint: str) -> Error:
    return Error(message, hint=hint, id=f"attest.{number}")
