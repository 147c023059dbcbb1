"""Which issued packs name what has changed: an old number, group, print or wording."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from campaigns.models import BillPrint, ChangeKind, PackVersion, SyncChange

NUMBERED = {ChangeKind.NUMBERED, ChangeKind.LETTERED, ChangeKind.RENUMBERED}
# What a pack prints of an amendment that such a change makes old.
PARTS = {
    **dict.fromkeys(NUMBERED, "number"),
    ChangeKind.TEXT_CHANGED: "wording",
    ChangeKind.PLACE_CHANGED: "place",
    ChangeKind.NEW_PRINT: "print",
    ChangeKind.GROUPED: "group",
    ChangeKind.DECIDED: "decision",
    ChangeKind.VANISHED: "amendment",
    ChangeKind.SPONSORS_CHANGED: "names",
}
PAGES = re.compile(r"\bpages? \d+, lines? \d+", re.IGNORECASE)
GROUP = re.compile(r"group (\d+)", re.IGNORECASE)


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
    words = list(_words(version.manifest.get("briefing") or {}))
    is_item = any(
        item.get("id") == str(change.amendment_id) for item in version.manifest.get("items", [])
    )
    if part == "print":
        return _goes_by_another_print(words, change)
    if part == "group":
        return _prints_group(words, change, is_item=is_item)
    if part == "number" and change.before:
        return any(text == change.before or _names(change.before, text) for text in words)
    return is_item


def _goes_by_another_print(words: list[str], change: SyncChange) -> bool:
    """It says by which print it goes, or gives pages and lines, which are those of an older one."""
    prints = BillPrint.objects.filter(bill=change.bill_id)
    new = prints.filter(number=change.after).order_by("-pk").first()
    if any(_says_print(change.after, text) for text in words):
        return False
    older = prints.exclude(number=change.after)
    if new and new.house:
        older = older.filter(house__in=(new.house, ""))
    numbers = list(older.values_list("number", flat=True))
    return any(
        PAGES.search(text) or any(_says_print(number, text) for number in numbers) for text in words
    )


def _says_print(number: str, text: str) -> bool:
    """HL Bill 87, and not the beginning of HL Bill 87-I or of HL Bill 87 (Rev)."""
    return bool(re.search(rf"(?<!\w){re.escape(number)}(?![\w–-]| \()", text))


def _prints_group(words: list[str], change: SyncChange, *, is_item: bool) -> bool:
    """By the group's number, as in "Groups 3 and 4": packs do not print its title.

    In a pack that does not show the amendment, the group counts where its number stands beside it.
    """
    named = GROUP.match(change.before)
    if named is None:
        return False
    group = re.compile(rf"\bgroups?\s+(?:\d+(?:, | and ))*{named[1]}\b", re.IGNORECASE)
    number = change.amendment.number if change.amendment else ""
    return any(
        group.search(text) and (is_item or (number and _names(number, text))) for text in words
    )


def _names(number: str, text: str) -> bool:
    label = rf"\bamendments?\b[^.]*\b{re.escape(number)}\b"
    return bool(re.search(label, text, re.IGNORECASE))


def _words(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for each in content.values():
            yield from _words(each)
    elif isinstance(content, list):
        for each in content:
            yield from _words(each)
