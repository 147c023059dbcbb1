"""An endpoint's secret and what is signed with it, as Standard Webhooks 1.0 has it."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from publishing.models import Endpoint
from publishing.webhooks.models import new_salt

PREFIX = "whsec_"
BOTH_FOR = timedelta(days=1)  # after a renewal, until the receiver knows the new one
_LABEL = b"publishing.webhooks:"


def secret_of(endpoint: Endpoint) -> str:
    """To be shown once; whoever has the database alone cannot make it."""
    return _spelt(bytes(endpoint.salt))


def renew(endpoint: Endpoint) -> str:
    """The new secret. The old one signs too for a day, so that nothing is missed meanwhile."""
    endpoint.previous_salt, endpoint.salt = bytes(endpoint.salt), new_salt()
    endpoint.renewed_at = timezone.now()
    endpoint.save(update_fields=["previous_salt", "salt", "renewed_at"])
    return secret_of(endpoint)


def signatures(endpoint: Endpoint, message_id: str, at: datetime, body: bytes) -> str:
    """The header's value: one signature for each secret that holds."""
    signed = b".".join([message_id.encode(), str(int(at.timestamp())).encode(), body])
    return " ".join(_signature(salt, signed) for salt in _salts(endpoint, at))


def _salts(endpoint: Endpoint, at: datetime) -> list[bytes]:
    salts = [bytes(endpoint.salt)]
    if endpoint.previous_salt and endpoint.renewed_at and at - endpoint.renewed_at < BOTH_FOR:
        salts.append(bytes(endpoint.previous_salt))
    return salts


def _signature(salt: bytes, signed: bytes) -> str:
    digest = hmac.digest(_key(salt), signed, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def _spelt(salt: bytes) -> str:
    return PREFIX + base64.b64encode(_key(salt)).decode()


def _key(salt: bytes) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), _LABEL + salt, hashlib.sha256)
