"""Parliament's API where the settings say it is, and how it is treated."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from campaigns.models import Bill, SyncRun, SyncState
from campaigns.parliament.client import Client, Manners
from campaigns.parliament.sync import find_bill, sync

TURN = 45.0  # seconds of the worker at a time: it has more urgent things to do
TRIES_IN_A_TURN = 3


def manners(**others: Any) -> Manners:
    """All waits follow from one setting, so that a copy of the API on this machine needs none."""
    pause = settings.PARLIAMENT_PAUSE
    return Manners(pause=pause, first_wait=4 * pause, **others)


@contextmanager
def clients(
    bills_api: str, members_api: str, how: Manners
) -> Iterator[tuple[Client, Client | None]]:
    """Without an address of its own the members' API is not asked."""
    with Client(bills_api, how) as bills:
        if not members_api:
            yield bills, None
            return
        with Client(members_api, how) as members:
            yield bills, members


def sync_by_number(parliament_id: int, *, bills_api: str = "", members_api: str = "") -> SyncRun:
    """All of a bill; whoever names another copy of the bills names that of the members too."""
    members = members_api or ("" if bills_api else settings.PARLIAMENT_MEMBERS_API)
    with clients(bills_api or settings.PARLIAMENT_BILLS_API, members, manners()) as (bills, people):
        return sync(find_bill(parliament_id, bills), bills, people)


def sync_for_a_turn(bill: Bill, *, thorough: bool) -> bool:
    """As the worker does it; whether it ended, or needs another turn."""
    how = manners(tries=TRIES_IN_A_TURN)
    apis = settings.PARLIAMENT_BILLS_API, settings.PARLIAMENT_MEMBERS_API
    with clients(*apis, how) as (bills, people):
        run = sync(bill, bills, people, thorough=thorough, seconds=TURN)
    return run.state != SyncState.RUNNING
