"""Chores of the ground floor, which the worker does by its schedule."""

from uuid import UUID

from django.conf import settings
from django.tasks import task

from publishing import publication
from publishing.models import Endpoint
from publishing.webhooks import delivering, deriving
from publishing.webhooks.models import EndpointState

BATCHES = 20  # of the change log, each turn and endpoint


@task
def remove_expired() -> None:
    """What has expired left the feed at that moment; this deletes what is left of it, and where an
    ask still names what is gone, however it went."""
    publication.remove_expired()
    publication.forget_gone()


@task
def prune_removals() -> None:
    """Whoever has not asked for 400 days is told to start again."""
    publication.prune()


@task
def send_webhooks() -> None:
    """Each endpoint is called in a task of its own, so that none keeps another from it."""
    for endpoint_id in Endpoint.objects.filter(state=EndpointState.ON).values_list("pk", flat=True):
        for _ in range(BATCHES):
            if not deriving.derive(endpoint_id):
                break
    for endpoint_id in delivering.endpoints_due():
        call_endpoint.enqueue(str(endpoint_id))


@task
def call_endpoint(endpoint_id: str) -> None:
    """A turn; what is left of it is queued behind whatever waits meanwhile."""
    if delivering.deliver(UUID(endpoint_id), seconds=settings.WEBHOOK_TURN):
        call_endpoint.enqueue(endpoint_id)
