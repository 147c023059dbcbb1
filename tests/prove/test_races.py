"""A withdrawal against publishing and issuing: whichever comes first, nothing is left behind."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from evidence import website
from publishing import publication
from tests.prove import acting, endings, locks, racing

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = int(os.environ.get("ATTEST_RACE_ROUNDS", "1000"))
KINDS = [acting.Publishing, acting.Issuing]
CALLERS = """
    SELECT proname FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype
        AND prosrc ~ 'call_back_uses\\('
"""


@pytest.fixture
def owner(login_as) -> Iterator[psycopg.Connection]:
    connection = login_as("owner")
    with racing.widening(connection):
        yield connection


@pytest.fixture
def said(capfd) -> Callable[[str], None]:
    def say(line: str) -> None:
        with capfd.disabled():
            print(f"\n{line}", end="", flush=True)  # noqa: T201 - progress

    return say


@pytest.fixture(autouse=True)
def files_of_the_test(settings, tmp_path) -> None:
    settings.PACKS = tmp_path / "packs"


@pytest.fixture
def race(owner, login_as, said) -> Callable[..., racing.Tally]:
    feeds = [login_as("feed") for _ in range(racing.IN_FLIGHT)]

    def run(kind, endings, rounds, **options) -> racing.Tally:
        tally = racing.race(kind(), endings, rounds, feeds=feeds, said=said, **options)
        said(f"{kind.__name__.lower()} against {_names(endings)}: {tally}")
        return tally

    return run


def _names(endings: list[endings.Ending]) -> str:
    return endings[0].name if len(endings) == 1 else f"{len(endings)} endings"


def test_every_way_of_calling_back_is_raced(owner) -> None:
    """Walks the catalogue: a new rule that calls uses back needs an ending in endings.ENDINGS."""
    callers = {name for (name,) in owner.execute(CALLERS).fetchall()}

    raced = [endings.WITHDRAW, endings.VOID, *endings.ENDINGS]
    assert callers == {ending.through for ending in raced}


@pytest.mark.parametrize("kind", KINDS)
def test_a_withdrawal_leaves_nothing_behind(race, kind) -> None:
    _is_raced(race(kind, [endings.WITHDRAW], ROUNDS), ROUNDS)


@pytest.mark.parametrize("kind", KINDS)
def test_nor_does_any_other_ending(race, kind) -> None:
    """Fewer, since in turns each of them is seen in every order: test_turns.py."""
    _is_raced(race(kind, endings.ENDINGS, ROUNDS // 4), ROUNDS // 4)


def _is_raced(tally: racing.Tally, rounds: int) -> None:
    assert (tally.wrong, dict(tally.failed), tally.rounds) == ([], {}, rounds)
    # It was a race: both came first, and often enough.
    assert tally.overlapped > rounds / 4
    assert min(tally.came["used"], rounds - tally.came["used"]) > rounds / 20


def test_a_waiver_that_is_voided_leaves_nothing_behind(race) -> None:
    tally = race(acting.Naming, [endings.VOID], ROUNDS // 5)

    assert (tally.wrong, dict(tally.failed)) == ([], {})


# A mutant: without the locks the same race has to find what slips through. Which single lock is
# needed for what is not left to chance: test_turns.py.


@pytest.mark.parametrize("kind", [acting.PublishingFirst, acting.Issuing])
def test_without_the_row_locks_it_is_seen(owner, race, kind, monkeypatch) -> None:
    monkeypatch.setattr(website, "_locked", _locked_without_the_consents)

    with locks.without_locks_of(owner, "testimony_use_is_covered"), _without_the_listings(owner):
        tally = race(kind, [endings.WITHDRAW], ROUNDS, enough=3, widened=1)

    assert len(tally.wrong) > 0


@contextmanager
def _without_the_listings(owner: psycopg.Connection) -> Iterator[None]:
    """Beside the locks: each listing follows its consent's state, and where a trigger stands before
    that PostgreSQL locks its row first, for which a use's foreign key then waits.
    """
    [(text,)] = owner.execute(
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger "
        "WHERE tgname = 'consent_listing_is_withdrawn_once'"
    ).fetchall()
    owner.execute("DROP TRIGGER consent_listing_is_withdrawn_once ON evidence_consenttestimony")
    try:
        yield
    finally:
        owner.execute(text)


def test_the_rule_alone_holds_without_the_lock_of_our_own_code(race, monkeypatch) -> None:
    monkeypatch.setattr(website, "_locked", _locked_without_the_consents)

    tally = race(acting.Publishing, [endings.WITHDRAW], ROUNDS // 5)

    assert tally.wrong == []


def _locked_without_the_consents(testimony) -> list:
    standing = list(testimony.uses.live_on_website().order_by("pk").select_for_update())
    publication.take_turns([testimony.public_id])
    return standing
