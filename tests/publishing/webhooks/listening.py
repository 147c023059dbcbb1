"""A receiver of webhooks on loopback, friendly or hostile, which the tests count as outside."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network

from publishing.models import Consumer, Delivery, Endpoint
from publishing.webhooks import deriving
from publishing.webhooks.calling import Way

OUTSIDE = "127.0.0.78"
NAMES = {"hooks.test": [OUTSIDE], "inside.test": ["127.0.0.1"], "mixed.test": [OUTSIDE, "10.0.0.1"]}

type Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Receiver:
    port: int = 0
    answer: Answer = lambda handler: status(204)(handler)
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://hooks.test:{self.port}/attest"

    def way(self, **fields: object) -> Way:
        return Way(
            **{
                "seconds": 2.0,
                "schemes": frozenset({"http", "https"}),
                "ports": frozenset({self.port, 80, 443}),
                "inside": (ip_network(f"{OUTSIDE}/32"),),
                "resolve": look_up,
                **fields,
            }
        )


def look_up(host: str, port: int):
    return [ip_address(address) for address in NAMES.get(host, [host])]


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def listening() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append((dict(self.headers.items()), body))
            with suppress(OSError):  # we hang up on purpose
                receiver.answer(self)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((OUTSIDE, 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def endpoint_of(consumer: Consumer, url: str = "https://hooks.test/attest") -> Endpoint:
    endpoint = Endpoint(consumer=consumer, url=url)
    deriving.begin(endpoint)
    endpoint.save()
    return endpoint


def told_of(endpoint: Endpoint) -> list[Delivery]:
    """What the worker would find now, the first change first."""
    while deriving.derive(endpoint.pk):
        pass
    return list(endpoint.deliveries.order_by("seq", "op"))
