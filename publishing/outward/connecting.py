"""Connections that go only to an address that was just checked, and only until the time is up."""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address
from typing import Any

import httpcore

from publishing.outward.addresses import Address, Network, is_public

type Resolve = Callable[[str, int], Sequence[Address]]
type SocketOptions = Iterable[httpcore.SOCKET_OPTION]


class Why(Enum):
    """What kept a connection from being made; whoever asked has his own sentence for it."""

    INSIDE = "the address leads into a private network"
    NO_SUCH_SITE = "no site has this address"
    NO_ANSWER = "the site does not answer"
    TOO_SLOW = "the site took too long"


class Unreachable(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def resolve(host: str, port: int) -> Sequence[Address]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(place[0]) for *_, place in found]


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far a connection may go, and how long it may take."""

    seconds: float = 15.0  # in all: name, connections and whatever is read
    inside: tuple[Network, ...] = ()  # networks that may be reached although they are not public
    resolve: Resolve = resolve

    def permits(self, address: Address) -> bool:
        return is_public(address) or any(address in network for network in self.inside)


class Deadline:
    """The moment after which nothing is waited for, however slowly a site drips."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise Unreachable(Why.TOO_SLOW)
        return left


class CheckedNetwork(httpcore.NetworkBackend):
    """Resolves a name once, checks every address, and connects to one that it checked.

    Between check and connection no name is looked up again, so a name that changes its answer
    leads nowhere else. The name stays in the request, in its Host and in the certificate's check.
    """

    def __init__(self, reach: Reach, deadline: Deadline) -> None:
        self._reach = reach
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore.NetworkStream:
        for address in self._checked(host, port):
            try:
                stream = self._sockets.connect_tcp(str(address), port, self._deadline.left())
            except httpcore.ConnectError:
                continue  # many sites also have an address of version 6 that we cannot reach
            return TimedStream(stream, self._deadline)
        raise Unreachable(Why.NO_ANSWER)

    def _checked(self, host: str, port: int) -> Sequence[Address]:
        addresses = self._resolved(host, port)
        if not addresses:
            raise Unreachable(Why.NO_SUCH_SITE)
        if not all(self._reach.permits(address) for address in addresses):
            raise Unreachable(Why.INSIDE)
        return addresses

    def _resolved(self, host: str, port: int) -> Sequence[Address]:
        """The system's resolver knows no time limit, so it is waited for from outside."""
        thread = ThreadPoolExecutor(max_workers=1)
        try:
            asked = thread.submit(self._reach.resolve, host, port)
            return asked.result(timeout=self._deadline.left())
        except TimeoutError:
            raise Unreachable(Why.TOO_SLOW) from None
        except (OSError, ValueError):  # unknown, or not a possible name at all
            raise Unreachable(Why.NO_SUCH_SITE) from None
        finally:
            thread.shutdown(wait=False)


class TimedStream(httpcore.NetworkStream):
    """A connection whose every wait ends with the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
