"""The opaque words that a reader hands back: where a list goes on, and what it has seen so far."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core import signing

from publishing.api.problems import bad_parameter

_BYTES = 8


def cursor_after(seq: int) -> str:
    return base64.urlsafe_b64encode(seq.to_bytes(_BYTES)).decode().rstrip("=")


def read_cursor(cursor: str) -> int:
    try:
        seq = int.from_bytes(base64.b64decode(f"{cursor}=", altchars=b"-_", validate=True))
    except ValueError:
        seq = -1
    if not 0 < seq < 2**63 or cursor_after(seq) != cursor:
        raise bad_parameter("cursor", "Use a cursor as `next` gave it.")
    return seq


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a reader has followed the changes: up to this one, and up to this expiry.

    `expired_at` is the database's time of the last expiry that was told rather than the time of
    asking, so that nothing new is the same answer each time. `began_at` is the last change when
    the reader began with nothing: of what was removed before then he holds no copy.
    """

    epoch: UUID | None = None
    seq: int = 0
    expired_at: datetime | None = None
    began_at: int = 0

    def token(self) -> str:
        expired = self.expired_at and self.expired_at.astimezone(UTC).isoformat()
        said = [self.epoch and self.epoch.hex, self.seq, expired]
        if self.began_at > self.seq:  # from then on its own number says as much
            said.append(self.began_at)
        signed: str = _signer().sign_object(said)
        return signed


def read_token(token: str) -> Seen:
    try:
        epoch, seq, expired, *began_at = _signer().unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise bad_parameter("since", "Use a token as `next` gave it.") from error
    at = expired and datetime.fromisoformat(expired)
    return Seen(epoch and UUID(epoch), seq, at, *began_at)


def _signer() -> Any:
    """Made anew, so that it follows a setting that changes, as in tests."""
    return signing.Signer(salt="publishing.changes")
