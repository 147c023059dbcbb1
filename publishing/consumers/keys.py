"""A consumer's key: made on the desk, shown once, and kept as a hash alone."""

import hashlib
import re
import secrets

from django.http import HttpRequest

from publishing.api.problems import Problem
from publishing.models import Consumer

PREFIX = "attest_"
_BEARER = re.compile(r"Bearer +([!-~]{1,200})", re.IGNORECASE)


def make_key(consumer: Consumer) -> str:
    """The one moment when anybody sees it; whatever key he had before opens nothing any more.

    The caller saves. A plain hash is enough: what it hides has 256 random bits.
    """
    key = PREFIX + secrets.token_urlsafe(32)
    consumer.key_hash = _hash(key)
    return key


def consumer_of(request: HttpRequest) -> Consumer:
    given = _BEARER.fullmatch(request.headers.get("Authorization", "").strip())
    known = Consumer.objects.filter(retired_at=None, key_hash=_hash(given[1])) if given else None
    consumer = known.first() if known is not None else None
    if consumer is None:
        raise Problem("key", 401, "Send the key that the desk gave you: Authorization: Bearer.")
    return consumer


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
