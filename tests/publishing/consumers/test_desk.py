"""Consumers, endpoints and deliveries at the desk: strangers first; keys and secrets shown once."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from publishing.models import Consumer, Delivery, Endpoint
from publishing.webhooks.delivering import due
from publishing.webhooks.models import DeliveryState, EndpointState
from publishing.webhooks.signing import secret_of
from tests.publishing import making
from tests.publishing.consumers.test_confirming import confirm, consumer
from tests.publishing.webhooks.listening import endpoint_of, told_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def shown(page: bytes) -> str:
    return re.search(r'<code id="secret">(\S+)</code>', page.decode())[1]


def press(desk: Client, record, act: str):
    name = f"admin:publishing_{record._meta.model_name}_press"
    return desk.post(reverse(name, args=[record.pk]), {"act": act})


@pytest.mark.parametrize("who", ["nobody", "staff"])
def test_strangers_see_and_press_nothing(who: str) -> None:
    made, _ = consumer()
    client = Client()
    if who == "staff":
        client.force_login(User.objects.create(username="staff", is_staff=True))
    pages = ["publishing_consumer_changelist", "publishing_consumer_removals"]

    seen = {client.get(reverse(f"admin:{page}")).status_code for page in pages}
    pressed = press(client, made, "new_key").status_code

    refused = 302 if who == "nobody" else 403
    assert (seen, pressed) == ({refused}, 302 if who == "nobody" else 404)
    assert Consumer.objects.get().key_hash == made.key_hash


def test_a_key_is_shown_once_and_opens(desk, told) -> None:
    response = desk.post(
        reverse("admin:publishing_consumer_add"),
        {"name": "The website", "contact_role": "duty desk", "alarm_after_minutes": 15},
    )

    key = shown(response.content)
    made = Consumer.objects.get()
    assert "no-store" in response["Cache-Control"]
    assert confirm(key, {"token": told("/api/v1/changes/")["next"]}).status_code == 200
    again = desk.get(reverse("admin:publishing_consumer_change", args=[made.pk]))
    assert key not in again.content.decode()


def test_a_new_key_ends_the_old_one(desk, told) -> None:
    made, old = consumer()

    new = shown(press(desk, made, "new_key").content)

    token = told("/api/v1/changes/")["next"]
    assert [confirm(key, {"token": token}).status_code for key in (old, new)] == [401, 200]


def test_retired_it_can_do_nothing_and_nobody_waits(desk) -> None:
    made, key = consumer()
    endpoint = endpoint_of(made)

    press(desk, made, "retire")

    endpoint.refresh_from_db()
    assert confirm(key, {"token": "x"}).status_code == 401
    assert endpoint.state == EndpointState.OFF
    assert press(desk, made, "retire").status_code == 302


def test_the_page_says_who_has_not_taken_it_back(desk) -> None:
    consumer("The website")
    making.written()
    making.removed()

    page = desk.get(reverse("admin:publishing_consumer_removals")).content.decode()

    assert str(making.item_id("one")) in page
    assert "<td>The website</td>" in page


def test_lists_and_records_open(desk) -> None:
    made, _ = consumer()
    endpoint = endpoint_of(made)
    making.written()
    (delivery,) = told_of(endpoint)

    pages = [
        reverse(f"admin:publishing_{record._meta.model_name}_{page}", args=args)
        for record in (made, endpoint, delivery)
        for page, args in (("changelist", []), ("change", [record.pk]))
    ]

    assert {desk.get(page).status_code for page in pages} == {200}


def test_an_endpoint_begins_today_and_its_secret_is_shown_once(desk) -> None:
    made, _ = consumer()
    making.written()

    response = desk.post(
        reverse("admin:publishing_endpoint_add"),
        {"consumer": made.pk, "url": "https://hooks.example.org/attest"},
    )

    endpoint = Endpoint.objects.get()
    assert shown(response.content) == secret_of(endpoint)
    assert told_of(endpoint) == []


@pytest.mark.parametrize(
    "url", ["ftp://a.test/", "https://u:p@a.test/", "https://a.test:22/", "https:///x"]
)
def test_addresses_that_are_never_called_are_refused_at_the_form(desk, url: str) -> None:
    made, _ = consumer()

    desk.post(reverse("admin:publishing_endpoint_add"), {"consumer": made.pk, "url": url})

    assert not Endpoint.objects.exists()


def test_outside_the_demo_only_https(desk, settings) -> None:
    settings.WEBHOOK_SCHEMES = {"https"}
    made, _ = consumer()

    page = desk.post(
        reverse("admin:publishing_endpoint_add"), {"consumer": made.pk, "url": "http://a.test/"}
    ).content.decode()

    assert "begins with https://" in page


def test_sent_again_by_hand(desk) -> None:
    endpoint = endpoint_of(consumer()[0])
    making.written()
    (delivery,) = told_of(endpoint)
    Delivery.objects.update(state=DeliveryState.FAILED, tries=10)

    press(desk, delivery, "replay")

    assert list(due(endpoint.pk)) == [delivery]


def test_disabled_and_switched_on_again_it_is_told_what_it_missed(desk) -> None:
    endpoint = endpoint_of(consumer()[0])
    Endpoint.objects.update(state=EndpointState.DISABLED, failures=10)
    making.written()
    missed = told_of(endpoint)

    press(desk, endpoint, "switch_on")

    assert (missed, len(told_of(endpoint))) == ([], 1)
    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.failures) == (EndpointState.ON, 0)


def test_a_new_secret_is_shown_once(desk) -> None:
    endpoint = endpoint_of(consumer()[0])
    before = secret_of(endpoint)

    after = shown(press(desk, endpoint, "renew").content)

    endpoint.refresh_from_db()
    assert after == secret_of(endpoint) != before
