"""In Chromium: the docs try the feed out, a card in a frame, and the example website."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from evidence.website import take_off_website
from publishing.models import Consumer
from tests import factories as make
from tests.publishing import making
from tests.publishing.consumers.test_confirming import consumer
from tests.publishing.test_feed_login import real_feed_connection

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("feed_of_threads"),
]

EXAMPLE = Path(settings.BASE_DIR) / "docs" / "examples" / "website"


@pytest.fixture
def feed_of_threads(monkeypatch) -> Iterator[None]:
    """The server's threads read the feed with its real login, each by a connection of its own."""
    made: dict[int, BaseDatabaseWrapper] = {}
    found, own = ConnectionHandler.__getitem__, threading.get_ident()

    def connection(self: ConnectionHandler, alias: str) -> BaseDatabaseWrapper:
        if alias != "feed" or threading.get_ident() == own:
            return found(self, alias)
        if threading.get_ident() not in made:
            made[threading.get_ident()] = opened = real_feed_connection()
            opened.inc_thread_sharing()  # it is closed from here
        return made[threading.get_ident()]

    monkeypatch.setattr(ConnectionHandler, "__getitem__", connection)
    yield
    for each in made.values():
        each.close()


@pytest.fixture
def complaints(page) -> list[str]:
    told: list[str] = []
    page.on("console", lambda said: said.type == "error" and told.append(said.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    return told


@pytest.fixture
def asked(page) -> list[str]:
    told: list[str] = []
    page.on("request", lambda request: told.append(request.url))
    return told


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def elsewhere(tmp_path) -> Iterator[tuple[str, Path]]:
    """Another site, which serves what lies in a folder."""
    handler = partial(Silent, directory=str(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", tmp_path
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_docs_try_the_feed_out_and_ask_nobody_else(
    page, live_server, complaints, asked
) -> None:
    making.written("shown in the answer")

    page.goto(f"{live_server.url}/api/v1/docs/")
    page.click("#operations-bills-bills_list button.opblock-summary-control")
    page.click("#operations-bills-bills_list button.try-out__btn")
    for field in page.query_selector_all("#operations-bills-bills_list .parameters input"):
        field.fill("")
    page.click("#operations-bills-bills_list button.execute")
    page.wait_for_selector("#operations-bills-bills_list .live-responses-table >> text=The shown")

    assert complaints == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


def test_a_card_in_another_sites_frame(page, live_server, complaints, asked, elsewhere) -> None:
    site, folder = elsewhere
    figure = making.approved(make.statistic(caveat="Recorded offences only."))
    card = f"{live_server.url}/embed/statistics/{figure.pk}/"
    frame = f'<iframe src="{card}" title="A figure" sandbox="allow-popups"></iframe>'
    (folder / "index.html").write_text(f"<!doctype html><link rel=icon href=data:,>{frame}")

    page.goto(f"{site}/index.html")

    shown = page.frame_locator("iframe")
    assert shown.locator(".value").text_content() == "1,437"
    assert shown.locator(".value").evaluate("one => getComputedStyle(one).fontWeight") == "700"
    assert shown.get_by_role("article", name="Image crimes, Wales, 2016/17").count() == 1
    assert complaints == []
    assert [url for url in asked if not url.startswith("data:")] == [f"{site}/index.html", card]


@pytest.fixture
def website(elsewhere, live_server) -> Callable[..., str]:
    """The example website on a site of its own; its address."""
    site, folder = elsewhere
    html = (EXAMPLE / "index.html").read_text()
    address = 'data-feed="http://localhost:8000/api/v1/"'
    assert address in html

    def put(**told: str) -> str:
        settled = {"feed": f"{live_server.url}/api/v1/", "every": "0.2", **told}
        attributes = " ".join(f'data-{name}="{value}"' for name, value in settled.items())
        (folder / "index.html").write_text(html.replace(address, attributes))
        (folder / "consumer.js").write_text((EXAMPLE / "consumer.js").read_text())
        (folder / "favicon.ico").write_bytes(b"")
        return f"{site}/index.html"

    return put


def test_the_example_shows_follows_drops_and_confirms(page, complaints, website) -> None:
    made, key = consumer()
    figure = making.approved(make.statistic())
    testimony = making.on_website("An account", text="First.\n\nThen <b>.").version.testimony

    page.goto(website(key=key))
    page.wait_for_selector(f'[data-id="{testimony.public_id}"]')
    words = page.text_content("#cards")
    take_off_website(testimony)
    page.wait_for_selector(f'[data-id="{testimony.public_id}"]', state="detached")
    page.wait_for_function("document.getElementById('state').textContent.includes('1 shown')")

    assert "Then <b>." in words
    assert page.text_content(f'[data-id="{figure.pk}"] .value') == "1,437"
    for _ in range(50):
        if Consumer.objects.get(pk=made.pk).applied_seq == 3:
            break
        page.wait_for_timeout(100)
    assert Consumer.objects.get(pk=made.pk).applied_seq == 3
    assert complaints == []


def hang(page) -> None:
    """From now on the feed takes each question and answers none."""
    page.route("**/api/v1/changes/**", lambda route: None)


def test_the_example_forgets_within_a_minute_what_a_hanging_feed_does_not_confirm(
    page, website
) -> None:
    account = making.on_website().version.testimony
    page.clock.install()
    page.goto(website())
    page.wait_for_selector(f'[data-id="{account.public_id}"]')

    hang(page)
    page.wait_for_timeout(500)
    page.clock.fast_forward(55_000)
    page.wait_for_timeout(100)
    still = page.locator("[data-id]").count()
    page.clock.fast_forward(6_000)

    page.wait_for_selector(f'[data-id="{account.public_id}"]', state="detached", timeout=5_000)
    assert still == 1


def test_the_example_asks_anew_where_no_answer_came(page, website) -> None:
    account = making.on_website().version.testimony
    hang(page)

    page.goto(website(patience="0.3"))
    page.wait_for_function("document.getElementById('state').textContent.includes('cannot')")
    page.unroute("**/api/v1/changes/**")

    page.wait_for_selector(f'[data-id="{account.public_id}"]', timeout=5_000)


def test_the_example_is_as_short_as_it_says() -> None:
    assert len((EXAMPLE / "consumer.js").read_text().splitlines()) < 100
