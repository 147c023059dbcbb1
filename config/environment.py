"""Reads the process's environment, so that settings.py stays a list of decisions."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import pq

from config.embedded_files import var_folder
from evidence.vault.wrapping import read_key

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
BEFORE_THE_MARK = {"host", "port", "user", "password", "dbname"}
NOBODY = "attest@example.org"  # the sender of mail where none is named


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 for on or 0 for off.")


def is_demo() -> bool:
    """Where nobody gave a secret; refused where other settings show that the demo is not meant.

    A deployment that loses its secret would otherwise go on, with another one and without TLS.
    """
    if "ATTEST_DEMO" in os.environ or text("SECRET_KEY"):
        return flag("ATTEST_DEMO", default=False)
    if text("ATTEST_HOSTS") or text("ATTEST_SITE_URL").startswith("https://"):
        raise ImproperlyConfigured(
            "SECRET_KEY is not set, though the site's hosts or address are: set it, "
            "or ATTEST_DEMO=1 if this is the demo."
        )
    return True


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def secret_key(*, demo: bool) -> str:
    """SECRET_KEY from the environment; in the demo a random one, made once and kept under var/."""
    given = text("SECRET_KEY")
    if given:
        return given
    if not demo:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set: give it 50 or more random characters outside the demo."
        )
    return _made_once("secret_key", secrets.token_urlsafe(50))


def keyring_key(*, demo: bool) -> bytes:
    """The key that wraps the contributors' keys; the demo makes its own and keeps it under var/."""
    given = text("ATTEST_KEYRING_KEY")
    if not given and not demo:
        raise ImproperlyConfigured(
            "ATTEST_KEYRING_KEY is not set: make one with "
            'python -c "import secrets; print(secrets.token_hex(32))" '
            "and keep it apart from the backups of the database and of the keyring."
        )
    name = "ATTEST_KEYRING_KEY" if given else str(var_folder() / "keyring_key")
    try:
        return read_key(given or _made_once("keyring_key", secrets.token_hex(32)))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} is not a key of 32 bytes: write it as 64 hex digits or in urlsafe base64."
        ) from error


def _made_once(name: str, new: str) -> str:
    path = var_folder() / name
    try:
        return path.read_text().strip() or _keep(path, new)
    except FileNotFoundError:
        return _keep(path, new)
    except OSError as error:
        raise ImproperlyConfigured(_cannot_write(path, error)) from error


def _keep(path: Path, new: str) -> str:
    """Write through a temporary name: of two processes that start together, the first one wins."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(new)
        try:
            os.link(draft, path)
        except FileExistsError:
            if not path.read_text().strip():  # an earlier start ended between open and write
                draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(_cannot_write(path, error)) from error
    return path.read_text().strip()


def _cannot_write(path: Path, error: OSError) -> str:
    return (
        f"Cannot write {path} ({error.strerror}): make {path.parent} writable, "
        "or name another folder in ATTEST_VAR."
    )


def login_password(secret: str, login: str) -> str:
    """The password of one of our database logins where its address names none.

    Derived, so that `create_logins` and the web process agree without a file between them.
    """
    return hmac.new(secret.encode(), f"attest login {login}".encode(), hashlib.sha256).hexdigest()


def database_address(name: str) -> dict[str, Any]:
    """A postgres:// address as Django's NAME, USER, PASSWORD, HOST, PORT and OPTIONS.

    {} where unset. The options are libpq's own, as sslmode.
    """
    url = text(name)
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} is not a PostgreSQL address: "
            "write it as postgres://login:password@host:5432/database."
        )
    try:
        port = str(parts.port or "")
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} has a port that is not a number: mend it.") from error
    host = unquote(_host(parts.netloc))
    options = _options(parts.query)
    if not host:  # libpq also takes a socket folder as ?host=/path
        host = options.pop("host", "")
    _refuse_options(name, options)
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": options,
    }


def _host(netloc: str) -> str:
    """The host with its capitals, which a socket folder may have and urlsplit would lower."""
    place = netloc.rpartition("@")[2]
    if place.startswith("["):
        return place[1:].partition("]")[0]
    return place.partition(":")[0]


def _options(query: str) -> dict[str, str]:
    """As libpq reads them: unlike in a form, a plus sign is itself."""
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return {unquote(key): unquote(value) for key, _, value in pairs}


def _refuse_options(name: str, options: Mapping[str, str]) -> None:
    """One that was misspelt would be left out in silence, as a wish for TLS."""
    known = {each.keyword.decode() for each in pq.Conninfo.get_defaults()}
    for option in options:
        if option in BEFORE_THE_MARK:
            raise ImproperlyConfigured(
                f"{name} says {option} after the question mark: "
                "write it as postgres://login:password@host:5432/database."
            )
        if option not in known:
            raise ImproperlyConfigured(
                f"{name} says {option}, which PostgreSQL's client library does not know: mend it."
            )
