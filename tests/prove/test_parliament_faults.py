"""Two hundred made-up histories of mishaps, each of which ends equal to a clean reading."""

from typing import Any

import pytest

from tests.campaigns.parliament.conftest import read_until_complete
from tests.campaigns.parliament.replay import Faults, Replay, replayed
from tests.campaigns.parliament.test_faults import (
    everything,
    forgotten,
    published_in_print,
    read_one_that_goes,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SCRIPTS = 200
AMENDMENTS = 45  # more than two pages of a list, and some of each kind
SPONSORS = 88  # of all but the last
A_LARGE_BILL = 2_000


@pytest.fixture(scope="module")
def server():
    """Its last amendment is at another stage, and one that was read before is gone from it."""
    with replayed(published_in_print(AMENDMENTS - 1, people=12)) as running:
        yield running


@pytest.fixture(scope="module")
def clean() -> list[Any]:
    """Filled by the first test: reading needs a database, which a module's fixture has not."""
    return []


def read_cleanly(server: Replay) -> list[Any]:
    server.faults = Faults()
    with forgotten():
        read_until_complete(server)
        return everything()


# A test for each: PostgreSQL cleans up behind a transaction that was undone, not within one.
@pytest.mark.parametrize("seed", range(SCRIPTS))
def test_a_history_of_faults_ends_equal_to_a_clean_reading(seed, server, clean):
    read_one_that_goes()
    if not clean:
        clean += read_cleanly(server)
    assert [len(kind) for kind in clean] == [AMENDMENTS + 1, AMENDMENTS + 1, SPONSORS, 12, 1, 2]
    share = 0.06 + 0.04 * (seed % 10)
    server.faults = Faults(seed=seed, share=share, most=20 * (seed % 25 + 1))

    read_until_complete(server, most=60)

    assert everything() == clean
    assert server.faults.done


def test_so_does_that_of_a_bill_with_two_thousand_amendments():
    with replayed(published_in_print(A_LARGE_BILL - 1)) as server:
        large = read_cleanly(server)
        server.faults = Faults(seed=1, share=0.1, most=400)

        read_until_complete(server, most=60)

        assert len(large[0]) == A_LARGE_BILL
        assert everything() == large
        assert len(server.faults.done) > 200
