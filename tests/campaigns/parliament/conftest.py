"""A reading of the made-up Parliament for the tests, without a pause."""

import math
from collections.abc import Callable

import pytest

from campaigns.models import Bill, SyncRun, SyncState
from campaigns.parliament.client import Client, Manners
from campaigns.parliament.sync import find_bill, sync
from tests.campaigns.parliament.replay import Replay
from tests.campaigns.parliament.world import BILL

AT_ONCE = Manners(pause=0, first_wait=0, longest_wait=0, sleep=lambda _: None)

type Read = Callable[..., SyncRun]


def read_all(
    server: Replay, *, thorough: bool = True, members: bool = True, seconds: float = math.inf
) -> SyncRun:
    with Client(server.url, AT_ONCE) as client, Client(server.url, AT_ONCE) as people:
        bill, asked = find_bill(BILL, client), people if members else None
        return sync(bill, client, asked, thorough=thorough, seconds=seconds)


def read_until_complete(server: Replay, *, most: int = 20) -> SyncRun:
    for _ in range(most):
        run = read_all(server)
        if run.state == SyncState.COMPLETE:
            return run
    raise AssertionError(run.failures)


@pytest.fixture
def bill(db: None) -> Bill:
    """The made-up bill, of which nothing was read yet."""
    from tests import factories as make

    return Bill.objects.create(
        parliament_id=BILL,
        slug="made-up",
        title="Made-up Bill",
        last_edited_by=make.user("officer"),
    )
