"""A deployment's mistakes are told with what to do."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.core.checks.registry import registry

from config import checks
from evidence.vault import keyring


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


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        (
            "attest@example.org",
            [("attest.W007", "Set ATTEST_MAIL_FROM to an address of yours.")],
        ),
        ("Attest <desk@charity.example>", []),
    ],
)
def test_mail_needs_a_sender_of_our_own(production, sender: str, expected) -> None:
    production.MAIL_HOST = "mail.charity.example"
    production.DEFAULT_FROM_EMAIL = sender

    assert told(checks.check_sender()) == expected


class TestKeyring:
    """The keys lie apart, for this program alone, and the key in the environment opens them."""

    @pytest.fixture
    def apart(self, production, tmp_path: Path) -> Path:
        folder = tmp_path / "apart" / "ring"
        folder.mkdir(mode=0o700, parents=True)
        production.VAR, production.STATIC_ROOT = tmp_path / "var", tmp_path / "static"
        production.KEYRING_DIR = folder
        keyring.current().create(uuid4())
        return folder

    def test_a_sound_one_is_told_nothing(self, apart: Path) -> None:
        assert told(checks.check_keyring()) == []

    def test_it_is_asked_at_every_start(self) -> None:
        assert checks.check_keyring in registry.get_checks()

    def test_the_demo_needs_none_of_it(self, apart: Path, production) -> None:
        production.DEMO = True
        production.KEYRING_DIR = apart / "missing"

        assert told(checks.check_keyring()) == []

    def test_a_missing_folder(self, apart: Path, production) -> None:
        production.KEYRING_DIR = missing = apart / "missing"

        assert told(checks.check_keyring()) == [
            (
                "attest.W002",
                f"Mount its disk, or at a first start make it: install -d -m 700 {missing}.",
            )
        ]

    @pytest.mark.parametrize("setting", ["VAR", "BASE_DIR", "MEDIA_ROOT", "STATIC_ROOT"])
    def test_a_folder_among_others(self, apart: Path, production, setting: str) -> None:
        link = apart.parent.with_name("link")
        link.symlink_to(apart.parent)
        setattr(production, setting, str(link))

        assert told(checks.check_keyring()) == [
            (
                "attest.W003",
                "Name a folder of its own in ATTEST_KEYRING_DIR, apart from Attest's files.",
            )
        ]

    @pytest.mark.parametrize("name", [".", "*.key"])
    def test_a_folder_or_file_that_others_may_read(self, apart: Path, name: str) -> None:
        (path,) = apart.glob(name) if name != "." else [apart]
        path.chmod(path.stat().st_mode | 0o040)

        assert told(checks.check_keyring()) == [("attest.W004", f"Run: chmod -R go= {apart}.")]

    def test_another_key_in_the_environment(self, apart: Path, production) -> None:
        production.KEYRING_KEY = bytes(32)

        assert told(checks.check_keyring()) == [
            ("attest.E007", "Nothing in the vault opens until then.")
        ]
