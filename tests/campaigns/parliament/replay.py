"""A made-up Parliament on this machine, with the mishaps of the real one's API.

No recorded AmendmentDetail was at hand, so every payload is made from the schema (see world.py).
"""

import hashlib
import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from tests.campaigns.parliament.world import Json, World

FAULTS = ("slow", "html", "429", "429 with a date", "500", "cut", "half", "no items")


@dataclass
class Faults:
    """Which answers go wrong: by chance, but the same for the same seed, and not for ever."""

    seed: int = 0
    share: float = 0.0
    most: int = 0
    done: list[str] = field(default_factory=list)
    dead: bool = False  # nothing answers at all
    dead_at: str = ""  # or whatever has this in its address

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def next(self, path: str) -> str:
        if self.dead or (self.dead_at and self.dead_at in path):
            return "500"
        if len(self.done) >= self.most or self._chance.random() >= self.share:
            return ""
        self.done.append(self._chance.choice(FAULTS))
        return self.done[-1]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one piece: in two, each answer waits for an acknowledgement
    disable_nagle_algorithm = True
    server: "Replay"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        fault = self.server.faults.next(self.path)
        if fault.startswith("429"):
            after = "0" if fault == "429" else "Wed, 21 Oct 2015 07:28:00 GMT"
            self._send(429, b"", {"Retry-After": after})
        elif fault == "500":
            self._send(500, b"Server error")
        elif fault == "html":
            self._send(200, b"<!DOCTYPE html><title>Please wait</title>")
        elif fault == "no items":
            self._send(200, b'{"items": null, "totalResults": 0}')
        else:
            time.sleep(0.005 if fault == "slow" else 0)
            self._answer(fault)

    def _answer(self, fault: str) -> None:
        found = self.server.found(self.path)
        if found is None:
            self._send(404, b'{"status": 404}')
            return
        body, etag = found
        if etag and self.headers.get("If-None-Match") == etag and not fault:
            self._send(304, b"", {"ETag": etag})
        elif fault == "cut":
            self._send(200, body[: len(body) // 2], {"Content-Length": str(len(body))})
            self.close_connection = True
        else:
            shown = body[: len(body) // 2] if fault == "half" else body
            self._send(200, shown, {"ETag": etag} if etag and not fault else {})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        sent = {"Content-Length": str(len(body)), "Content-Type": "application/json"}
        for name, value in {**sent, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: a test's output is the test's."""


class Replay(ThreadingHTTPServer):
    """Ends with the test; `asked` is every address in the order in which it was asked."""

    daemon_threads = True

    def __init__(self, world: World, faults: Faults | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.world, self.faults = world, faults or Faults()
        self.asked: list[str] = []
        self._made: dict[str, tuple[bytes, str] | None] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def found(self, path: str) -> tuple[bytes, str] | None:
        if path not in self._made:
            parts = urlsplit(path)
            said = self.world.at(parts.path, parse_qs(parts.query))
            self._made[path] = said and self._encoded(said)
        return self._made[path]

    def changed(self) -> None:
        """The world was: what was made of it before is forgotten."""
        self._made.clear()
        self.asked.clear()

    def _encoded(self, said: Json) -> tuple[bytes, str]:
        body = json.dumps(said, ensure_ascii=False).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"' if self.world.is_etagged else ""
        return body, etag


@contextmanager
def replayed(world: World, faults: Faults | None = None) -> Iterator[Replay]:
    with Replay(world, faults) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
