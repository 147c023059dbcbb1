"""The one door: a password, a second factor where there is one, and a lock after too many tries."""

from functools import cache
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache as attempts
from django.urls import reverse

from tests.config import desk_rows as rows

pytestmark = pytest.mark.django_db

DOOR = "/admin/login/"
PASSWORD = "correct horse battery"


@cache
def hashed() -> str:
    """Made once, since hashing a password takes its time on purpose."""
    return make_password(PASSWORD)


@pytest.fixture(autouse=True)
def nobody_has_tried_yet():
    attempts.clear()


@pytest.fixture
def officer():
    person = rows.person("officer")
    person.password = hashed()
    person.save()
    return person


@pytest.fixture
def secret(officer):
    """The officer's authenticator app."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(officer, secret)
    return secret


def knock(client, password: str = PASSWORD, **more: str):
    return client.post(DOOR, {"username": "officer", "password": password, **more})


def code_of(secret: str) -> str:
    return totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )


def is_in(client) -> bool:
    return client.get(reverse("admin:index")).status_code == 200


def test_a_password_opens_the_desk(client, officer):
    answer = knock(client)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
    assert is_in(client)


def test_the_door_leads_on_to_where_one_wanted_to_go(client, officer):
    wanted = reverse("admin:evidence_source_changelist")

    assert knock(client, next=wanted).headers["Location"] == wanted


def test_the_door_leads_to_nobody_elses_site(client, officer):
    assert knock(client, next="https://example.com/").headers["Location"] == "/admin/"


def test_a_wrong_password_is_told_in_the_form(client, officer):
    answer = knock(client, "wrong")

    assert answer.status_code == 200
    assert "Please enter the correct username and password" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.long
def test_too_many_wrong_passwords_lock_the_account_from_there(client, officer):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = knock(client, "wrong")

    assert answer.status_code == 429
    assert "Wait a quarter of an hour" in answer.content.decode()
    assert knock(client).status_code == 429
    assert not is_in(client)


def test_with_a_second_factor_a_password_is_not_enough(client, secret):
    answer = knock(client)

    assert urlsplit(answer.headers["Location"]).path == reverse("mfa_authenticate")
    assert not is_in(client)


def test_password_and_code_together_open_the_desk(client, secret):
    knock(client)

    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
    assert is_in(client)


def test_a_wrong_code_opens_nothing(client, secret):
    knock(client)

    answer = client.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert "Incorrect code." in answer.content.decode()
    assert not is_in(client)


def test_an_administrator_removes_a_lost_second_factor(client, officer, secret):
    client.force_login(rows.person("administrator"), "django.contrib.auth.backends.ModelBackend")

    client.post(reverse("admin:auth_user_act", args=[officer.pk]), {"act": "forget_second_factor"})

    assert not Authenticator.objects.filter(user=officer).exists()


def test_there_is_no_second_door_and_no_sign_up(client):
    assert client.get("/accounts/login/").headers["Location"] == DOOR
    assert client.get("/accounts/signup/").status_code == 404


def test_account_and_security_opens_from_the_desk(client, officer):
    knock(client)

    page = client.get(reverse("admin:index")).content.decode()

    assert "Account and security" in page
    assert client.get(reverse("mfa_index")).status_code == 200
