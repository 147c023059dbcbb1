"""Removals are told for 400 days; who comes later is told to start again, and nobody else is."""

import psycopg
import pytest
from django.db import connection
from psycopg import errors

from publishing import publication
from publishing.models import Change, Counter
from publishing.tasks import prune_removals
from tests.publishing import making
from tests.publishing.test_changes import Consumer
from tests.refusing import refused_by_grant, run_as_owner

pytestmark = pytest.mark.django_db

CHANGES = "/api/v1/changes/"


def aged(days: int, up_to: int) -> None:
    sql = "UPDATE publishing_change SET at = at - make_interval(days => %s) WHERE seq <= %s"
    run_as_owner(sql, days, up_to)


@pytest.fixture
def consumer(read) -> Consumer:
    return Consumer(read)


def seqs() -> list[int]:
    return list(Change.objects.values_list("seq", flat=True))


def test_after_400_days_a_removal_and_what_came_before_it_are_forgotten() -> None:
    for name in "ab":
        making.written(name)
    making.removed("a")
    making.written("c")
    making.removed("c")
    aged(401, up_to=3)

    assert publication.prune() == 2
    assert seqs() == [2, 4, 5]
    assert Counter.objects.get().pruned_seq == 3


def test_at_399_days_nothing_is(consumer) -> None:
    making.written("a")
    making.removed("a")
    aged(399, up_to=2)

    prune_removals.func()

    assert seqs() == [1, 2]
    assert Counter.objects.get().pruned_seq == 0


def test_who_comes_later_than_that_starts_again(read, consumer) -> None:
    making.written("a")
    making.written("b")
    consumer.follow()
    making.removed("a")
    aged(401, up_to=3)
    publication.prune()

    response = read(f"{CHANGES}?since={consumer.token}")

    assert (response.status_code, response.json()) == (
        410,
        {
            "type": "http://localhost:8000/api/v1/docs/#resync",
            "title": "Start again from the beginning",
            "status": 410,
            "detail": "Removals are told for 400 days, and this token is older: "
            "ask without `since` and replace your copy.",
        },
    )


def test_who_had_heard_of_it_goes_on(consumer) -> None:
    making.written("a")
    making.written("b")
    making.removed("a")
    consumer.follow()
    aged(401, up_to=3)
    publication.prune()
    making.written("c")

    consumer.follow()

    assert consumer.titles() == ["The b", "The c"]


def test_who_begins_after_it_reads_page_by_page_to_the_end(consumer) -> None:
    for name in "abcde":
        making.written(name)
    making.removed("d")
    aged(401, up_to=6)
    publication.prune()

    consumer.follow(1)

    assert consumer.titles() == ["The a", "The b", "The c", "The e"]


def test_who_was_still_beginning_when_it_was_removed_starts_again(read, consumer) -> None:
    for name in "abc":
        making.written(name)
    consumer.page(1)
    making.removed("a")
    aged(401, up_to=4)
    publication.prune()

    assert read(f"{CHANGES}?since={consumer.token}").status_code == 410


def test_the_app_forgets_nothing_by_itself() -> None:
    making.written("a")
    making.removed("a")

    with refused_by_grant():
        Change.objects.filter(seq=2).delete()


@pytest.mark.django_db(transaction=True)
def test_the_website_s_login_may_not_prune(login_as) -> None:
    feed: psycopg.Connection = login_as("feed")

    with pytest.raises(errors.InsufficientPrivilege):
        feed.execute("SELECT public.publishing_prune()")


def test_it_does_not_run_in_whatever_path_its_caller_set() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig FROM pg_proc WHERE proname IN ('publishing_prune', "
            "'publishing_totals_are_kept', 'publishing_cuts', 'publishing_pairs')"
        )
        found = cursor.fetchall()

    assert len(found) == 4
    assert all(config and config[0].startswith("search_path=") for _, config in found)
