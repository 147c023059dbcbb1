"""Where the API keeps what, and what it answered there last."""

from collections.abc import Iterable
from typing import Any

from campaigns.models import AskedAddress
from campaigns.parliament.client import Validators

PAGE = 20  # the API sends no more, whatever it is asked for
EDITION = 2  # of our reading: raise it when payloads are read differently


def bill(bill_id: int) -> str:
    return f"/Bills/{bill_id}"


def stages(bill_id: int) -> str:
    return f"/Bills/{bill_id}/Stages"


def publications(bill_id: int) -> str:
    return f"/Bills/{bill_id}/Publications"


def stage_publications(bill_id: int, stage_id: int) -> str:
    return f"/Bills/{bill_id}/Stages/{stage_id}/Publications"


def amendments(bill_id: int, stage_id: int) -> str:
    return f"/Bills/{bill_id}/Stages/{stage_id}/Amendments"


def amendment(bill_id: int, stage_id: int, amendment_id: int) -> str:
    return f"{amendments(bill_id, stage_id)}/{amendment_id}"


def member(member_id: int) -> str:
    return f"/Members/{member_id}"


class Remembered:
    """Of some addresses: by what each knows whether we hold its last answer."""

    def __init__(self, urls: Iterable[str]) -> None:
        kept = AskedAddress.objects.filter(url__in=list(urls), reader=EDITION)
        self._kept = {each.url: each for each in kept}
        self._new: dict[str, AskedAddress] = {}

    def validators(self, url: str) -> Validators:
        kept = self._kept.get(url)
        return Validators(kept.etag, kept.last_modified) if kept else Validators()

    def listed(self, url: str) -> Any:
        return self._kept[url].listed if url in self._kept else []

    def remember(self, url: str, validators: Validators, listed: Any = None) -> None:
        """Nothing where the address offers nothing to know it by."""
        if (validators.etag or validators.last_modified) and len(url) <= 500:
            self._new[url] = AskedAddress(
                url=url,
                etag=validators.etag,
                last_modified=validators.last_modified,
                reader=EDITION,
                listed=listed or [],
            )

    def keep(self) -> None:
        """Within the transaction that writes what the answers said."""
        AskedAddress.objects.bulk_create(
            self._new.values(),
            update_conflicts=True,
            unique_fields=["url"],
            update_fields=["etag", "last_modified", "reader", "listed"],
        )
