"""Nothing inside is ever asked: neither by a hostile address nor through a harmless one."""

import gzip
import itertools
import socket
import ssl
import time
import tracemalloc
from ipaddress import ip_address, ip_network

import pytest

from evidence.refusing import Refused
from evidence.snapshots import connecting
from evidence.snapshots.fetching import Fetched, Policy, fetch
from tests.evidence.hostile_addresses import NAMES_OF_INSIDE, hostile
from tests.evidence.listening import INSIDE, PUBLIC, Canary, listening, page, redirect, self_signed

SITE = {"site.test": [PUBLIC], "other.test": [PUBLIC]}
COUNT = len(hostile(1))


def look_up(host: str, port: int):
    """The system's reading of numbers, whatever their notation, and our own table of names."""
    known = {**NAMES_OF_INSIDE, **SITE}
    if host in known:
        return [ip_address(address) for address in known[host]]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    return [ip_address(place[0]) for *_, place in found]


@pytest.fixture(scope="module")
def canary():
    canary = Canary()
    yield canary
    canary.close()


@pytest.fixture
def reach(canary):
    """Fetches as the desk does, save that one loopback address counts as outside."""

    def reach(url: str, **fields: object) -> Fetched:
        policy = Policy(
            **{
                "seconds": 2.0,
                "ports": frozenset({80, 443, canary.port}),
                "inside": (ip_network(f"{PUBLIC}/32"),),
                "resolve": look_up,
                **fields,
            }
        )
        return fetch(url, policy=policy)

    yield reach
    assert canary.connections == 0


@pytest.fixture
def site(canary):
    """`site(path=answer)` starts the public site; its address has the canary's port."""
    with listening(PUBLIC, canary.port, answers := {}):

        def publish(**pages) -> str:
            answers.update({f"/{path}": answer for path, answer in pages.items()})
            return f"http://site.test:{canary.port}"

        yield publish


def test_there_are_two_hundred_hostile_addresses() -> None:
    assert COUNT >= 200
    assert len(set(hostile(1))) == COUNT


@pytest.mark.parametrize("number", range(COUNT), ids=[ascii(url) for url in hostile(1)])
def test_a_hostile_address_is_refused(number: int, reach, canary) -> None:
    began = time.monotonic()

    with pytest.raises(Refused) as refused:
        reach(hostile(canary.port)[number])

    assert time.monotonic() - began < 2
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert sentence not in {connecting.NO_ANSWER, connecting.TOO_SLOW}  # it was not even tried


def test_the_address_is_checked_again_on_each_redirect(reach, site, canary) -> None:
    for target in [url for url in hostile(canary.port) if url.strip() and url.isascii()]:
        if "\r" in target or not target.startswith(("http", "file", "gopher", "//")):
            continue  # what a header cannot carry, and what is a path on the same site
        address = site(leads=redirect(target))

        with pytest.raises(Refused):
            reach(f"{address}/leads")


def test_a_name_is_looked_up_once_and_that_answer_is_used(reach, site) -> None:
    address = site(page=page(b"public words"))
    answers = itertools.chain([PUBLIC], itertools.repeat(INSIDE))

    fetched = reach(f"{address}/page", resolve=lambda *_: [ip_address(next(answers))])

    assert fetched.body == b"public words"
    assert next(answers) == INSIDE  # nobody had asked for it


def test_a_name_that_changes_its_answer_leads_nowhere(reach, site) -> None:
    address = site(first=redirect("/second"), second=page(b"inside"))
    answers = itertools.chain([PUBLIC], itertools.repeat(INSIDE))

    with pytest.raises(Refused, match="private network"):
        reach(f"{address}/first", resolve=lambda *_: [ip_address(next(answers))])


def test_a_page_is_read_after_its_redirects(reach, site) -> None:
    address = site(
        start=redirect("/end"),
        end=page("Café".encode("cp1252"), Content_Type='text/html; charset="Windows-1252"'),
    )

    assert reach(f"{address}/start") == Fetched(
        url=f"{address}/start",
        final_url=f"{address}/end",
        content_type="text/html",
        body=b"Caf\xe9",
        encoding="windows-1252",
    )


