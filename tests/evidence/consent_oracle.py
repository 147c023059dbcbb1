"""What must be so of consents, copies and the website: plain Python, and no code of ours."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from evidence.models import Channel

PACK, SITE = Channel.BRIEFING_PACK.value, Channel.WEBSITE_FEED.value


@dataclass
class Given:
    """A consent as the oracle knows it."""

    lists: set[str]
    permits: dict[str, int]
    state: str = "given"
    paused_by: set[str] = field(default_factory=set)
    over: bool = False
    taken_back: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)
    renewed: int | None = None  # the number of the one that this one took the place of

    @property
    def is_in_force(self) -> bool:
        return self.state == "given"

    @property
    def is_paused(self) -> bool:
        return self.is_in_force and bool(self.paused_by)

    def allows(self, account: str, channel: str) -> int:
        """How far it lets somebody be recognised so; nought where it does not permit it."""
        covers = account in self.lists - self.taken_back and channel not in self.denied
        return self.permits.get(channel, 0) if covers else 0


@dataclass
class Words:
    account: str
    identity: int
    text: str
    cleared: bool = True
    recalled: bool = False  # for good, rather than because newer words took their place


@dataclass
class Held:
    """A copy that somebody has, or the website's item."""

    account: str
    words: Words
    consent: int
    recalled: bool = False


class Oracle:
    """What must be so: the promises of docs/consent.md, in plain Python."""

    def __init__(self) -> None:
        self.consents: list[Given] = []
        self.words: list[Words] = []
        self.copies: list[Held] = []
        self.shown: dict[str, Held] = {}
        self.stopped: dict[str, set[str]] = {"one": set(), "two": set()}
        self.erased = False

    def fitting(self, account: str, channel: str) -> Held | None:
        """The words that tell most of what a live consent permits, the newest of these."""
        if self.stopped[account]:
            return None
        found = [
            (words.identity, age, number)
            for number, consent in enumerate(self.consents)
            for age, words in enumerate(self.words)
            if consent.is_in_force
            and not consent.is_paused
            and not consent.over
            and words.account == account
            and words.cleared
            and words.identity <= consent.allows(account, channel)
        ]
        if not found:
            return None
        _, age, number = max(found)
        return Held(account, self.words[age], number)

    def line(self, number: int) -> set[int]:
        """A consent, those in whose place it stands, and those that ran out of an account of it."""
        found: set[int] = set()
        waiting = {number}
        while waiting:
            found |= waiting
            waiting = {
                other for one in waiting for other in self._before(self.consents[one])
            } - found
        return found

    def _before(self, later: Given) -> set[int]:
        found = {
            number
            for number, one in enumerate(self.consents)
            if one.over and one.is_in_force and one.lists & later.lists
        }
        replaced = later.renewed
        if replaced is not None and self.consents[replaced].state == "replaced":
            found.add(replaced)
        return found

    def call_back(self, taken: Iterable[Held], shown: Iterable[Held]) -> None:
        for held in list(taken):
            held.recalled = True
        for held in list(shown):
            del self.shown[held.account]

    def out(self, numbers: set[int]) -> tuple[list[Held], list[Held]]:
        copies = [held for held in self.copies if held.consent in numbers and not held.recalled]
        return copies, [held for held in self.shown.values() if held.consent in numbers]

    def put_back(self, were: Iterable[str]) -> None:
        for account in were:
            if account not in self.shown and (held := self.fitting(account, SITE)):
                self.shown[account] = held

    def check_all(self) -> None:
        """What an account is stopped for takes back all of it."""
        for account, why in self.stopped.items():
            if why:
                self.call_back(
                    [held for held in self.copies if held.account == account],
                    [held for held in self.shown.values() if held.account == account],
                )
