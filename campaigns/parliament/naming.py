"""Which issued packs name what has changed: an old number, group, print or wording."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from campaigns.models import ChangeKind, PackVersion, SyncChange

NUMBERED = {ChangeKind.NUMBERED, ChangeKind.LETTERED, ChangeKind.RENUMBERED}
# What a pack prints of an amendment that such a change makes old.
PARTS = {
    **dict.fromkeys(NUMBERED, "number"),
    ChangeKind.TEXT_CHANGED: "wording",
    ChangeKind.PLACE_CHANGED: "print",
    ChangeKind.NEW_PRINT: "print",
    ChangeKind.GROUPED: "group",
    ChangeKind.DECIDED: "decision",
    ChangeKind.VANISHED: "amendment",
    ChangeKind.SPONSORS_CHANGED: "names",
}
PAGES = re.compile(r"\bpages? \d+, lines? \d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamingPack:
    """An issued version that says what is no longer so."""

    version: PackVersion
    part: str  # of the amendment: its number, wording, print, group ...

    @property
    def sentence(self) -> str:
        return f"{self.version} prints the old {self.part}."


def packs_naming(change: SyncChange) -> list[NamingPack]:
    """The newest first. Copies that were called back are the recalls' business, and listed too."""
    part = PARTS.get(ChangeKind(change.kind))
    if part is None:
        return []
    versions = _versions(change).select_related("pack").defer("content").order_by("-issued_at")
    return [NamingPack(each, part) for each in versions if _prints(each, change, part)]


def _versions(change: SyncChange) -> Any:
    """Issued before the change, about its amendment; or for a print, at a stage of its bill."""
    issued = PackVersion.objects.filter(issued_at__lte=change.raised_at)
    if change.amendment_id is None:
        return issued.filter(pack__stage__bill=change.bill_id)
    item = {"kind": "amendment", "id": str(change.amendment_id)}
    named = Q(manifest__items__contains=[item])
    if change.before and change.kind in NUMBERED | {ChangeKind.GROUPED}:
        named |= Q(pack__stage=change.stage_id)  # its officer may have written the number out
    return issued.filter(named)


def _prints(version: PackVersion, change: SyncChange, part: str) -> bool:
    briefing = version.manifest.get("briefing") or {}
    words = list(_words(briefing))
    is_item = any(
        item.get("id") == str(change.amendment_id) for item in version.manifest.get("items", [])
    )
    if part == "print":
        return any(PAGES.search(text) for text in words)
    if part == "group" and change.before:
        return any(change.before in text for text in words)
    if part == "number" and change.before:
        label = re.compile(rf"\bamendments?\b[^.]*\b{re.escape(change.before)}\b", re.IGNORECASE)
        return any(text == change.before or label.search(text) for text in words)
    return is_item and part != "group"


def _words(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for each in content.values():
            yield from _words(each)
    elif isinstance(content, list):
        for each in content:
            yield from _words(each)
