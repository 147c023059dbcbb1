"""A withdrawal against publishing and issuing: whichever comes first, nothing is left behind."""

import os
from collections.abc import Callable, Iterator

import psycopg
import pytest

from evidence import website
from publishing import publication
from tests.prove import racing

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = int(os.environ.get("ATTEST_RACE_ROUNDS", "1000"))
KINDS = [racing.Publishing, racing.Issuing]
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
def race(login_as, said) -> Callable[..., racing.Tally]:
    feeds = [login_as("feed") for _ in range(racing.IN_FLIGHT)]

    def run(kind, endings, rounds, **options) -> racing.Tally:
        tally = racing.race(kind(), endings, rounds, feeds=feeds, said=said, **options)
        said(f"{kind.__name__.lower()} against {_names(endings)}: {tally}")
        return tally

    return run


def _names(endings: list[racing.Ending]) -> str:
    return endings[0].name if len(endings) == 1 else f"{len(endings)} endings"


def test_every_way_of_calling_back_is_raced(owner) -> None:
    """Walks the catalogue: a new rule that calls uses back needs an ending in racing.ENDINGS."""
    callers = {name for (name,) in owner.execute(CALLERS).fetchall()}

    raced = [racing.WITHDRAW, racing.VOID, *racing.ENDINGS]
    assert callers == {ending.through for ending in raced}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "endings", [[racing.WITHDRAW], racing.ENDINGS], ids=["withdraw", "every other ending"]
)
def test_whatever_comes_first_nothing_is_left_behind(owner, race, kind, endings) -> None:
    tally = race(kind, endings, ROUNDS)

    assert (tally.wrong, dict(tally.failed), tally.rounds) == ([], {}, ROUNDS)
    # It was a race: both came first, and often enough.
    assert tally.overlapped > ROUNDS / 4
    assert min(tally.came["used"], ROUNDS - tally.came["used"]) > ROUNDS / 20


def test_a_waiver_that_is_voided_leaves_nothing_behind(owner, race) -> None:
    tally = race(racing.Naming, [racing.VOID], ROUNDS // 5)

    assert (tally.wrong, dict(tally.failed)) == ([], {})


# Mutants: without a lock the same race has to find what slips through.


@pytest.mark.parametrize("kind", [racing.PublishingFirst, racing.Issuing])
def test_without_the_row_locks_it_is_seen(owner, race, kind, monkeypatch) -> None:
    monkeypatch.setattr(website, "_locked", _locked_without_the_consents)

    with racing.without_lock(owner, "testimony_use_is_covered", None):
        tally = race(kind, [racing.WITHDRAW], ROUNDS, enough=3, widened=1)

    assert len(tally.wrong) > 0


def test_each_single_lock_is_needed(owner, race, said, monkeypatch) -> None:
    """Walks the catalogue: a lock in those functions that no race needs is not tested."""
    monkeypatch.setattr(website, "_locked", _locked_without_the_consents)
    survivors = []
    for function, place, words in racing.locks_of(owner):
        with racing.without_lock(owner, function, place):
            said(f"without “{words}” in {function}")
            tally = race(racing.PublishingFirst, racing.IN_SQL, ROUNDS, enough=1, widened=1)
        if not tally.wrong:
            survivors.append((function, words))

    assert survivors == []


def test_the_rule_alone_holds_without_the_lock_of_our_own_code(owner, race, monkeypatch) -> None:
    monkeypatch.setattr(website, "_locked", _locked_without_the_consents)

    tally = race(racing.Publishing, [racing.WITHDRAW], ROUNDS // 5)

    assert tally.wrong == []


def _locked_without_the_consents(testimony) -> list:
    standing = list(testimony.uses.live_on_website().order_by("pk").select_for_update())
    publication.take_turns([testimony.public_id])
    return standing
