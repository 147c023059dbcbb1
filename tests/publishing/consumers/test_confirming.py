"""A consumer confirms what he applied: the stranger first, then whole answers."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from publishing.consumers.keys import make_key
from publishing.consumers.removals import unconfirmed
from publishing.models import Consumer
from tests.publishing import making

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/consumers/me/applied/"


def consumer(name: str = "The website") -> tuple[Consumer, str]:
    made = Consumer(name=name, contact_role="the agency's duty desk")
    key = make_key(made)
    made.save()
    return made, key


def confirm(key: str, body: object, **more: str):
    headers = {"Authorization": f"Bearer {key}", **more}
    return Client().post(ADDRESS, body, content_type="application/json", headers=headers)


def problem(kind: str, title: str, status: int, detail: str, **more: str) -> dict[str, object]:
    where = f"http://localhost:8000/api/v1/docs/#{kind}"
    return {"type": where, "title": title, "status": status, "detail": detail, **more}


UNKNOWN_KEY = problem(
    "key",
    "This key is not known",
    401,
    "Send the key that the desk gave you: Authorization: Bearer.",
)
BAD_TOKEN = problem(
    "parameter",
    "A parameter cannot be used",
    400,
    "Use a token as `next` of the changes gave it.",
    parameter="token",
)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic d3Jvbmc6", "Bearer a b", "Bearer é"]
)
def test_a_stranger_confirms_nothing(header: str, told) -> None:
    consumer()
    token = told("/api/v1/changes/")["next"]

    response = Client().post(
        ADDRESS,
        {"token": token},
        content_type="application/json",
        headers={"Authorization": header},
    )

    assert (response.status_code, response.json()) == (401, UNKNOWN_KEY)
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Cache-Control"] == "no-store"
    assert Consumer.objects.get().applied_at is None


def test_a_retired_key_is_a_strangers() -> None:
    made, key = consumer()
    Consumer.objects.update(retired_at=made.created_at)

    assert confirm(key, {"token": "x"}).status_code == 401


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", '"x"', "{}", '{"token": 1}', '{"token": "forged"}', '{"token": ""}'],
)
def test_a_token_that_is_none(body: str) -> None:
    _, key = consumer()

    response = confirm(key, body)

    assert (response.status_code, response.json()) == (400, BAD_TOKEN)
    assert response["Content-Type"] == "application/problem+json"


def test_a_body_without_end_is_not_read() -> None:
    _, key = consumer()

    assert confirm(key, b'{"token": "' + b"x" * 1_000_000).json() == BAD_TOKEN


def test_what_he_applied_is_kept_and_what_waits_is_told(told) -> None:
    made, key = consumer()
    making.written()
    before = told("/api/v1/changes/")["next"]
    making.removed()
    after = told(f"/api/v1/changes/?since={before}")["next"]

    first = confirm(key, {"token": before}).json()
    second = confirm(key, {"token": after})

    made.refresh_from_db()
    assert (first["seq"], first["waiting"]) == (1, 1)
    assert second.json() == {"seq": 2, "at": making.utc(made.applied_at), "waiting": 0}
    assert (made.applied_seq, made.applied_token) == (2, after)
    assert second["Access-Control-Allow-Origin"] == "*"


def test_an_older_token_that_comes_late_takes_nothing_back(told) -> None:
    _, key = consumer()
    making.written()
    before = told("/api/v1/changes/")["next"]
    making.removed()
    after = told(f"/api/v1/changes/?since={before}")["next"]
    confirm(key, {"token": after})

    assert confirm(key, {"token": before}).json()["seq"] == 2


def test_after_a_restore_he_is_told_to_begin_anew(told) -> None:
    made, key = consumer()
    making.written()
    making.removed()
    token = told("/api/v1/changes/")["next"]
    confirm(key, {"token": token})
    call_command("begin_epoch", verbosity=0)

    response = confirm(key, {"token": token})
    made.refresh_from_db()
    waiting = unconfirmed(made).count()
    anew = confirm(key, {"token": told("/api/v1/changes/")["next"]})

    assert response.status_code == 410
    assert response.json()["type"].endswith("#resync")
    assert (waiting, anew.json()["waiting"]) == (1, 0)


def test_what_has_run_out_is_confirmed_by_a_token_that_tells_of_it(told) -> None:
    made, key = consumer()
    making.written(expires_in=timedelta(hours=1))
    before = told("/api/v1/changes/")["next"]
    confirm(key, {"token": before})
    making.written(expires_in=timedelta(seconds=-1))
    Consumer.objects.update(created_at=made.created_at - timedelta(minutes=1))
    made.refresh_from_db()

    waiting = unconfirmed(made).count()
    after = told(f"/api/v1/changes/?since={before}")["next"]

    assert waiting == 1
    assert confirm(key, {"token": after}).json()["waiting"] == 0


def test_what_went_before_he_came_is_none_of_his(told) -> None:
    making.written()
    making.removed()

    made, _ = consumer()

    assert unconfirmed(made).count() == 0


def test_only_post(read) -> None:
    response = Client().get(ADDRESS)

    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
    assert response.json() == problem(
        "post", "This address takes a POST", 405, "Use one of POST, OPTIONS."
    )


def test_a_browser_elsewhere_may_ask() -> None:
    response = Client().options(ADDRESS)

    assert response.status_code == 204
    assert response["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert response["Access-Control-Allow-Methods"] == "POST, OPTIONS"


def test_the_key_is_kept_as_a_hash_alone() -> None:
    made, key = consumer()

    assert key.startswith("attest_")
    assert key not in str(Consumer.objects.filter(pk=made.pk).values().get())
