"""Manners and mishaps of the client, against a server that misbehaves to order."""

import pytest

from campaigns.parliament.client import (
    Client,
    Manners,
    NoAnswer,
    NotThere,
    Unreadable,
    Validators,
)
from evidence.refusing import Refused
from tests.campaigns.parliament.replay import Faults, replayed
from tests.campaigns.parliament.world import BILL, World


class Script(Faults):
    """These faults in this order, then none."""

    def __init__(self, *faults: str) -> None:
        super().__init__()
        self.left = list(faults)

    def next(self, path: str) -> str:
        return self.left.pop(0) if self.left else ""


def asked(*faults: str, tries: int = 4, **manners: float) -> tuple[object, list[float]]:
    waits: list[float] = []
    how = Manners(pause=0, first_wait=8, tries=tries, sleep=waits.append, **manners)
    with replayed(World(), Script(*faults)) as server, Client(server.url, how) as client:
        answer = client.get(client.url(f"/Bills/{BILL}"), lambda said: said["shortTitle"])
    return answer.content, [wait for wait in waits if wait]


@pytest.mark.parametrize("fault", ["html", "500", "429", "cut", "half", "429 with a date"])
def test_a_mishap_is_tried_again_after_a_wait(fault):
    content, waits = asked(fault, fault)

    assert content == "Made-up Bill"
    assert len(waits) == 2
    assert 6 <= waits[0] <= 10
    assert 12 <= waits[1] <= 20


def test_where_nobody_ever_opened_it_is_told_after_two_tries():
    with replayed(World()) as server:
        closed = server.url
    waits: list[float] = []

    how = Manners(pause=0, first_wait=8, tries=7, sleep=waits.append)
    with (
        Client(closed, how) as client,
        pytest.raises(NoAnswer, match="no connection to it could be made"),
    ):
        client.get(client.url(f"/Bills/{BILL}"), lambda said: said)

    assert len([wait for wait in waits if wait]) == 1


def test_waits_are_bounded():
    _, waits = asked("500", "500", "500", longest_wait=9)

    assert max(waits) <= 9


def test_it_gives_up_in_one_sentence():
    with pytest.raises(NoAnswer, match="it answered with something that is not JSON"):
        asked("html", "html", tries=2)


def test_nothing_there_is_not_asked_twice():
    with replayed(World()) as server, Client(server.url, Manners(pause=0)) as client:
        with pytest.raises(NotThere):
            client.get(client.url("/Bills/1"), lambda said: said)
        assert len(server.asked) == 1


def test_what_is_held_is_not_sent_again():
    with replayed(World()) as server, Client(server.url, Manners(pause=0)) as client:
        url = client.url(f"/Bills/{BILL}")
        first = client.get(url, lambda said: said)
        again = client.get(url, lambda said: said, first.validators)

    assert again.content is None
    assert again.validators == first.validators != Validators()


def test_an_answer_beyond_measure_is_not_read():
    with (
        replayed(World()) as server,
        Client(server.url, Manners(pause=0, largest=20)) as client,
        pytest.raises(NoAnswer, match="too large"),
    ):
        client.get(client.url(f"/Bills/{BILL}"), lambda said: said)


def test_another_shape_counts_as_a_mishap():
    def read(_said: object) -> object:
        raise Unreadable("it answered with something that is not a bill")

    with (
        replayed(World()) as server,
        Client(server.url, Manners(pause=0, tries=2, first_wait=0)) as client,
        pytest.raises(NoAnswer, match="not a bill"),
    ):
        client.get(client.url(f"/Bills/{BILL}"), read)


@pytest.mark.parametrize("address", ["", "ftp://x", "bills-api", "http://", "http://[::1"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(Refused, match="is not the web address of an API"):
        Client(address)
