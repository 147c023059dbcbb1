"""Fetches a page or file from the public web, and from nowhere else.

Below httpx lies httpcore, which is used here directly: it knows no proxies, cookies, passwords or
redirects of its own, and lets the connection be ours (see publishing/outward).
"""

from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus

import httpcore
import httpx

from evidence.refusing import Refused
from evidence.snapshots.connecting import NO_ANSWER, SENTENCES, TOO_SLOW, Policy
from evidence.snapshots.unpacking import unpacked
from publishing.outward.connecting import CheckedNetwork, Deadline, Unreachable

__all__ = ["Fetched", "Policy", "fetch"]

DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_ADDRESS = 2_000
REDIRECTS = {301, 302, 303, 307, 308}
HEADERS = {
    "User-Agent": "Attest/1 (keeps copies of cited sources)",
    "Accept": "text/html, application/pdf, text/plain, */*;q=0.5",
    "Accept-Encoding": "gzip",
}


@dataclass(frozen=True)
class Fetched:
    """What a site sent: `url` was asked for, `final_url` answered, after any redirects."""

    url: str
    final_url: str
    content_type: str
    body: bytes
    encoding: str  # as the site declares it; empty where it does not


@dataclass(frozen=True)
class Redirect:
    to: httpx.URL


def fetch(url: str, *, policy: Policy | None = None) -> Fetched:
    """Raises Refused, with a sentence for the officer, unless the whole of it arrives."""
    try:
        return _fetch(url, policy or Policy())
    except Unreachable as error:
        raise Refused(SENTENCES[error.why]) from error


def _fetch(url: str, policy: Policy) -> Fetched:
    network = CheckedNetwork(policy, Deadline(policy.seconds))
    target = _web_address(url, policy)
    # No connection is kept, so that each hop opens its own and is checked.
    with httpcore.ConnectionPool(network_backend=network, max_keepalive_connections=0) as pool:
        for _ in range(policy.redirects + 1):
            answer = _ask(pool, target, policy)
            if isinstance(answer, Redirect):
                target = _web_address(answer.to, policy)
            else:
                content_type, body = answer
                charset = content_type.get_content_charset("")
                kind = content_type.get_content_type()
                return Fetched(url, str(target), kind, body, charset)
    raise Refused("The site redirects on and on: paste the text instead.")


def _web_address(url: str | httpx.URL, policy: Policy) -> httpx.URL:
    """The address, if it is one that the public web could have; where it leads is checked later."""
    parsed = _parsed(url)
    if parsed.scheme not in DEFAULT_PORTS:
        raise Refused("Attest reads only addresses that begin with https:// or http://.")
    if parsed.userinfo:
        raise Refused("The address holds a user name or password: take it out.")
    port = DEFAULT_PORTS[parsed.scheme] if parsed.port is None else parsed.port
    if port not in policy.ports:
        raise Refused("The address names an unusual port: take it out, or paste the text instead.")
    return parsed


def _parsed(url: str | httpx.URL) -> httpx.URL:
    malformed = "This is not a web address: copy it from the browser, beginning with https://."
    try:
        parsed = httpx.URL(url.strip() if isinstance(url, str) else url)
    except httpx.InvalidURL:
        raise Refused(malformed) from None
    if len(str(parsed)) > LONGEST_ADDRESS or (
        parsed.scheme in DEFAULT_PORTS and not parsed.raw_host
    ):
        raise Refused(malformed)
    return parsed


def _ask(
    pool: httpcore.ConnectionPool, url: httpx.URL, policy: Policy
) -> Redirect | tuple[Message, bytes]:
    target = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    headers = [*HEADERS.items(), ("Host", url.netloc.decode("ascii"))]
    try:
        with pool.stream("GET", target, headers=headers) as response:
            return _answer(response, url, policy)
    except httpcore.TimeoutException:
        raise Refused(TOO_SLOW) from None
    except httpcore.ConnectError:  # after the connection itself: the certificate is at fault
        raise Refused(
            "The site cannot prove that it is the one it says: paste the text instead."
        ) from None
    except httpcore.NetworkError:
        raise Refused(NO_ANSWER) from None
    except httpcore.ProtocolError:
        raise Refused(
            "The site's answer breaks off or is garbled: paste the text instead."
        ) from None


def _answer(
    response: httpcore.Response, url: httpx.URL, policy: Policy
) -> Redirect | tuple[Message, bytes]:
    headers = _headers(response)
    if response.status in REDIRECTS and headers["Location"]:
        return Redirect(_joined(url, headers["Location"]))
    if response.status != HTTPStatus.OK:
        raise Refused(_not_ok(response.status))
    body = unpacked(response.iter_stream(), headers.get("Content-Encoding", ""), policy.largest)
    if not body.strip():
        raise Refused("The site sent an empty page: paste the text instead.")
    return headers, body


def _headers(response: httpcore.Response) -> Message:
    """As an e-mail's, since that knows how a content type is quoted and parted."""
    message = Message()
    for name, value in response.headers:
        message[name.decode("latin-1")] = value.decode("latin-1")
    return message


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return url.join(location)
    except httpx.InvalidURL:
        raise Refused(
            "The site redirects to no possible address: paste the text instead."
        ) from None


def _not_ok(status: int) -> str:
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return "The site has no such page any more: check the address, or paste the text you have."
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}:
        return "The site does not let Attest read this page: paste the text instead."
    return f"The site answered with error {status}: try again later, or paste the text instead."
