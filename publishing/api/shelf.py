"""Answers that were given lately, kept for as long as the feed's head stays what it was.

What is found here has passed through the views: this room decides nothing. It holds the newest
head's pages alone, so that what was withdrawn does not stay in memory either.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from publishing.api.head import Head

OLDEST = 0.5  # seconds: a head that was read longer ago is not used
RENEWED = 0.25  # from then on one of those who ask reads it anew, while the others go on
SPELLINGS = 20_000

type Name = tuple[str, str]  # the canonical page and its encoding
type Spelling = tuple[str, ...]  # whatever of a request could make a difference to its answer


@dataclass(frozen=True, slots=True)
class Page:
    body: bytes
    etag: str
    encoding: str
    headers: tuple[tuple[str, str], ...] = ()  # what this page's answers say beside


class Shelf:
    def __init__(self, *, most_bytes: int, read: Callable[[], Head]) -> None:
        self._most_bytes, self._read = most_bytes, read
        self._bytes = 0
        self._pages: OrderedDict[Name, Page] = OrderedDict()
        self._spellings: OrderedDict[Spelling, tuple[Name, list[tuple[str, str]]]] = OrderedDict()
        self._head: Head | None = None
        self._read_at = -OLDEST
        self._lock = threading.RLock()
        self._reading = threading.Lock()

    def hot(self, spelling: Spelling) -> tuple[Page, list[tuple[str, str]]] | None:
        """The page and the headers that this very request was answered with, if still true."""
        kept = self._spellings.get(spelling)
        if kept is None or not self.is_fresh():
            return None
        page = self._pages.get(kept[0])
        return (page, kept[1]) if page else None

    def find(self, name: Name) -> Page | None:
        return self._pages.get(name) if time.monotonic() - self._read_at < OLDEST else None

    def learn(self, head: Head, asked_at: float) -> None:
        """What a head was, counted from before the question: no answer is older than it claims."""
        with self._lock:
            if self._head is None or head.is_later_than(self._head):
                self._pages.clear()
                self._spellings.clear()
                self._bytes = 0
                self._head = head
            self._read_at = max(self._read_at, asked_at)

    def put(self, head: Head, name: Name, page: Page) -> None:
        """Of the newest head alone: a page that a slower reader brings late is not kept."""
        with self._lock:
            if head != self._head or len(page.body) > self._most_bytes // 4:
                return
            if (replaced := self._pages.pop(name, None)) is not None:
                self._bytes -= len(replaced.body)
            self._pages[name] = page
            self._bytes += len(page.body)
            while self._bytes > self._most_bytes:
                _, dropped = self._pages.popitem(last=False)
                self._bytes -= len(dropped.body)

    def spell(self, spelling: Spelling, name: Name, headers: list[tuple[str, str]]) -> None:
        with self._lock:
            self._spellings[spelling] = (name, headers)
            while len(self._spellings) > SPELLINGS:
                self._spellings.popitem(last=False)

    def is_fresh(self) -> bool:
        """Read the head anew where it has grown old; only its first reader waits for that."""
        age = time.monotonic() - self._read_at
        if age < RENEWED:
            return True
        if not self._reading.acquire(blocking=age >= OLDEST):
            return True
        try:
            if time.monotonic() - self._read_at >= RENEWED:
                self._renew()
        finally:
            self._reading.release()
        return time.monotonic() - self._read_at < OLDEST

    def _renew(self) -> None:
        asked_at = time.monotonic()
        self.learn(self._read(), asked_at)
