"""One call: nothing inside is reached, nobody is followed, and a receiver can verify it."""

import time
from datetime import timedelta

import orjson
import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from publishing.models import Delivery, Endpoint
from publishing.outward.connecting import Reach
from publishing.webhooks.calling import Answer, Way, call, why_not
from publishing.webhooks.signing import renew, secret_of, signatures
from tests.evidence.hostile_addresses import INSIDE_4, INSIDE_6
from tests.evidence.listening import Canary
from tests.publishing import making
from tests.publishing.consumers.test_confirming import consumer
from tests.publishing.webhooks.listening import (
    OUTSIDE,
    Receiver,
    endpoint_of,
    listening,
    status,
    told_of,
)

pytestmark = pytest.mark.django_db

INSIDE = Answer(problem="The address leads into a private network.")


@pytest.fixture
def receiver():
    with listening() as made:
        yield made


@pytest.fixture
def canary():
    made = Canary()
    yield made
    made.close()


def delivery_to(url: str) -> Delivery:
    endpoint = endpoint_of(consumer()[0], url)
    making.written(text="the document")
    (delivery,) = told_of(endpoint)
    return delivery


def called(delivery: Delivery, receiver: Receiver, **fields: object) -> Answer:
    return call(delivery, timezone.now(), way=receiver.way(**fields))


def hosts() -> list[str]:
    return [*INSIDE_4, *[f"[{address}]" for address in INSIDE_6], "inside.test", "mixed.test"]


def test_nothing_inside_is_asked(receiver, canary) -> None:
    delivery = delivery_to(receiver.url)
    ports = frozenset({canary.port})

    answers = []
    for host in hosts():
        delivery.endpoint.url = f"http://{host}:{canary.port}/"
        answers.append(called(delivery, receiver, ports=ports))

    assert answers == [INSIDE] * len(hosts())
    assert canary.connections == 0


def test_the_guard_stands_by_default(settings, canary) -> None:
    settings.WEBHOOK_PORTS = {canary.port}
    delivery = delivery_to(f"http://127.0.0.1:{canary.port}/")

    assert call(delivery, timezone.now()) == INSIDE
    assert (canary.connections, Way().inside, Reach().inside) == (0, (), ())


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://hooks.test/"],
)
def test_a_redirect_is_a_failure_and_nobody_follows_it(receiver, location: str) -> None:
    receiver.answer = status(302, Location=location)

    answer = called(delivery_to(receiver.url), receiver)

    assert answer == Answer(302, "It answered 302.")
    assert len(receiver.received) == 1


def test_a_receiver_verifies_it_and_reads_the_change(receiver) -> None:
    delivery = delivery_to(receiver.url)

    answer = called(delivery, receiver)

    ((headers, body),) = receiver.received
    told = Webhook(secret_of(delivery.endpoint)).verify(body, headers)
    assert answer == Answer(204)
    assert headers["webhook-id"] == f"msg_{delivery.pk.hex}"
    assert told == {
        "type": "feed.upsert",
        "timestamp": making.utc(delivery.at),
        "data": {
            "seq": 1,
            "op": "upsert",
            "kind": "bill",
            "id": str(making.item_id("one")),
            "at": making.utc(delivery.at),
        },
    }


def test_what_was_altered_or_is_old_does_not_verify(receiver) -> None:
    delivery = delivery_to(receiver.url)
    called(delivery, receiver)
    call(delivery, timezone.now() - timedelta(hours=1), way=receiver.way())
    (fresh, body), (old, _) = receiver.received
    webhook = Webhook(secret_of(delivery.endpoint))

    for told, headers in ((body.replace(b"bill", b"bull"), fresh), (body, old)):
        with pytest.raises(WebhookVerificationError):
            webhook.verify(told, headers)


def test_a_renewed_secret_and_the_old_one_hold_for_a_day(receiver) -> None:
    delivery = delivery_to(receiver.url)
    old = secret_of(delivery.endpoint)
    new = renew(delivery.endpoint)

    called(delivery, receiver)

    ((headers, body),) = receiver.received
    assert [Webhook(each).verify(body, headers)["type"] for each in (old, new)] == [
        *["feed.upsert"] * 2
    ]
    later = timezone.now() + timedelta(days=2)
    assert len(signatures(delivery.endpoint, "msg_1", later, b"").split()) == 1


def test_the_database_alone_does_not_hold_the_secret() -> None:
    endpoint = endpoint_of(consumer()[0])
    row = str(Endpoint.objects.values().get())

    assert secret_of(endpoint).removeprefix("whsec_") not in row


def test_of_testimony_no_word_is_sent(receiver) -> None:
    endpoint = endpoint_of(consumer()[0], receiver.url)
    making.on_website("Title canary", text="text canary")
    (delivery,) = told_of(endpoint)

    called(delivery, receiver)

    ((_, body),) = receiver.received
    assert b"canary" not in body
    assert set(orjson.loads(body)["data"]) == {"seq", "op", "kind", "id", "at"}


def test_an_error_and_a_huge_answer(receiver) -> None:
    receiver.answer = status(500, b"x" * 20_000_000)
    begun = time.monotonic()

    answer = called(delivery_to(receiver.url), receiver)

    assert answer == Answer(500, "It answered 500.")
    assert time.monotonic() - begun < 2


def test_a_huge_answer_of_one_who_took_it_is_not_read(receiver) -> None:
    receiver.answer = status(200, b"x" * 20_000_000)

    assert called(delivery_to(receiver.url), receiver) == Answer(200)


def test_one_who_does_not_answer_is_waited_for_no_longer_than_that(receiver) -> None:
    receiver.answer = lambda handler: time.sleep(3)
    begun = time.monotonic()

    answer = called(delivery_to(receiver.url), receiver, seconds=0.5)

    assert answer == Answer(problem="The site took too long.")
    assert time.monotonic() - begun < 2


def test_one_who_drips_is_not_waited_for_either(receiver) -> None:
    def drip(handler) -> None:
        for byte in b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 100:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(0.05)

    receiver.answer = drip

    assert called(delivery_to(receiver.url), receiver, seconds=0.5).problem == (
        "The site took too long."
    )


def test_one_who_speaks_no_http(receiver) -> None:
    receiver.answer = lambda handler: handler.wfile.write(b"\x00\x01nonsense\r\n\r\n")

    assert called(delivery_to(receiver.url), receiver).problem == (
        "The connection or its answer broke off."
    )


def test_one_who_is_not_there(receiver) -> None:
    delivery = delivery_to("http://hooks.test:9/")

    answer = called(delivery, receiver, ports=frozenset({9}))

    assert answer == Answer(problem="The site does not answer.")


def test_one_without_a_certificate(receiver) -> None:
    delivery = delivery_to(f"https://hooks.test:{receiver.port}/")

    assert called(delivery, receiver) == Answer(
        problem="The site cannot prove that it is the one it says."
    )


@pytest.mark.parametrize(
    "url",
    [
        *["http://a.test/", "ftp://a.test/", "file:///etc/passwd", "https://a.test:22/", ""],
        *["https://user:word@a.test/", "https:///path", "https://[bad/", "javascript:alert(1)"],
    ],
)
def test_addresses_that_are_not_even_tried(settings, url: str) -> None:
    settings.WEBHOOK_SCHEMES, settings.WEBHOOK_PORTS = {"https"}, {443, 8443}

    assert why_not(url) != ""
    assert why_not("https://a.test/hook") == why_not("https://a.test:8443/hook") == ""


def test_loopback_is_outside_for_these_tests_alone() -> None:
    assert not Way().permits(__import__("ipaddress").ip_address(OUTSIDE))
