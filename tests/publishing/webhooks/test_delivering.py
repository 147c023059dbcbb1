"""At least once: tried again with growing delays, removals first, and given up in the end."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from publishing import tasks
from publishing.models import Delivery, Endpoint
from publishing.webhooks.calling import Answer
from publishing.webhooks.delivering import deliver, due, endpoints_due, replay
from publishing.webhooks.models import DeliveryState, EndpointState
from tests.publishing import making
from tests.publishing.consumers.test_confirming import consumer
from tests.publishing.webhooks.listening import endpoint_of, told_of

pytestmark = pytest.mark.django_db

DOWN = Answer(500, "It answered 500.")


class Receiver:
    """Answers in turn, then takes everything."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.called: list[tuple[str, int, str]] = []

    def __call__(self, delivery: Delivery, at: Any) -> Answer:
        self.called.append((str(delivery.pk), delivery.seq, delivery.op))
        return self.answers.pop(0) if self.answers else Answer(204)


@pytest.fixture
def endpoint() -> Endpoint:
    return endpoint_of(consumer()[0])


def turn(endpoint: Endpoint, receiver: Receiver) -> bool:
    told_of(endpoint)
    return deliver(endpoint.pk, seconds=5, make=receiver)


def make_due() -> None:
    Delivery.objects.update(next_try_at=timezone.now())


def test_all_that_is_new_is_told_once(endpoint) -> None:
    making.written("one")
    making.written("two")
    receiver = Receiver()

    turn(endpoint, receiver)
    turn(endpoint, receiver)

    assert [(seq, op) for _, seq, op in receiver.called] == [(1, "upsert"), (2, "upsert")]
    delivered = Delivery.objects.values_list("state", "tries", "answered", "problem")
    assert list(delivered) == [("delivered", 1, 204, "")] * 2


def test_removals_go_first(endpoint) -> None:
    making.written("gone")
    turn(endpoint, Receiver())
    making.written("new")
    making.removed("gone")
    receiver = Receiver()

    turn(endpoint, receiver)

    assert [(seq, op) for _, seq, op in receiver.called] == [(3, "remove"), (2, "upsert")]


def test_a_failure_is_tried_again_under_the_same_id_after_growing_delays(endpoint) -> None:
    making.written()
    receiver = Receiver(DOWN, DOWN)
    waits = []

    for _ in range(2):
        turn(endpoint, receiver)
        waits.append(Delivery.objects.get().next_try_at - timezone.now())
        assert list(due(endpoint.pk)) == []
        make_due()
    turn(endpoint, receiver)

    assert len({message_id for message_id, _, _ in receiver.called}) == 1
    assert timedelta(seconds=4) < waits[0] < timedelta(seconds=7)
    assert timedelta(seconds=299) < waits[1] < timedelta(seconds=376)
    row = Delivery.objects.values("state", "tries", "answered", "problem").get()
    assert row == {"state": "delivered", "tries": 3, "answered": 204, "problem": ""}
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since) == (0, None)


def test_after_a_failure_the_others_wait_for_the_next_turn(endpoint) -> None:
    making.written("one")
    making.written("two")
    receiver = Receiver(DOWN)

    turn(endpoint, receiver)

    assert [seq for _, seq, _ in receiver.called] == [1]


def test_given_up_in_the_end_and_replayable(endpoint, settings) -> None:
    settings.WEBHOOK_RETRIES = [0]
    making.written()
    receiver = Receiver(DOWN, DOWN)
    for _ in range(2):
        turn(endpoint, receiver)
        make_due()
    given_up = Delivery.objects.get()

    replay(given_up)
    turn(endpoint, receiver)

    assert given_up.state == DeliveryState.FAILED
    assert Delivery.objects.get().state == DeliveryState.DELIVERED
    assert len({message_id for message_id, _, _ in receiver.called}) == 1


def test_disabled_after_failing_often_and_for_long(endpoint, settings) -> None:
    settings.WEBHOOK_DISABLE_AFTER_FAILURES = 2
    making.written()
    receiver = Receiver(*[DOWN] * 3)
    states = []

    for _ in range(2):
        turn(endpoint, receiver)
        make_due()
        states.append(Endpoint.objects.get().state)
    Endpoint.objects.update(failing_since=timezone.now() - timedelta(days=2))
    turn(endpoint, receiver)

    assert states == [EndpointState.ON] * 2
    assert Endpoint.objects.get().state == EndpointState.DISABLED
    make_due()
    assert (turn(endpoint, receiver), len(receiver.called)) == (False, 3)


def test_who_answers_410_is_not_called_again(endpoint) -> None:
    making.written()

    turn(endpoint, Receiver(Answer(410, "It answered 410.")))

    assert Endpoint.objects.get().state == EndpointState.DISABLED


def test_a_worker_that_ended_in_the_middle_leaves_it_to_be_sent_again(endpoint) -> None:
    making.written()

    class Killed(BaseException):
        pass

    def killed(*_: object) -> Answer:
        raise Killed

    told_of(endpoint)
    with pytest.raises(Killed):
        deliver(endpoint.pk, seconds=5, make=killed)
    at_once = list(due(endpoint.pk))
    make_due()
    receiver = Receiver()
    turn(endpoint, receiver)

    assert (at_once, len(receiver.called)) == ([], 1)


def test_a_turn_ends_with_its_time(endpoint) -> None:
    making.written()
    told_of(endpoint)
    receiver = Receiver()

    more = deliver(endpoint.pk, seconds=0, make=receiver)

    assert (more, receiver.called) == (True, [])


def test_what_was_superseded_while_it_was_called_out_is_not_brought_back(endpoint) -> None:
    making.written(text="first")

    def published_meanwhile(delivery: Delivery, at: Any) -> Answer:
        making.written(text="second")
        told_of(endpoint)
        return DOWN

    told_of(endpoint)
    deliver(endpoint.pk, seconds=5, make=published_meanwhile)

    states = Delivery.objects.order_by("seq").values_list("state", flat=True)
    assert list(states) == [DeliveryState.SUPERSEDED, DeliveryState.WAITING]


def test_the_worker_calls_each_endpoint_in_a_task_of_its_own(endpoint, monkeypatch) -> None:
    enqueued: list[str] = []
    monkeypatch.setattr(
        type(tasks.call_endpoint), "enqueue", lambda task, *args: enqueued.append(*args)
    )
    making.written()

    tasks.send_webhooks.call()

    assert enqueued == [str(endpoint.pk)]
    assert endpoints_due() == [endpoint.pk]
