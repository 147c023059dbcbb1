"""How much one address may ask of the database: what the page cache answers is not counted.

Each process counts for itself. Addresses of this machine are not counted, since they are either
ours or those of a proxy, before which all readers look alike: FEED_ADDRESS_HEADER names the header
in which that proxy puts the reader's own.
"""

import threading
import time
from collections import OrderedDict

from django.conf import settings
from django.http import HttpRequest

from publishing.api.problems import Problem

MOST_ADDRESSES = 10_000
_OURS = ("127.", "::1", "unix:")

_tokens: OrderedDict[str, tuple[float, float]] = OrderedDict()
_lock = threading.Lock()


def admit(request: HttpRequest) -> None:
    """Raises a problem where this address has asked for more than its share."""
    rate = settings.FEED_RATE
    address = _address(request)
    if not rate or not address:
        return
    wait = _take(address, rate, time.monotonic())
    if wait > 0:
        raise Problem("throttled", 429, f"Ask again in {wait:.0f} seconds.", retry_after=wait)


def _take(address: str, rate: float, now: float) -> float:
    """A bucket that holds a minute's share and fills evenly; how long to wait for the next."""
    with _lock:
        left, at = _tokens.pop(address, (float(rate), now))
        left = min(float(rate), left + (now - at) * rate / 60)
        wait = 0.0 if left >= 1 else max(1.0, (1 - left) * 60 / rate)
        _tokens[address] = (left - 1 if wait == 0.0 else left, now)
        while len(_tokens) > MOST_ADDRESSES:
            _tokens.popitem(last=False)
    return wait


def _address(request: HttpRequest) -> str:
    header = settings.FEED_ADDRESS_HEADER
    if header:
        return request.headers.get(header, "").rpartition(",")[2].strip()
    direct: str = request.META.get("REMOTE_ADDR", "")
    return "" if direct.startswith(_OURS) else direct
