"""Deliveries come of the change log, whoever wrote it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from publishing.models import Change, Delivery, Endpoint
from publishing.webhooks import deriving
from publishing.webhooks.models import DeliveryState, EndpointState
from tests.publishing import making
from tests.publishing.consumers.test_confirming import consumer
from tests.publishing.webhooks.listening import endpoint_of, told_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def endpoint() -> Endpoint:
    return endpoint_of(consumer()[0])


def told(deliveries: list[Delivery]) -> list[tuple[object, ...]]:
    return [(each.seq, each.op, each.kind, each.item_id, each.state) for each in deliveries]


def test_one_for_each_change_and_endpoint(endpoint) -> None:
    other = endpoint_of(endpoint.consumer, "https://hooks.test/other")
    making.written("one")
    making.written("two")

    expected = [
        (1, "upsert", "bill", making.item_id("one"), "waiting"),
        (2, "upsert", "bill", making.item_id("two"), "waiting"),
    ]
    assert told(told_of(endpoint)) == told(told_of(other)) == expected
    assert told(told_of(endpoint)) == expected


def test_what_was_published_before_is_not_told(endpoint) -> None:
    making.written("before")

    later = endpoint_of(endpoint.consumer, "https://hooks.test/later")

    assert told_of(later) == []


def test_a_tombstone_by_raw_sql_is_told(endpoint) -> None:
    item = making.written()
    told_of(endpoint)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM publishing_publisheditem WHERE id = %s", [item.pk])

    assert told(told_of(endpoint)) == [
        (1, "upsert", "bill", item.pk, "superseded"),
        (2, "remove", "bill", item.pk, "waiting"),
    ]


def test_a_withdrawal_by_raw_sql_is_told(endpoint) -> None:
    covered = making.on_website(text="canary")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE evidence_consent SET state = 'withdrawn' WHERE record_id = %s",
            [covered.consent.pk],
        )

    last = told_of(endpoint)[-1]

    public_id = covered.version.testimony.public_id
    assert (last.op, last.kind, last.item_id) == ("remove", "testimony", public_id)


def test_what_runs_out_is_told_as_removed(endpoint, monkeypatch) -> None:
    item = making.written(expires_in=timedelta(hours=1))
    first = told(told_of(endpoint))
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(deriving, "_now", lambda: later)

    second = told_of(endpoint)

    assert first == [(1, "upsert", "bill", item.pk, "waiting")]
    assert [(each.seq, each.op, each.at, each.state) for each in second] == [
        (1, "remove", item.expires_at, "waiting"),
        (1, "upsert", Change.objects.get().at, "superseded"),
    ]
    assert told_of(endpoint) == second


def test_what_has_run_out_before_it_was_read_is_told_as_removed_alone(endpoint) -> None:
    making.written(expires_in=timedelta(seconds=-1))

    assert [(each.seq, each.op) for each in told_of(endpoint)] == [(1, "remove")]


def test_a_long_log_is_read_in_parts(endpoint, monkeypatch) -> None:
    monkeypatch.setattr(deriving, "BATCH", 2)
    for number in range(5):
        making.written(f"number {number}")

    assert [each.seq for each in told_of(endpoint)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("state", [EndpointState.OFF, EndpointState.DISABLED])
def test_nothing_is_read_for_one_that_is_off(endpoint, state: EndpointState) -> None:
    Endpoint.objects.update(state=state)
    making.written()

    assert told_of(endpoint) == []


def test_the_database_refuses_a_second_delivery_of_the_same(endpoint) -> None:
    making.written()
    (delivery,) = told_of(endpoint)
    again = {field: getattr(delivery, field) for field in ("seq", "op", "kind", "item_id", "at")}

    with pytest.raises(IntegrityError, match="webhook_delivery_once"), transaction.atomic():
        Delivery.objects.create(endpoint=endpoint, next_try_at=delivery.at, **again)


@pytest.mark.parametrize(
    ("model", "constraint"),
    [(Endpoint, "endpoint_state_is_known"), (Delivery, "webhook_delivery_state_known")],
)
def test_the_database_refuses_unknown_states(endpoint, model, constraint: str) -> None:
    making.written()
    told_of(endpoint)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.update(state="lost")


def test_an_address_once_a_consumer(endpoint) -> None:
    with pytest.raises(IntegrityError, match="endpoint_once_a_consumer"), transaction.atomic():
        endpoint_of(endpoint.consumer)


def test_a_later_word_takes_the_place_of_one_that_waits(endpoint) -> None:
    making.written(text="first")
    told_of(endpoint)
    making.written(text="second")

    assert [each.state for each in told_of(endpoint)] == [
        DeliveryState.SUPERSEDED,
        DeliveryState.WAITING,
    ]
