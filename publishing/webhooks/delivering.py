"""What is due to an endpoint is called out: at least once, removals first, tried again later."""

import logging
import random
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from publishing.models import Delivery, Endpoint
from publishing.webhooks.calling import LONGEST_PROBLEM, Answer, Call, call
from publishing.webhooks.models import DeliveryState, EndpointState

logger = logging.getLogger("publishing.webhooks")

# Should the worker end in the middle of a call, that is made again after this time.
CLAIMED_FOR = timedelta(minutes=2)


def due(endpoint_id: Any) -> QuerySet[Delivery]:
    """Removals first: they may not wait behind whatever else was published."""
    waiting = Delivery.objects.filter(
        endpoint_id=endpoint_id,
        endpoint__state=EndpointState.ON,
        state=DeliveryState.WAITING,
        next_try_at__lte=timezone.now(),
    )
    return waiting.order_by("op", "seq")


def endpoints_due() -> list[Any]:
    on = Endpoint.objects.filter(state=EndpointState.ON).values_list("pk", flat=True)
    return [endpoint_id for endpoint_id in on if due(endpoint_id).exists()]


def deliver(endpoint_id: Any, *, seconds: float, make: Call = call) -> bool:
    """Call until nothing is due, one call fails, or the time is up; True where more is due.

    After a failure the others wait for the next turn, so that a site that is down keeps the worker
    for one call a turn.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        delivery = _claim(endpoint_id)
        if delivery is None:
            return False
        at = timezone.now()
        answer = make(delivery, at)
        _record(delivery, answer)
        if not answer.is_taken:
            return False
    return due(endpoint_id).exists()


@transaction.atomic
def replay(delivery: Delivery) -> None:
    """By hand: it is sent anew under the same id, whatever became of it."""
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    row.state, row.tries, row.next_try_at = DeliveryState.WAITING, 0, timezone.now()
    row.save(update_fields=["state", "tries", "next_try_at"])


def switch_on(endpoint: Endpoint) -> None:
    """Also after it was disabled; what it missed meanwhile is told."""
    Endpoint.objects.filter(pk=endpoint.pk).update(
        state=EndpointState.ON, failures=0, failing_since=None
    )


def switch_off(endpoint: Endpoint) -> None:
    Endpoint.objects.filter(pk=endpoint.pk).update(state=EndpointState.OFF)


@transaction.atomic
def _claim(endpoint_id: Any) -> Delivery | None:
    """Ours for a while, so that a second worker does not send the same at the same time."""
    waiting = due(endpoint_id).select_for_update(skip_locked=True, of=("self",))
    delivery = waiting.select_related("endpoint").first()
    if delivery is not None:
        delivery.tries += 1
        delivery.next_try_at = timezone.now() + CLAIMED_FOR
        delivery.save(update_fields=["tries", "next_try_at"])
    return delivery


@transaction.atomic
def _record(delivery: Delivery, answer: Answer) -> None:
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    row.answered, row.problem = answer.status, answer.problem[:LONGEST_PROBLEM]
    if answer.is_taken:
        row.state, row.delivered_at = DeliveryState.DELIVERED, timezone.now()
        Endpoint.objects.filter(pk=row.endpoint_id).update(failures=0, failing_since=None)
    else:
        _put_off(row)
        _count_failure(row.endpoint_id, answer)
    row.save()


def _put_off(row: Delivery) -> None:
    """Unless a later change of the item has taken its place while it was called out."""
    delays = settings.WEBHOOK_RETRIES
    if row.state != DeliveryState.WAITING:
        return
    if row.tries > len(delays):
        row.state = DeliveryState.FAILED
        return
    jitter = random.uniform(1, 1.25)  # noqa: S311, spreads load and guards no secret
    row.next_try_at = timezone.now() + timedelta(seconds=delays[row.tries - 1] * jitter)


def _count_failure(endpoint_id: Any, answer: Answer) -> None:
    now = timezone.now()
    Endpoint.objects.filter(pk=endpoint_id, failing_since=None).update(failing_since=now)
    Endpoint.objects.filter(pk=endpoint_id).update(failures=F("failures") + 1)
    failing = Endpoint.objects.filter(pk=endpoint_id, state=EndpointState.ON)
    if not answer.wants_no_more:
        failing = failing.filter(
            failures__gte=settings.WEBHOOK_DISABLE_AFTER_FAILURES,
            failing_since__lte=now - settings.WEBHOOK_DISABLE_AFTER,
        )
    if failing.update(state=EndpointState.DISABLED):
        logger.warning("The webhook %s is disabled: %s", endpoint_id, answer.problem)
