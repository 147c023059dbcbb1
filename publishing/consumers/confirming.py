"""The one door by which a consumer says how far he has applied the changes."""

from django.db import transaction
from django.utils import timezone

from publishing.api.problems import Problem, bad_parameter
from publishing.api.tokens import Seen, read_token
from publishing.consumers.removals import end_alarm
from publishing.models import Consumer, Counter

SAID = "Use a token as `next` of the changes gave it."


@transaction.atomic
def confirm(consumer: Consumer, token: str) -> Consumer:
    """Never backwards: of two answers that overtook each other the later token holds."""
    seen = _read(token)
    now = Consumer.objects.select_for_update().get(pk=consumer.pk)
    if now.applied_epoch != seen.epoch:
        now.applied_seq, now.applied_expired_at = 0, None
    if not _is_behind(seen, now):
        now.applied_epoch, now.applied_seq = seen.epoch, seen.seq
        now.applied_expired_at, now.applied_token = seen.expired_at, token
    now.applied_at = timezone.now()
    now.save()
    end_alarm(now)
    return now


def _read(token: str) -> Seen:
    try:
        seen = read_token(token)
    except Problem as problem:
        raise bad_parameter("token", SAID) from problem
    counter = Counter.objects.first()
    epoch, seq = (counter.epoch, counter.seq) if counter else (None, 0)
    if seen.epoch is not None and (seen.epoch != epoch or seen.seq > seq):
        raise Problem(
            "resync", 410, "The feed was restored: ask without `since` and replace your copy."
        )
    return seen


def _is_behind(seen: Seen, consumer: Consumer) -> bool:
    if seen.seq != consumer.applied_seq:
        return seen.seq < consumer.applied_seq
    if seen.expired_at is None or consumer.applied_expired_at is None:
        return seen.expired_at is None and consumer.applied_expired_at is not None
    return seen.expired_at < consumer.applied_expired_at
