"""A canary in every hidden text, and a walk past it as every role; the whole of it is slow."""

import logging
from collections.abc import Iterator

import pytest

from evidence.models import Contributor, Testimony
from tests.prove import addresses, visiting
from tests.prove import canary_world as world

pytestmark = [pytest.mark.long, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_nobody_is_told_what_their_role_may_not_read() -> None:
    world.build(["suspended"])
    people = [each for each in addresses.desk(many=1, few=1) if "/evidence/" in each]
    told = [addresses.list_of(Contributor), addresses.list_of(Testimony)]
    pages = [*told, *people[::11], *addresses.feed(full=False)[::24], *addresses.searches()]
    leaks, seen, failed, count = set(), set(), set(), 0

    for who in visiting.WHO:
        visitor = visiting.Visitor(who)
        for address in pages:
            visitor.ask(address)
        count += visitor.count
        leaks, seen, failed = leaks | visitor.leaks, seen | visitor.seen, failed | visitor.failed

    assert sorted(leaks) == []
    assert sorted(failed) == []
    assert {"contributor-label", "testimony-title"} <= seen
    assert count >= 400


@pytest.mark.parametrize("page", ["pack", "ask"])
def test_a_reader_is_not_told_which_account_was_chosen(page: str) -> None:
    world.build(["withdrawn"])
    visitor = visiting.Visitor("reader")

    shape = f"/admin/campaigns/{page}/<key>/change/"
    for address in [each for each in addresses.desk() if visiting.shape(each) == shape]:
        visitor.ask(address)

    assert visitor.count
    assert not visitor.leaks
