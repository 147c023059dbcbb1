"""One call to one endpoint: signed, to the public internet alone, and without following anybody."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import httpcore
import httpx
from django.conf import settings

from publishing.encoding import encode
from publishing.models import Delivery
from publishing.outward.connecting import CheckedNetwork, Deadline, Reach, Unreachable
from publishing.webhooks.signing import signatures

USER_AGENT = "Attest/1 (webhooks)"
LONGEST_PROBLEM = 200
_HOST = re.compile(rb"[a-z0-9._-]+|[0-9a-f:.]+")
GARBLED = "The connection or its answer broke off."
UNPROVEN = "The site cannot prove that it is the one it says."


@dataclass(frozen=True, kw_only=True)
class Way(Reach):
    """How an endpoint may be reached: https, and its usual ports, outside the demo."""

    seconds: float = field(default_factory=lambda: settings.WEBHOOK_SECONDS)
    schemes: frozenset[str] = field(default_factory=lambda: frozenset(settings.WEBHOOK_SCHEMES))
    ports: frozenset[int] = field(default_factory=lambda: frozenset(settings.WEBHOOK_PORTS))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call; `status` is None where nobody answered."""

    status: int | None = None
    problem: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def wants_no_more(self) -> bool:
        """By the specification 410 asks never to be called again."""
        return self.status == 410


type Call = Callable[[Delivery, datetime], Answer]


def why_not(url: str, way: Way | None = None) -> str:
    """What is wrong with an address, before anybody is asked; empty where nothing is."""
    way = way or Way()
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return "This is not a web address."
    if parsed.scheme not in way.schemes:
        return "An endpoint's address begins with https://."
    if not _HOST.fullmatch(parsed.raw_host) or parsed.userinfo:
        return "The address holds a name or password, or names no site."
    if _port(parsed) not in way.ports:
        return "The address names a port that is not called."
    return ""


def call(delivery: Delivery, at: datetime, *, way: Way | None = None) -> Answer:
    """Of the answer nothing is read but its status, however much there is of it."""
    way = way or Way()
    url = delivery.endpoint.url
    if problem := why_not(url, way):
        return Answer(problem=problem)
    network = CheckedNetwork(way, Deadline(way.seconds))
    try:
        with httpcore.ConnectionPool(network_backend=network, max_keepalive_connections=0) as pool:
            return _asked(pool, delivery, at)
    except Unreachable as error:
        return Answer(problem=f"{error.why.value.capitalize()}.")
    except httpcore.TimeoutException:
        return Answer(problem="The site took too long.")
    except httpcore.ConnectError:
        return Answer(problem=UNPROVEN)
    except (httpcore.NetworkError, httpcore.ProtocolError):
        return Answer(problem=GARBLED)


def body_of(delivery: Delivery) -> bytes:
    """The change as `changes/` names it, and never a document: whoever wants it reads it there."""
    change = {
        "seq": delivery.seq,
        "op": delivery.op,
        "kind": delivery.kind,
        "id": delivery.item_id,
        "at": delivery.at,
    }
    return encode({"type": f"feed.{delivery.op}", "timestamp": delivery.at, "data": change})


def _asked(pool: httpcore.ConnectionPool, delivery: Delivery, at: datetime) -> Answer:
    url = httpx.URL(delivery.endpoint.url)
    target = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    body = body_of(delivery)
    with pool.stream("POST", target, headers=_headers(delivery, url, at, body), content=body) as it:
        return Answer(it.status, "" if 200 <= it.status < 300 else f"It answered {it.status}.")


def _headers(
    delivery: Delivery, url: httpx.URL, at: datetime, body: bytes
) -> list[tuple[str, str]]:
    message_id = f"msg_{delivery.pk.hex}"
    return [
        ("Host", url.netloc.decode("ascii")),
        ("User-Agent", USER_AGENT),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
        ("webhook-id", message_id),
        ("webhook-timestamp", str(int(at.timestamp()))),
        ("webhook-signature", signatures(delivery.endpoint, message_id, at, body)),
    ]


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)
