"""Changes as an officer reads them: a name in place of an id, and words in place of their hash."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models.functions import Left

from campaigns.models import (
    Amendment,
    AmendmentAsPublished,
    AmendmentLine,
    ChangeKind,
    SyncChange,
)
from campaigns.models.published import hash_of_text
from campaigns.parliament.differences import SHOWN_OF_A_HASH

LIKE = re.compile(r"(\d+%) like ([0-9a-f-]{36})")
NOT_HELD = "a wording that is not held"
BEFORE, SHOWN = 3, 12  # words ahead of the first that differs, and in all

type Texts = dict[tuple[UUID, str], str]


@dataclass(frozen=True, slots=True)
class Told:
    """What a change was and is, in short; of a wording also the whole, where it is held."""

    before: str
    after: str
    old: str = ""
    new: str = ""


def in_words(changes: Iterable[SyncChange]) -> dict[int, Told]:
    """By the change's id, in few queries for all of them."""
    changes = list(changes)
    names = _names(changes)
    texts = _texts([each for each in changes if each.kind == ChangeKind.TEXT_CHANGED])
    return {each.pk: _told(each, names, texts) for each in changes}


def _told(change: SyncChange, names: dict[str, str], texts: Texts) -> Told:
    if change.kind == ChangeKind.TEXT_CHANGED and change.amendment_id:
        old, new = (
            texts.get((change.amendment_id, short), "") for short in (change.before, change.after)
        )
        return Told(*_where_they_part(old, new), old, new)
    if like := LIKE.fullmatch(change.before):
        earlier = names.get(like[2], "an amendment that is not held")
        return Told(f"{like[1]} like {earlier}", change.after)
    return Told(change.before, change.after)


def _names(changes: Iterable[SyncChange]) -> dict[str, str]:
    found = (LIKE.fullmatch(each.before) for each in changes)
    ids = {each[2] for each in found if each}
    named = Amendment.objects.filter(pk__in=ids).order_by() if ids else ()
    return {str(each.pk): str(each) for each in named}


def _texts(changes: Collection[SyncChange]) -> Texts:
    """From the history of what Parliament published; else the lines that were typed here."""
    wanted = {(each.amendment_id, short) for each in changes for short in (each.before, each.after)}
    if not wanted:
        return {}
    ids, hashes = {pk for pk, _ in wanted}, {short for _, short in wanted}
    history: Any = AmendmentAsPublished.pgh_event_model  # type: ignore[attr-defined]  # tracked
    events = history.objects.filter(amendment__in=ids).order_by()
    events = events.annotate(short=Left("text_sha256", SHOWN_OF_A_HASH)).filter(short__in=hashes)
    found: Texts = {
        (pk, short): text for pk, short, text in events.values_list("amendment", "short", "text")
    }
    if missing := {pk for pk, short in wanted if (pk, short) not in found}:
        for pk, text in _typed(missing).items():
            found.setdefault((pk, hash_of_text(text)[:SHOWN_OF_A_HASH]), text)
    return found


def _typed(ids: Collection[UUID | None]) -> dict[UUID, str]:
    lines: dict[UUID, list[str]] = {}
    for line in AmendmentLine.objects.filter(amendment__in=ids).order_by("position"):
        lines.setdefault(line.amendment_id, []).append(line.text)
    return {pk: "\n".join(texts) for pk, texts in lines.items()}


def _where_they_part(old: str, new: str) -> tuple[str, str]:
    one, other = old.split(), new.split()
    pairs = enumerate(zip(one, other, strict=False))
    at = next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
    return _some_words(one, at), _some_words(other, at)


def _some_words(words: list[str], at: int) -> str:
    if not words:
        return NOT_HELD
    start = max(0, at - BEFORE)
    shown = " ".join(words[start : start + SHOWN])
    return f"{'… ' if start else ''}{shown}{' …' if start + SHOWN < len(words) else ''}"