def test_redirects_end_after_five(reach, site) -> None:
    address = site(
        **{f"hop{n}": redirect(f"/hop{n + 1}") for n in range(6)}, hop6=page(b"far away")
    )

    assert reach(f"{address}/hop1").body == b"far away"
    with pytest.raises(Refused, match="redirects on and on"):
        reach(f"{address}/hop0")


def test_neither_cookies_nor_proxies_nor_passwords_go_along(
    reach, site, canary, monkeypatch
) -> None:
    heard: list[dict[str, str]] = []

    def listen(handler) -> None:
        heard.append(dict(handler.headers))
        page(b"words")(handler)

    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(variable, f"http://127.0.0.1:{canary.port}")
    address = site(first=redirect("/second"), second=listen)

    reach(f"{address}/first")

    assert heard == [
        {
            "User-Agent": "Attest/1 (keeps copies of cited sources)",
            "Accept": "text/html, application/pdf, text/plain, */*;q=0.5",
            "Accept-Encoding": "gzip",
            "Host": f"site.test:{canary.port}",
        }
    ]


def drip_headers(handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        handler.wfile.write(f"X-{number}: a\r\n".encode())
        time.sleep(0.05)


def drip_body(handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b"a")
        time.sleep(0.05)


@pytest.mark.parametrize("drip", [drip_headers, drip_body, lambda handler: time.sleep(1)])
def test_a_site_that_drips_is_left_on_time(reach, site, drip) -> None:
    address = site(drip=drip)
    began = time.monotonic()

    with pytest.raises(Refused, match="took too long"):
        reach(f"{address}/drip", seconds=0.4)

    assert time.monotonic() - began < 1


def test_a_resolver_that_does_not_answer_is_left_on_time(reach) -> None:
    with pytest.raises(Refused, match="took too long"):
        reach("http://site.test/", seconds=0.2, resolve=lambda *_: time.sleep(0.5))


def endless(handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(bytes(65536))


def test_an_endless_page_is_left_at_the_cap(reach, site) -> None:
    address = site(endless=endless)

    with pytest.raises(Refused, match="larger than 3 MB"):
        reach(f"{address}/endless", largest=3_000_000)


def test_a_packed_bomb_is_left_before_it_unpacks(reach, site) -> None:
    bomb = gzip.compress(bytes(100_000_000))
    address = site(bomb=page(bomb, Content_Encoding="gzip"))

    tracemalloc.start()
    with pytest.raises(Refused, match="larger than 1 MB"):
        reach(f"{address}/bomb", largest=1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 6_000_000


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (page(gzip.compress(b"words")[:-6], Content_Encoding="gzip"), "breaks off or is garbled"),
        (page(b"not packed", Content_Encoding="gzip"), "breaks off or is garbled"),
        (page(b"words", Content_Encoding="br"), "packs its pages in an unusual way"),
        (page(b""), "empty page"),
        (page(b"no", 404), "no such page"),
        (page(b"no", 403), "does not let Attest read"),
        (page(b"no", 500), "error 500"),
        (lambda handler: handler.wfile.write(b"SSH-2.0\r\n\r\n"), "breaks off or is garbled"),
        (lambda handler: None, "breaks off or is garbled"),
    ],
)
def test_a_bad_answer_is_told(reach, site, answer, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        reach(f"{site(page=answer)}/page")


def test_a_packed_page_is_unpacked(reach, site) -> None:
    address = site(page=page(gzip.compress(b"1,437 offences"), Content_Encoding="gzip"))

    assert reach(f"{address}/page").body == b"1,437 offences"


def test_a_site_without_a_valid_certificate_is_refused(reach, canary, tmp_path) -> None:
    with listening(PUBLIC, canary.port, {"/": page(b"forged")}) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self_signed(tmp_path))
        server.socket = context.wrap_socket(server.socket, server_side=True)

        with pytest.raises(Refused, match="cannot prove"):
            reach(f"https://site.test:{canary.port}/")
