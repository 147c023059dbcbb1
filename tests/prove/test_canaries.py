"""A canary in every hidden text, over every state of a consent; every page as every role.

Who may not view a model is told none of its texts; the vault's are told to nobody.
"""

import logging
import time
from collections.abc import Callable, Iterator

import pytest
from django.contrib import admin
from django.test import Client

from evidence.own_page import codes
from tests.prove import addresses, visiting
from tests.prove import canary_world as world

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

# What must be seen by whoever may: a walk past nothing would prove nothing.
SEEN = {
    "contributor-label",
    "testimony-title",
    "testimonyversion-text",
    "testimonyversion-attribution",
    "anonymitywaiver-matter",
    "recalltask-note",
    "vaultlook-because",
    "membercontact-email",
    "notice-text",
    "source-review_note",
    "user-email",
}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def said(capfd) -> Callable[[str], None]:
    def say(line: str) -> None:
        with capfd.disabled():
            print(f"\n{line}", end="", flush=True)  # noqa: T201 - progress

    return say


def test_nobody_is_told_what_their_role_may_not_read(said) -> None:
    world.build(world.STATES)
    desk, choosers, feed = addresses.desk(), list(addresses.choosers()), addresses.feed()
    leaks, oracles, seen, failed, count = set(), set(), set(), set(), 0

    for turn, who in enumerate(visiting.WHO):
        started, visitor = time.monotonic(), visiting.Visitor(who)
        for address in [*desk, *addresses.searches()]:
            visitor.ask(address)
        for address in choosers[:: 2 if visitor.user else 20]:
            visitor.ask(address)
        for address in feed if who == visiting.NOBODY else feed[::10]:
            visitor.ask(address)
        oracles |= {(who, each) for each in _asked_of_lists(visitor, turn)}
        _broken(visitor, [*desk[::40], *feed[::60]])
        _by_other_methods(visitor, feed[::20])
        leaks, seen, failed = leaks | visitor.leaks, seen | visitor.seen, failed | visitor.failed
        count += visitor.count
        for address, _, what in sorted(visitor.leaks):
            said(f"  {address} tells {who}: {what}")
        took = time.monotonic() - started
        said(f"{who}: {visitor.count} answers in {took:.0f} s, {sorted(visitor.statuses.items())}")
    said(f"{count} answers about {len(world.STATES)} states as {len(visiting.WHO)} people\n")

    assert sorted(leaks) == []
    assert sorted(oracles) == []
    assert sorted(failed) == []
    assert seen >= SEEN
    assert count >= 20_000


def _asked_of_lists(visitor: visiting.Visitor, turn: int) -> Iterator[str]:
    """Each address by which a list tells of a text that the visitor may not read.

    A third of what a list alone is asked is everybody's turn; two after them have the others.
    """
    for model in admin.site._registry:
        if visitor.ask(addresses.list_of(model)).status_code != 200:
            continue
        for address in list(addresses.lists(model))[turn % 3 :: 3]:
            visitor.ask(address)
        for name, matching, other in dict.fromkeys(addresses.oracles(model)):
            hidden = not visiting.may_read(visitor.user, name)
            if hidden and visitor.found_by(matching) != visitor.found_by(other):
                yield matching


def _broken(visitor: visiting.Visitor, pages: list[str]) -> None:
    with visiting.everything_breaks():
        for address in pages:
            assert visitor.ask(address, expected=500).status_code == 500


def _by_other_methods(visitor: visiting.Visitor, pages: list[str]) -> None:
    for address in pages:
        for method in ("post", "put", "delete", "head", "options"):
            visitor.ask(address, method)


def test_an_own_page_tells_of_nobody_else_and_nothing_of_the_vault(monkeypatch) -> None:
    pages = world.build(world.STATES)
    monkeypatch.setattr(codes, "opens_with", lambda *_: True)

    for state, address in pages.items():
        stranger = visiting.Visitor(visiting.NOBODY)
        for page in ("", "code", "mine", "mine/pause", "mine/withdraw", "nothing"):
            stranger.ask(f"{address}{page}")
        assert stranger.leaks == set()

        person = visiting.Visitor(visiting.NOBODY)
        person.client = Client(raise_request_exception=False)
        person.client.post(f"{address}code", {"code": "1"})
        answers = [person.ask(f"{address}{page}") for page in ("mine", "mine/pause")]
        assert answers[0].status_code == 200
        told = {what for _, _, what in person.leaks}
        assert {what for what in told if not what.endswith(f"({state})")} == set()
        assert {what.split("-")[0] for what in told} <= {"testimony", "testimonyversion"}
