"""Mistakes in a deployment, told at start with what to do about each."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connections

from config import environment as env
from evidence.vault import keyring

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
    found: list[CheckMessage] = [
        _error(
            "E005",
            f"The {alias} connection logs in as {settings.DATABASES[alias]['USER']}.",
            f"Use the login {login}, which manage.py create_logins makes.",
        )
        for alias, login in expected.items()
        if settings.DATABASES[alias]["USER"] != login
    ]
    return found


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


@register(Tags.security)
def check_keyring(**_: Any) -> list[CheckMessage]:
    """Whoever finds the keys with the database could read it; whoever loses them, nobody can."""
    if settings.DEMO:
        return []
    folder = Path(settings.KEYRING_DIR).resolve()
    if not folder.is_dir():
        return [
            _caution(
                "W002",
                f"The keyring's folder {folder} is not there, so the vault does not open.",
                f"Mount its disk, or at a first start make it: install -d -m 700 {folder}.",
            )
        ]
    found: list[CheckMessage] = []
    if any(folder.is_relative_to(place) for place in _backed_up_places()):
        found.append(
            _caution(
                "W003",
                f"The keyring in {folder} lies among files that are served, replaced or backed up.",
                "Name a folder of its own in ATTEST_KEYRING_DIR, apart from Attest's files.",
            )
        )
    if any(path.stat().st_mode & 0o077 for path in (folder, *folder.glob("*.key"))):
        found.append(
            _caution(
                "W004",
                "Others on this machine may read or change the keyring.",
                f"Run: chmod -R go= {folder}.",
            )
        )
    if not keyring.current().opens():
        found.append(
            _error("E007", str(keyring.WrongKey()), "Nothing in the vault opens until then.")
        )
    return found


@register(Tags.security)
def check_own_page(**_: Any) -> list[CheckMessage]:
    """A page that tells people to call us needs a number to call."""
    needed = {
        "ATTEST_OWN_PAGE_PHONE": settings.OWN_PAGE_PHONE,
        "ATTEST_OWN_PAGE_ADDRESS": settings.OWN_PAGE_ADDRESS,
        "ATTEST_OWN_PAGE_FROM": settings.OWN_PAGE_FROM,
    }
    missing = [name for name, value in needed.items() if not value]
    if settings.DEMO or not missing:
        return []
    return [
        _caution(
            "W010",
            "Contributors' own pages do not say how to reach you, or no code can be sent.",
            f"Set {', '.join(missing)}; none of them may tell what it is about.",
        )
    ]


@register(Tags.security)
def check_alerts(**_: Any) -> list[CheckMessage]:
    """A withdrawal at night has to reach somebody."""
    if settings.DEMO:
        return []
    if not settings.SAFEGUARDING_ALERT_TO:
        return [
            _caution(
                "W005",
                "Nobody is told of a withdrawal out of hours.",
                "Name who is reached at any hour in ATTEST_SAFEGUARDING_ALERT_TO.",
            )
        ]
    if not settings.MAIL_HOST:
        return [
            _caution(
                "W006",
                "No mail leaves: alerts and codes are written to files.",
                "Name the mail server in ATTEST_SMTP_HOST.",
            )
        ]
    return []


@register(Tags.security)
def check_sender(**_: Any) -> list[CheckMessage]:
    """Mail servers refuse, or take for junk, what comes from an address that nobody has."""
    if settings.DEMO or not settings.MAIL_HOST or settings.DEFAULT_FROM_EMAIL != env.NOBODY:
        return []
    return [
        _caution(
            "W007",
            f"Mail leaves in the name of {env.NOBODY}, so alerts may reach nobody.",
            "Set ATTEST_MAIL_FROM to an address of yours.",
        )
    ]


def _backed_up_places() -> list[Path]:
    places = (settings.VAR, settings.BASE_DIR, settings.MEDIA_ROOT, settings.STATIC_ROOT)
    return [Path(place).resolve() for place in places if place]


def _caution(number: str, message: str, hint: str) -> Caution:
    return Caution(message, hint=hint, id=f"attest.{number}")


def _error(number: str, message: str, hint: str) -> Error:
    return Error(message, hint=hint, id=f"attest.{number}")
