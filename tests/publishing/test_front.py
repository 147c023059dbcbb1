"""The front gives what Django gave, to the same question, and never for longer than a moment."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evidence import consenting
from publishing.api import front, shelf
from publishing.api.front import Front
from publishing.api.head import Head
from publishing.api.shelf import Page, Shelf
from publishing.formats import table
from tests import factories as make
from tests.publishing import making

pytestmark = pytest.mark.django_db

BILLS = "/api/v1/bills/"
type Answer = tuple[str, dict[str, str], bytes]


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


class Asking:
    """A WSGI server in front of a front, and how often Django had to answer."""

    def __init__(self, as_feed: Callable[[], Any], most_bytes: int = 2**20) -> None:
        self.as_feed, self.reached = as_feed, 0
        self.django = WSGIHandler()
        self.shelf = Shelf(most_bytes=most_bytes, read=front._read)
        self.front = Front(self._counted, self.shelf)

    def _counted(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        self.reached += 1
        return self.django(environ, start)

    def __call__(self, path: str, method: str = "GET", **headers: str) -> Answer:
        return self._asked(self.front, path, method, headers)

    def without_front(self, path: str, method: str = "GET", **headers: str) -> Answer:
        return self._asked(self.django, path, method, headers)

    def _asked(self, app: Any, path: str, method: str, headers: dict[str, str]) -> Answer:
        path, _, query = path.partition("?")
        environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": query}
        environ |= {"REQUEST_METHOD": method, "HTTP_HOST": "localhost"} | headers
        environ.setdefault("REMOTE_ADDR", "127.0.0.1")
        setup_testing_defaults(environ)
        told: list[Any] = []
        with self.as_feed():
            body = b"".join(app(environ, lambda status, headers: told.extend([status, headers])))
        fixed = {name: value for name, value in told[1] if (name, value) != ("Content-Length", "0")}
        return told[0], fixed, body


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """As Django's test client does: at a request's end a server would close the test's own."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(shelf, "time", made)
    monkeypatch.setattr("publishing.api.endpoint.time", made)
    return made


@pytest.fixture
def ask(as_feed, clock) -> Asking:
    return Asking(as_feed)


