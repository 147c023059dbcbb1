"""What the environment says, and how a mistake in it is told."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("", {}),
        (
            "postgres://officer:p%40ss@db.example:6432/attest",
            {
                "NAME": "attest",
                "USER": "officer",
                "PASSWORD": "p@ss",
                "HOST": "db.example",
                "PORT": "6432",
                "OPTIONS": {},
            },
        ),
        (
            "postgresql:///attest?host=/var/run/PostgreSQL",
            {
                "NAME": "attest",
                "USER": "",
                "PASSWORD": "",
                "HOST": "/var/run/PostgreSQL",
                "PORT": "",
                "OPTIONS": {},
            },
        ),
        (
            "postgres://u@%2Ftmp%2FSocket/attest",
            {
                "NAME": "attest",
                "USER": "u",
                "PASSWORD": "",
                "HOST": "/tmp/Socket",
                "PORT": "",
                "OPTIONS": {},
            },
        ),
        (
            "postgres://u@[::1]:5432/attest",
            {
                "NAME": "attest",
                "USER": "u",
                "PASSWORD": "",
                "HOST": "::1",
                "PORT": "5432",
                "OPTIONS": {},
            },
        ),
        (
            "postgres://u@db.example/attest?sslmode=verify-full&sslrootcert=/etc/a%20b.pem",
            {
                "NAME": "attest",
                "USER": "u",
                "PASSWORD": "",
                "HOST": "db.example",
                "PORT": "",
                "OPTIONS": {"sslmode": "verify-full", "sslrootcert": "/etc/a b.pem"},
            },
        ),
    ],
)
def test_an_address_is_read(monkeypatch, address: str, parts: dict[str, str]) -> None:
    monkeypatch.setenv("DATABASE_URL", address)

    assert environment.database_address("DATABASE_URL") == parts


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("mysql://u@h/attest", "DATABASE_URL is not a PostgreSQL address"),
        ("postgres://u@h", "DATABASE_URL is not a PostgreSQL address"),
        ("attest", "DATABASE_URL is not a PostgreSQL address"),
        ("postgres://u@h:port/attest", "DATABASE_URL has a port that is not a number"),
        ("postgres://u@h/attest?sslmod=require", "DATABASE_URL says sslmod, .* does not know"),
        ("postgres://u@h/attest?password=p", "DATABASE_URL says password after the question mark"),
        ("postgres://u@h/attest?host=other", "DATABASE_URL says host after the question mark"),
    ],
)
def test_a_wrong_address_is_told(monkeypatch, address: str, sentence: str) -> None:
    monkeypatch.setenv("DATABASE_URL", address)

    with pytest.raises(ImproperlyConfigured, match=sentence):
        environment.database_address("DATABASE_URL")


def test_outside_the_demo_no_secret_is_made_up(monkeypatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        environment.secret_key(demo=False)


def test_the_demo_makes_its_secret_once(monkeypatch, tmp_path) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("ATTEST_VAR", str(tmp_path))

    first, second = environment.secret_key(demo=True), environment.secret_key(demo=True)

    assert first == second
    assert len(first) > 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_secret_that_was_half_written_is_made_again(monkeypatch, tmp_path) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("ATTEST_VAR", str(tmp_path))
    (tmp_path / "secret_key").touch()

    assert len(environment.secret_key(demo=True)) > 50


def test_a_folder_that_cannot_be_written_is_told(monkeypatch, tmp_path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("ATTEST_VAR", str(tmp_path / "file" / "var"))

    with pytest.raises(ImproperlyConfigured, match="or name another folder in ATTEST_VAR"):
        environment.secret_key(demo=True)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("ATTEST_HOSTS", "attest.example"), ("ATTEST_SITE_URL", "https://attest.example")],
)
def test_a_deployment_that_lost_its_secret_does_not_become_a_demo(
    monkeypatch, variable: str, value: str
) -> None:
    for name in ("ATTEST_DEMO", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        environment.is_demo()


@pytest.mark.parametrize(
    ("variables", "demo"),
    [({}, True), ({"SECRET_KEY": "x"}, False), ({"ATTEST_DEMO": "1", "SECRET_KEY": "x"}, True)],
)
def test_it_is_the_demo_where_nobody_gave_a_secret(monkeypatch, variables, demo: bool) -> None:
    for name in ("ATTEST_DEMO", "SECRET_KEY", "ATTEST_HOSTS", "ATTEST_SITE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert environment.is_demo() is demo


@pytest.mark.parametrize(("value", "on"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_a_flag_is_read(monkeypatch, value: str, on: bool) -> None:
    monkeypatch.setenv("ATTEST_DEBUG", value)

    assert environment.flag("ATTEST_DEBUG", default=not on) is on


def test_a_flag_that_is_neither_is_told(monkeypatch) -> None:
    monkeypatch.setenv("ATTEST_DEBUG", "perhaps")

    with pytest.raises(ImproperlyConfigured, match="write 1 for on or 0 for off"):
        environment.flag("ATTEST_DEBUG", default=False)


def test_outside_the_demo_no_keyring_key_is_made_up(monkeypatch) -> None:
    monkeypatch.delenv("ATTEST_KEYRING_KEY", raising=False)

    with pytest.raises(ImproperlyConfigured, match=r"make one with .*token_hex\(32\)"):
        environment.keyring_key(demo=False)


def test_the_demo_makes_its_keyring_key_once(monkeypatch, tmp_path) -> None:
    monkeypatch.delenv("ATTEST_KEYRING_KEY", raising=False)
    monkeypatch.setenv("ATTEST_VAR", str(tmp_path))

    first, second = environment.keyring_key(demo=True), environment.keyring_key(demo=True)

    assert (len(first), second) == (32, first)
    assert (tmp_path / "keyring_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("written", ["ab" * 32, "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s="])
def test_the_keyring_key_is_read_from_the_environment(monkeypatch, written: str) -> None:
    monkeypatch.setenv("ATTEST_KEYRING_KEY", written)

    assert environment.keyring_key(demo=False) == b"\xab" * 32


def test_a_keyring_key_of_another_length_is_told_without_showing_it(monkeypatch) -> None:
    monkeypatch.setenv("ATTEST_KEYRING_KEY", "ab" * 31)

    with pytest.raises(ImproperlyConfigured) as caught:
        environment.keyring_key(demo=False)

    assert str(caught.value) == (
        "ATTEST_KEYRING_KEY is not a key of 32 bytes: "
        "write it as 64 hex digits or in urlsafe base64."
    )
