"""The state of the whole feed in one tiny query: every list and its ETag derive from it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from publishing.models import FeedHead

# Part of every ETag: raise it whenever the same state is to be written in other bytes.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Head:
    """Last change and last expiry; a feed that nothing was ever published in has no epoch yet."""

    epoch: UUID | None = None
    seq: int = 0
    expired_at: datetime | None = None

    def etag(self, page: str) -> str:
        state = f"{FORMAT} {self.epoch} {self.seq} {self.expired_at} {page}"
        return hashlib.sha256(state.encode()).hexdigest()


def read_head() -> Head:
    row = FeedHead.objects.using("feed").values_list("epoch", "seq", "expired_at").first()
    return Head(*row) if row else Head()
