"""What changed between two readings of one amendment. Pure: rows go in as plain values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from campaigns.models.syncing import ChangeKind
from campaigns.models.vocabulary import UNDECIDED, plain_decision

NUMBER = re.compile(r"(?:(?:Gov|NC|NS)\s?)?[A-Z]{0,3}\d{1,4}[A-Z]{0,4}", re.IGNORECASE)
LETTERED = re.compile(r"\d+[A-Z]+|[A-Z]{1,2}\d+", re.IGNORECASE)
COMMONS_SERIES = re.compile(r"(?:Gov|NC|NS)\s?\d+", re.IGNORECASE)
SHOWN_OF_A_HASH = 12


@dataclass(frozen=True, slots=True)
class Seen:
    """What is compared of an amendment; empty is not known."""

    number: str
    decision: str
    text_sha256: str
    place: str
    sponsors: tuple[str, ...]
    vanished: bool


@dataclass(frozen=True, slots=True)
class Difference:
    kind: ChangeKind
    before: str = ""
    after: str = ""


def number_in(marshalled_list_text: str) -> str:
    """The number, where the text is one; in other words it stays what it is and no number."""
    text = marshalled_list_text.strip()
    return text if NUMBER.fullmatch(text) else ""


def is_lettered(number: str) -> bool:
    """262A or A1, which came in between; not NC2, which is the Commons' own series."""
    return bool(LETTERED.fullmatch(number)) and not COMMONS_SERIES.fullmatch(number)


def differences(before: Seen, after: Seen) -> list[Difference]:
    return [*_publication(before, after), *_numbering(before, after), *_content(before, after)]


def arrival(number: str, *, watched: str) -> Difference:
    """What a new amendment is told as; `watched` is the clause that somebody watches, if any."""
    if watched:
        return Difference(ChangeKind.NEW_ON_WATCHED_CLAUSE, watched, number)
    return Difference(ChangeKind.NEW, "", number)


def _publication(before: Seen, after: Seen) -> Iterator[Difference]:
    if after.vanished and not before.vanished:
        yield Difference(ChangeKind.VANISHED, before.number)
    if before.vanished and not after.vanished:
        yield Difference(ChangeKind.CAME_BACK, "", after.number)


def _numbering(before: Seen, after: Seen) -> Iterator[Difference]:
    if before.number == after.number:
        return
    if before.number:
        yield Difference(ChangeKind.RENUMBERED, before.number, after.number)
    elif is_lettered(after.number):
        yield Difference(ChangeKind.LETTERED, "", after.number)
    else:
        yield Difference(ChangeKind.NUMBERED, "", after.number)


def _content(before: Seen, after: Seen) -> Iterator[Difference]:
    texts = before.text_sha256, after.text_sha256
    if all(texts) and texts[0] != texts[1]:  # a text that was not held has not changed
        yield Difference(ChangeKind.TEXT_CHANGED, *(text[:SHOWN_OF_A_HASH] for text in texts))
    if before.place and before.place != after.place:
        yield Difference(ChangeKind.PLACE_CHANGED, before.place[:200], after.place[:200])
    decisions = before.decision, after.decision
    if len({*map(plain_decision, decisions)}) > 1 and not {*decisions} <= UNDECIDED:
        yield Difference(ChangeKind.DECIDED, before.decision, after.decision)
    if before.sponsors and before.sponsors != after.sponsors:
        names = ("; ".join(each)[:200] for each in (before.sponsors, after.sponsors))
        yield Difference(ChangeKind.SPONSORS_CHANGED, *names)
