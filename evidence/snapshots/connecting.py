"""How far the fetcher goes, and what it says where the guard of the ground floor stops it."""

from dataclasses import dataclass

from publishing.outward.connecting import Reach, Why

INSIDE = (
    "This address leads into a private network, which Attest does not read: "
    "check the address, or paste the text instead."
)
NO_SUCH_SITE = "No site has this address: check its spelling, or paste the text instead."
NO_ANSWER = "The site does not answer: try again later, or paste the text instead."
TOO_SLOW = "The site took too long to answer: try again later, or paste the text instead."
SENTENCES = {
    Why.INSIDE: INSIDE,
    Why.NO_SUCH_SITE: NO_SUCH_SITE,
    Why.NO_ANSWER: NO_ANSWER,
    Why.TOO_SLOW: TOO_SLOW,
}


@dataclass(frozen=True, kw_only=True)
class Policy(Reach):
    """The defaults are meant for every page there is; `seconds` hold for redirects too."""

    largest: int = 10_000_000  # bytes, packed or unpacked
    redirects: int = 5
    ports: frozenset[int] = frozenset({80, 443})
