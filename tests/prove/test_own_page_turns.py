"""Two who hold links of one person and press at the same moment get no more than one who asks.

Each is tried with the lock that sees to it and without: then it fails, so the trial can tell.
"""

from datetime import timedelta

import psycopg
import pytest
from django.utils import timezone

from evidence.models import Contributor, LinkFor, OwnPageCode, OwnPageLink
from evidence.own_page import codes, links
from tests import factories as make
from tests.prove import turns
from tests.prove.turns import Held

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("locked", [True, False], ids=["locked", "without the lock"]),
]


@pytest.fixture
def owner(login_as) -> psycopg.Connection:
    return login_as("owner")


@pytest.fixture(autouse=True)
def lock(monkeypatch, locked: bool) -> None:
    if not locked:
        for module in (links, codes):
            monkeypatch.setattr(module, "one_asker_at_a_time", lambda contributor: None)


@pytest.fixture
def person() -> Contributor:
    return Contributor.objects.create(label="Somebody", is_fictional=True)


def link_of(person: Contributor, *, lasts: timedelta = timedelta(days=1)) -> OwnPageLink:
    links.make_link(person, LinkFor.CONTRIBUTOR, by=make.user("lead"), lasts=lasts)
    return person.own_page_links.select_related("contributor").latest("made_at")


def at_once(owner, one, other) -> None:
    """The other comes after the one has written and before it is committed."""
    assert turns.in_turns(owner, one, other, Held.BEFORE_ITS_COMMIT) == ("done", "done")


def test_no_more_codes_are_made(owner, person, locked) -> None:
    one, other = link_of(person), link_of(person)
    for _ in range(codes.SENDS_AN_HOUR - 1):
        assert codes.make_code(one)

    at_once(owner, lambda: codes.make_code(one), lambda: codes.make_code(other))

    assert (OwnPageCode.objects.count() == codes.SENDS_AN_HOUR) == locked


def test_no_more_links_are_made(owner, person, locked) -> None:
    one, other = (link_of(person, lasts=timedelta()) for _ in range(2))
    for _ in range(links.NEW_LINKS_A_DAY - 1):
        assert links.renew(one)

    at_once(owner, lambda: links.renew(one), lambda: links.renew(other))

    made = OwnPageLink.objects.filter(made_by=None).count()
    assert (made == links.NEW_LINKS_A_DAY) == locked


@pytest.mark.parametrize("ends_first", [True, False], ids=["ended first", "renewed first"])
def test_once_the_links_are_ended_none_opens(owner, person, locked, ends_first) -> None:
    old = link_of(person, lasts=timedelta())
    acts = [lambda: links.end_links(person), lambda: links.renew(old)]

    at_once(owner, *(acts if ends_first else reversed(acts)))

    opens = OwnPageLink.objects.filter(ended_at=None, expires_at__gt=timezone.now())
    assert opens.exists() != locked
