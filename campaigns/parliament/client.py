"""Asks Parliament's API: one connection, no hurry, and a failed request is tried again."""

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import httpx

from evidence.refusing import Refused
from evidence.snapshots.unpacking import GARBLED, unpacked

HEADERS = {
    "User-Agent": "Attest/1 (keeps a charity's amendments in step)",
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
}
AGAIN = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY}
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


class NoAnswer(Exception):
    """It was asked as often as is decent; the text says what came instead of an answer."""


class NotThere(Exception):
    """Parliament has nothing at this address."""


class Unreadable(Exception):
    """An answer that is not what was asked for: a page in HTML, half an object, another shape."""


@dataclass(frozen=True)
class Manners:
    """How the API is treated; it answers slowly, so nothing is gained by hurrying."""

    pause: float = 0.5  # seconds between two requests at most; less where it answers sooner
    tries: int = 7
    tries_unconnected: int = 2  # before any connection was made: the address is wrong, or we are
    # offline, and whoever pressed the button should not wait minutes to hear it
    first_wait: float = 2.0  # before the second try; it doubles with each
    longest_wait: float = 120.0  # also of what Retry-After may ask
    answers_within: float = 90.0  # seconds, the body included
    largest: int = 5_000_000  # bytes of an answer, unpacked
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Validators:
    """By which an address knows whether we have its last answer."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True, slots=True)
class Answer[Read]:
    """What was read; None where Parliament says that nothing changed since the validators."""

    content: Read | None
    validators: Validators


class Client:
    """Use it with `with`: it holds the one connection."""

    def __init__(self, base_url: str, manners: Manners | None = None) -> None:
        self.base_url = _address(base_url)
        self.manners = manners or Manners()
        self.asked = 0
        self._pause = 0.0
        self._connected = False
        self._http = httpx.Client(
            headers=HEADERS,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            timeout=httpx.Timeout(self.manners.answers_within, connect=15),
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def url(self, path: str, params: Mapping[str, int] | None = None) -> str:
        return str(httpx.URL(f"{self.base_url}{path}", params=dict(params) if params else None))

    def get[Read](
        self, url: str, read: Callable[[Any], Read], held: Validators | None = None
    ) -> Answer[Read]:
        """Raises NotThere, or NoAnswer once every try has failed.

        `read` makes of the JSON what the caller wants; where it raises Unreadable the answer
        counts as a failed one, since half an object and a page of HTML are the same mishap.
        """
        for tried in range(1, self.manners.tries + 1):
            try:
                return self._once(url, read, held or Validators())
            except _Again as mishap:
                why, wait = str(mishap), mishap.wait
                is_closed = isinstance(mishap, _Unconnected) and not self._connected
            if tried == (self.manners.tries_unconnected if is_closed else self.manners.tries):
                break
            self.manners.sleep(self._wait(tried, wait))
        raise NoAnswer(why)

    def _once[Read](self, url: str, read: Callable[[Any], Read], held: Validators) -> Answer[Read]:
        try:
            with (
                self._at_its_pace(),
                self._http.stream("GET", url, headers=held.headers()) as response,
            ):
                self._connected = True
                if response.status_code == HTTPStatus.NOT_MODIFIED:
                    return Answer(None, held)
                _refuse_unless_ok(response)
                content = read(_json(self._body(response)))
                return Answer(content, _validators(response))
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise _Unconnected("no connection to it could be made") from None
        except httpx.TimeoutException:
            raise _Again("it took too long to answer") from None
        except httpx.HTTPError:
            raise _Again("the connection was cut") from None
        except Refused as refused:
            if str(refused) == GARBLED:
                raise _Again("the connection was cut") from None
            raise NoAnswer("its answer is too large, or packed in a way we do not read") from None
        except Unreadable as mishap:
            raise _Again(str(mishap)) from None

    def _body(self, response: httpx.Response) -> bytes:
        until = time.monotonic() + self.manners.answers_within

        def pieces() -> Any:
            for piece in response.iter_raw():
                if time.monotonic() > until:
                    raise _Again("it took too long to answer")
                yield piece

        encoding = response.headers.get("Content-Encoding", "")
        return unpacked(pieces(), encoding, self.manners.largest)

    @contextmanager
    def _at_its_pace(self) -> Iterator[None]:
        """Leave it alone for as long as it worked for us: then we take half its time at most."""
        self.manners.sleep(self._pause)
        self.asked += 1
        started = time.monotonic()
        try:
            yield
        finally:
            self._pause = min(self.manners.pause, time.monotonic() - started)

    def _wait(self, tried: int, asked_for: float | None) -> float:
        """Doubling, with a part left to chance so that not all of its callers come back at once."""
        manners = self.manners
        own: float = manners.first_wait * 2 ** (tried - 1)
        own *= random.uniform(0.75, 1.25)  # noqa: S311, spreads load and guards no secret
        return min(manners.longest_wait, max(own, asked_for or 0))


class _Again(Exception):
    """One try failed, and the next may not."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class _Unconnected(_Again):
    """Nobody answered the door."""


def _address(base_url: str) -> str:
    try:
        url = httpx.URL(base_url.strip())
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in {"http", "https"} or not url.host:
        raise Refused(f"“{base_url}” is not the web address of an API: begin it with https://.")
    return str(url).rstrip("/")


def _refuse_unless_ok(response: httpx.Response) -> None:
    status = response.status_code
    if status == HTTPStatus.OK:
        return
    if status in GONE:
        raise NotThere
    if status in AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _Again(f"it answered with error {status}", _retry_after(response))
    raise NoAnswer(f"it answered with error {status}")


def _retry_after(response: httpx.Response) -> float | None:
    """In seconds, or as a date; None where neither can be read."""
    told = response.headers.get("Retry-After", "").strip()
    if told.isdecimal():
        return float(told)
    try:
        wanted = parsedate_to_datetime(told)
    except (TypeError, ValueError):
        return None
    wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
    return max(0.0, (wanted - datetime.now(UTC)).total_seconds())


def _json(body: bytes) -> Any:
    """Whatever the header says: HTML comes as JSON and JSON as text."""
    try:
        return json.loads(_words(body))
    except (ValueError, RecursionError):
        raise Unreadable("it answered with something that is not JSON") from None


def _words(body: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("latin-1")


def _validators(response: httpx.Response) -> Validators:
    etag = response.headers.get("ETag", "")
    modified = response.headers.get("Last-Modified", "")
    return Validators(etag if len(etag) <= 200 else "", modified if len(modified) <= 60 else "")
