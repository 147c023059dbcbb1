"""A deployment's mistakes are told with what to do."""

import pytest

from config import checks


def told(found) -> list[tuple[str, str]]:
    return [(each.id, each.hint) for each in found]


@pytest.fixture
def production(settings):
    settings.DEMO = False
    settings.SECRET_KEY = "x" * 60
    settings.ALLOWED_HOSTS = ["attest.example"]
    settings.SITE_URL = "https://attest.example"
    settings.DEBUG = False
    return settings


def test_a_sound_deployment_is_told_nothing(production) -> None:
    assert told(checks.check_environment()) == []


def test_the_demo_needs_none_of_it(production) -> None:
    production.DEMO = True
    production.SECRET_KEY = "short"

    assert told(checks.check_environment()) == []


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("SECRET_KEY", "short", ("attest.E001", "Give it 50 or more random characters.")),
        ("ALLOWED_HOSTS", [], ("attest.E002", "Name the site's hosts in ATTEST_HOSTS.")),
        (
            "SITE_URL",
            "http://attest.example",
            ("attest.E003", "Set ATTEST_SITE_URL to the address that starts with https://."),
        ),
        ("DEBUG", True, ("attest.E004", "Unset ATTEST_DEBUG outside the demo.")),
    ],
)
def test_each_mistake_is_told(production, setting: str, value: object, expected) -> None:
    setattr(production, setting, value)

    assert told(checks.check_environment()) == [expected]


def test_the_app_does_not_log_in_as_somebody_else(production) -> None:
    production.DATABASES = {
        "default": {"USER": "postgres"},
        "feed": {"USER": production.FEED_LOGIN},
    }

    assert told(checks.check_logins()) == [
        ("attest.E005", "Use the login attest_app, which manage.py create_logins makes.")
    ]


@pytest.mark.django_db
def test_the_embedded_server_writes_no_rows_to_its_log() -> None:
    assert told(checks.check_server(databases=["default"])) == []


@pytest.mark.django_db
def test_a_server_that_would_is_told_which_settings(monkeypatch) -> None:
    monkeypatch.setitem(checks.QUIET_SERVER, "log_error_verbosity", "something else")

    assert told(checks.check_server(databases=["default"])) == [
        ("attest.W001", "Set in postgresql.conf: log_error_verbosity = something else.")
    ]
