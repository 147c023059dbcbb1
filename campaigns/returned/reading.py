"""Reads the Word file that came back, away from the process that serves the desk."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evidence.refusing import Refused
from evidence.snapshots import sandbox
from evidence.snapshots.sandbox import Limits

LARGEST = 8_000_000  # bytes
MOST_LINES, MOST_LETTERS = 3_000, 500_000
LIMITS = Limits(seconds=5.0)
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"  # how the older format begins, and the envelope of a password
PACKED = b"PK"


@dataclass(frozen=True, slots=True)
class Tracked:
    """What somebody added or deleted with Word's changes on."""

    kind: str
    author: str
    text: str

    def __str__(self) -> str:
        return f"{self.author or 'Somebody'} {self.kind} “{' '.join(self.text.split())}”"


@dataclass(frozen=True, slots=True)
class Comment:
    author: str
    text: str

    def __str__(self) -> str:
        return f"{self.author or 'Somebody'}: {self.text}"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, a table's row or a note, as it reads with every tracked change accepted."""

    text: str
    style: str = ""
    tracked: tuple[Tracked, ...] = ()
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True)
class Returned:
    title: str
    created: datetime | None  # what we wrote into it, which Word keeps: it tells the version
    lines: tuple[Line, ...]
    notes: tuple[Line, ...]
    loose: tuple[Comment, ...]  # remarks on words that are no longer there


def read_returned(data: bytes) -> Returned:
    """Raises Refused, with a sentence for the officer, unless it is a Word file with words."""
    if not data:
        raise Refused("The file is empty: choose the file that came back.")
    if len(data) > LARGEST:
        raise Refused(f"The file is larger than {LARGEST // 1_000_000} MB: a pack's is smaller.")
    if data.startswith(OLD_OR_LOCKED):
        raise Refused(
            "This Word file has a password or is of the older format: save it in Word as .docx, "
            "without a password, and choose it again."
        )
    if not data.startswith(PACKED):
        raise Refused("This is no Word file: choose the .docx that came back.")
    words = sandbox.run("campaigns.returned.word", data, "", LIMITS)
    told = json.loads(words.text)
    lines = [*told["lines"], *told["notes"]]
    letters = sum(len(line["text"]) for line in lines)
    if len(lines) > MOST_LINES or letters > MOST_LETTERS:
        raise Refused("The file is far longer than a pack: choose the one that came back.")
    return _returned(told)


def _returned(told: dict[str, Any]) -> Returned:
    comments = {key: Comment(*each) for key, each in told["comments"].items()}
    lines = tuple(_line(each, comments) for each in told["lines"])
    notes = tuple(_line(each, comments) for each in told["notes"])
    placed = {comment for line in (*lines, *notes) for comment in line.comments}
    return Returned(
        title=told["title"],
        created=_moment(told["created"]),
        lines=tuple(filter(_says_something, lines)),
        notes=tuple(filter(_says_something, notes)),
        loose=tuple(each for each in comments.values() if each not in placed),
    )


def _says_something(line: Line) -> bool:
    return bool(line.text or line.tracked or line.comments)


def _line(told: dict[str, Any], comments: dict[str, Comment]) -> Line:
    return Line(
        text=told["text"],
        style=told["style"],
        tracked=tuple(Tracked(*each) for each in told["tracked"]),
        comments=tuple(comments[each] for each in told["comments"] if each in comments),
    )


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