def test_the_second_answer_is_the_first_without_django_or_the_database(ask) -> None:
    making.written()
    first = ask(BILLS)
    with CaptureQueriesContext(connection) as queries:
        second = ask(BILLS)

    assert first[0] == "200 OK"
    assert second == first == ask.without_front(BILLS)
    assert ask.reached == 1
    assert [each for each in queries if "ROLE" not in each["sql"]] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {"HTTP_RANGE": "bytes=0-1"},
        {"HTTP_ORIGIN": "https://example.org"},
        {"HTTP_ACCEPT_LANGUAGE": "cy"},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
        {"HTTP_ACCEPT_ENCODING": "zstd, gzip;q=0.5"},
        {"HTTP_ACCEPT_ENCODING": "gzip;q=0"},
        {"HTTP_IF_NONE_MATCH": '"x"'},
        {"HTTP_IF_NONE_MATCH": "*"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_hot_answer_is_django_s_own(ask, method: str, headers: dict[str, str]) -> None:
    making.written(text="word " * 300)
    plain = {name: headers[name] for name in headers if name != "HTTP_IF_NONE_MATCH"}
    ask(BILLS, **plain)

    hot = ask(BILLS, method, **headers)

    assert ask.reached == 1
    assert hot == ask.without_front(BILLS, method, **headers)


def test_who_holds_it_is_told_so(ask) -> None:
    making.written()
    status, headers, _ = ask(BILLS)
    etag = headers["ETag"]

    for held in (etag, f"W/{etag}", f'"a", {etag}', f'{etag[:-1]}-gz"'):
        hot = ask(BILLS, HTTP_IF_NONE_MATCH=held)
        assert hot == ask.without_front(BILLS, HTTP_IF_NONE_MATCH=held)
        assert (hot[0], hot[2]) == ("304 Not Modified", b"")
    assert status == "200 OK"
    assert ask.reached == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get"])
def test_other_methods_are_django_s_affair(ask, method: str) -> None:
    making.written()
    ask(BILLS)

    assert ask(BILLS, method) == ask.without_front(BILLS, method)
    assert ask.reached == 2


def test_an_officer_s_answer_is_everybody_s_and_carries_nothing_of_his(ask) -> None:
    making.written()
    client = Client()
    client.force_login(make.user("officer"))
    session = client.cookies["sessionid"].value

    his = ask(BILLS, HTTP_COOKIE=f"sessionid={session}")
    anonymous = ask(BILLS)

    assert anonymous == his == ask.without_front(BILLS)
    assert not {"Set-Cookie"} & anonymous[1].keys()


@pytest.mark.parametrize("cookie", ["sessionid=x", f"sessionid={'a' * 32}; csrftoken=y"])
def test_a_cookie_changes_nothing_of_what_others_read(ask, cookie: str) -> None:
    making.written()
    ask(BILLS, HTTP_COOKIE=cookie)  # Django may take a stale cookie back, in an answer of its own

    anonymous = ask(BILLS)

    assert anonymous == ask.without_front(BILLS)
    assert ask(BILLS, HTTP_COOKIE=cookie) == anonymous


@pytest.mark.parametrize("path", ["/admin/login/", "/healthz", "/api/v1/docs/"])
def test_nothing_else_is_kept(ask, path: str) -> None:
    ask(path)
    ask(path)

    assert ask.reached == 2


@pytest.mark.parametrize(
    ("header", "value"),
    [("Set-Cookie", "a=b"), ("Vary", "Accept-Encoding, Cookie"), ("Cache-Control", "private")],
)
def test_what_a_middleware_made_personal_is_not_kept(ask, header: str, value: str) -> None:
    making.written()
    inner = ask.django

    def personal(environ, start):
        def also(status, headers, *rest):
            return start(status, [*headers, (header, value)], *rest)

        return inner(environ, also)

    ask.django = personal
    ask(BILLS)
    ask(BILLS)

    assert ask.reached == 2


@pytest.mark.parametrize("path", [f"{BILLS}?limit=0", f"{BILLS}?x=1", "/api/v1/nothing/"])
def test_refusals_are_not_kept(ask, path: str) -> None:
    assert ask(path) == ask(path) == ask.without_front(path)
    assert ask.reached == 2


def test_another_host_is_asked_about_each_time(ask) -> None:
    making.written()
    ask(BILLS)

    assert ask(BILLS, HTTP_HOST="evil.example")[0] == "400 Bad Request"
    assert ask(BILLS, HTTP_HOST="evil.example")[0] == "400 Bad Request"


def test_spellings_of_one_page_share_it(ask) -> None:
    making.written()
    ask(f"{BILLS}?limit=50")
    with CaptureQueriesContext(connection) as queries:
        ask(BILLS)

    assert [each for each in queries if "feed." in each["sql"].replace('"', "")] == []
    assert ask.reached == 2


def test_a_change_is_seen_after_half_a_second_at_the_latest(ask, clock) -> None:
    making.written()
    before = ask(BILLS)
    making.removed()
    clock.now += 0.2
    assert ask(BILLS) == before

    clock.now += 0.3
    after = ask(BILLS)

    assert after[2] == b'{"items":[],"next":null}'
    assert after == ask.without_front(BILLS)


def test_what_was_withdrawn_is_out_of_memory_as_well(ask, clock) -> None:
    covered = making.on_website(text="A long account of a harbour. " * 40)
    for path in ("testimonies/", "changes/", "search/?q=harbour"):
        ask(f"/api/v1/{path}")
        ask(f"/api/v1/{path}", HTTP_ACCEPT_ENCODING="zstd")
    assert len(ask.shelf._pages) == 6

    consenting.withdraw(covered.consent)
    clock.now += 0.5
    ask("/api/v1/testimonies/")

    assert [page.body for page in ask.shelf._pages.values()] == [b'{"items":[],"next":null}']
    item = f"/api/v1/testimonies/{covered.version.testimony.public_id}/"
    assert ask(item)[0] == "410 Gone"


def test_without_the_database_nothing_is_told_for_longer_than_half_a_second(ask, clock) -> None:
    making.written()
    before = ask(BILLS)
    with _away():
        clock.now += 0.2
        assert ask(BILLS) == before
        clock.now += 0.3
        assert ask(BILLS)[0] == "503 Service Unavailable"

    assert ask(BILLS)[2] == before[2]


@contextmanager
def _away() -> Iterator[None]:
    def fail(execute, sql, params, many, context):
        if "feed." in str(sql).replace('"', ""):
            raise OperationalError("the server closed the connection")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield


def test_it_takes_no_more_room_than_it_was_given(as_feed, clock) -> None:
    for name in range(9):
        making.written(str(name), text="x" * 1000)
    ask = Asking(as_feed, most_bytes=12_000)

    for limit in range(1, 10):
        ask(f"{BILLS}?limit={limit}")

    kept = sum(len(page.body) for page in ask.shelf._pages.values())
    assert 0 < kept == ask.shelf._bytes <= 12_000


def test_spellings_are_counted(monkeypatch, ask) -> None:
    monkeypatch.setattr(shelf, "SPELLINGS", 3)
    for limit in range(1, 9):
        ask(f"{BILLS}?limit={limit}")

    assert len(ask.shelf._spellings) <= 3


def test_a_page_of_an_older_head_is_not_kept() -> None:
    epoch = making.item_id("epoch")
    made = Shelf(most_bytes=1000, read=Head)
    older = Head(epoch, 1)
    made.learn(Head(epoch, 2), 0.0)
    made.learn(older, 0.0)  # from a replica that is behind

    made.put(older, ("a", ""), Page(b"", '"x"', ""))

    assert made._pages == {}


def test_one_reads_the_head_while_the_others_go_on(clock) -> None:
    begun, finish = threading.Event(), threading.Event()
    reads: list[int] = []

    def read() -> Any:
        reads.append(1)
        if len(reads) > 1:
            begun.set()
            assert finish.wait(5)
        return Head()

    made = Shelf(most_bytes=1000, read=read)
    made.is_fresh()
    clock.now += 0.3
    reader = threading.Thread(target=made.is_fresh)
    reader.start()
    assert begun.wait(5)

    assert made.is_fresh()
    finish.set()
    reader.join()
    assert len(reads) == 2


def test_it_can_be_switched_off(settings) -> None:
    settings.FEED_CACHE_MB = 0
    application = WSGIHandler()

    assert front.in_front_of(application) is application
    settings.FEED_CACHE_MB = 1
    assert isinstance(front.in_front_of(application), Front)


def test_a_table_is_kept_with_the_address_of_the_next_one(ask, monkeypatch):
    monkeypatch.setattr(table, "ROWS", 1)
    for label in ("2016/17", "2017/18"):
        figure = make.statistic(period=make.financial_year(int(label[:4])))
        making.approved(figure)
    measured = f"topic={figure.measure_id}"
    address = f"/api/v1/statistics/csv/?area=W92000004&{measured}"

    first = ask(address)
    with CaptureQueriesContext(connection) as queries:
        turned_round = ask(f"/api/v1/statistics/csv/?{measured}&area=W92000004")
        again = ask(address)

    assert 'rel="next"' in first[1]["Link"]
    assert (first, first) == (turned_round, again)
    assert (ask.reached, [each for each in queries if "feed." in each["sql"]]) == (2, [])
