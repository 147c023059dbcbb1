"""What changed since: a consumer that applies each page holds what the table holds."""

import time
from datetime import timedelta
from io import StringIO
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.core import signing
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence import consenting
from publishing.models import Change, PublishedItem
from tests import factories as make
from tests.conftest import role
from tests.publishing import making
from tests.refusing import run, run_as_owner

pytestmark = pytest.mark.django_db

CHANGES = "/api/v1/changes/"


def upsert(item: PublishedItem, **more: object) -> dict[str, object]:
    return {
        "seq": item.seq,
        "op": "upsert",
        "kind": item.kind,
        "id": str(item.pk),
        "at": making.utc(item.updated_at),
        "document": making.document(item, **more),
    }


def removal(change: Change) -> dict[str, object]:
    return {
        "seq": change.seq,
        "op": "remove",
        "kind": change.kind,
        "id": str(change.item_id),
        "at": making.utc(change.at),
    }


class Consumer:
    """A website's copy of the feed, kept as the documentation says."""

    def __init__(self, read) -> None:
        self.read, self.token, self.copy = read, "", {}
        self.told: list[dict[str, Any]] = []

    def follow(self, limit: int = 100) -> list[dict[str, Any]]:
        self.told = []
        while self.page(limit)["more"]:
            pass
        return self.told

    def page(self, limit: int) -> dict[str, Any]:
        since = f"&since={self.token}" if self.token else ""
        response = self.read(f"{CHANGES}?limit={limit}{since}")
        assert response.status_code == 200, response.content
        page = orjson.loads(response.content)
        for change in page["changes"]:
            if change["op"] == "upsert":
                self.copy[change["id"]] = change["document"]
            else:
                self.copy.pop(change["id"], None)
        self.told += page["changes"]
        self.token = page["next"]
        return page

    def titles(self) -> list[str]:
        return sorted(document["title"] for document in self.copy.values())


@pytest.fixture
def consumer(read) -> Consumer:
    return Consumer(read)


def test_nothing_yet_is_followed_from_the_beginning(consumer) -> None:
    assert consumer.follow() == []

    item = making.written()
    assert consumer.follow() == [upsert(item)]
    assert consumer.follow() == []


def test_in_the_order_of_their_numbers(consumer) -> None:
    one, two = making.written("one"), making.written("two")

    assert consumer.follow() == [upsert(one), upsert(two)]


def test_what_changed_twice_is_told_once_as_it_is_now(consumer) -> None:
    making.written("one")
    two = making.written("two")
    one = making.written("one", text="now")

    assert consumer.follow() == [upsert(two), upsert(one, summary="now")]


def test_a_removal_is_id_and_time_and_never_why(consumer) -> None:
    making.written()
    consumer.follow()
    making.removed()

    assert consumer.follow() == [removal(Change.objects.last())]
    assert consumer.copy == {}


def test_what_came_and_went_in_between_is_told_as_removed(consumer) -> None:
    making.written()
    making.removed()

    assert consumer.follow() == [removal(Change.objects.last())]


def test_a_withdrawn_consent_reaches_who_follows(consumer) -> None:
    covered = making.on_website()
    consumer.follow()
    assert consumer.titles() == ["An account"]

    consenting.withdraw(covered.consent)

    assert consumer.follow() == [removal(Change.objects.last())]
    assert consumer.copy == {}


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_page_by_page_nothing_is_skipped_or_told_twice(consumer, limit: int) -> None:
    for name in "abcde":
        making.written(name)
    making.written("b", text="again")
    making.removed("d")

    told = consumer.follow(limit)

    assert [(change["seq"], change["op"]) for change in told] == [
        (1, "upsert"),
        (3, "upsert"),
        (5, "upsert"),
        (6, "upsert"),
        (7, "remove"),
    ]


def test_a_change_while_pages_are_read_is_told_in_its_turn(consumer) -> None:
    for name in "abc":
        making.written(name)
    consumer.page(1)
    making.removed("a")
    making.written("b", text="again")

    consumer.follow(1)

    assert consumer.titles() == ["The b", "The c"]
    assert consumer.copy[str(making.item_id("b"))]["summary"] == "again"


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_takes_as_many_queries_however_long(as_feed, client, rows: int) -> None:
    for name in range(rows):
        making.written(str(name))

    with as_feed(), CaptureQueriesContext(connection) as queries:
        client.get(CHANGES)

    asked = [query for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == 2


def expire(item: PublishedItem, ago: timedelta) -> None:
    """As time would; a test's transaction has one now(), and the app cannot rewrite the log."""
    at = item.expires_at - (item.expires_at - item.published_at) - ago
    with role(settings.OWNER_LOGIN):
        PublishedItem.objects.filter(pk=item.pk).update(expires_at=at)
        Change.objects.filter(seq=item.seq).update(expires_at=at)
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.APP_LOGIN}")


DAY = timedelta(days=1)


def set_counter(seq: int) -> None:
    """As a replica would have it: the counter itself only ever goes on by one."""
    run_as_owner("ALTER TABLE publishing_counter DISABLE TRIGGER USER")
    run_as_owner("UPDATE publishing_counter SET seq = %s", seq)


def test_what_has_expired_is_told_after_the_other_changes_with_its_own_number(consumer) -> None:
    lasting = making.written("lasting", expires_in=2 * DAY)
    item = making.written("passing", expires_in=DAY)
    consumer.follow()
    other = making.written("other")
    expire(item, timedelta(hours=1))
    change = Change.objects.get(seq=item.seq)

    assert consumer.follow() == [
        upsert(other),
        {**removal(change), "at": making.utc(change.expires_at)},
    ]
    assert consumer.follow() == []
    assert sorted(consumer.copy) == sorted([str(lasting.pk), str(other.pk)])


def test_what_expired_before_it_was_told_is_told_as_removed(consumer) -> None:
    item = making.written("passing", expires_in=DAY)
    making.written("other")
    expire(item, timedelta(hours=1))
    change = Change.objects.get(seq=item.seq)

    told = consumer.follow(1)

    assert told[0] == {**removal(change), "at": making.utc(change.expires_at)}
    assert [each["seq"] for each in told] == [1, 2]


def test_an_expiry_that_was_put_off_is_not_told(consumer) -> None:
    first = making.written("renewed", expires_in=DAY)
    consumer.follow()
    making.written("renewed", expires_in=2 * DAY)
    with role(settings.OWNER_LOGIN):
        Change.objects.filter(seq=first.seq).update(expires_at=make.moment(-1))
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.APP_LOGIN}")

    assert [change["op"] for change in consumer.follow()] == ["upsert"]
    assert consumer.titles() == ["The renewed"]


@pytest.mark.django_db(transaction=True)
def test_expiry_by_the_clock(consumer) -> None:
    making.written("passing", expires_in=timedelta(seconds=0.4))
    consumer.follow()
    assert consumer.titles() == ["The passing"]

    time.sleep(0.5)
    consumer.follow()

    assert consumer.titles() == []


def test_nothing_new_is_the_same_answer_and_costs_one_query(as_feed, client, consumer) -> None:
    making.written()
    consumer.follow()
    address = f"{CHANGES}?since={consumer.token}"
    with as_feed():
        first = client.get(address)
        with CaptureQueriesContext(connection) as queries:
            second = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert orjson.loads(first.content) == {"changes": [], "next": consumer.token, "more": False}
    assert second.status_code == 304
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 1


def test_after_a_restore_consumers_start_again(read, consumer) -> None:
    making.written()
    consumer.follow()
    call_command("begin_epoch", stdout=StringIO())

    response = read(f"{CHANGES}?since={consumer.token}")

    assert (response.status_code, response.json()) == (
        410,
        {
            "type": "http://localhost:8000/api/v1/docs/#resync",
            "title": "Start again from the beginning",
            "status": 410,
            "detail": "The feed was restored: ask without `since` and replace your copy.",
        },
    )


def test_who_has_seen_more_than_there_is_starts_again(read, consumer) -> None:
    """As after a restore, or on a replica that took over: what was told is lost, numbers return."""
    making.written("one"), making.written("two")
    consumer.follow()
    set_counter(1)

    response = read(f"{CHANGES}?since={consumer.token}")

    assert (response.status_code, response.json()["type"].partition("#")[2]) == (410, "resync")


def test_who_began_with_more_than_there_is_starts_again(read, consumer) -> None:
    making.written("one"), making.written("two"), making.written("three")
    assert consumer.page(limit=1)["more"]
    set_counter(2)

    response = read(f"{CHANGES}?since={consumer.token}")

    assert (response.status_code, response.json()["type"].partition("#")[2]) == (410, "resync")


def test_a_replica_that_is_behind_never_sends_a_reader_back(consumer) -> None:
    making.written("one"), making.written("two")
    consumer.follow()
    set_counter(1)
    become_a_replica()
    ahead = consumer.token

    assert consumer.follow() == []
    assert consumer.token == ahead


def become_a_replica() -> None:
    """As the head is told by a server that follows another."""
    [(view,)] = run("SELECT pg_get_viewdef(oid) FROM pg_class WHERE relname = 'head'")
    follows = view.replace("pg_is_in_recovery()", "true")
    assert follows != view
    run_as_owner(f"CREATE OR REPLACE VIEW feed.head AS {follows}")


def tampered(token: str) -> list[str]:
    value, _, signature = token.rpartition(":")
    return [
        "",
        "1",
        "::",
        value,
        f"{value}:{signature[::-1]}",
        f"{value[:-1]}:{signature}",
        signing.Signer(salt="another").sign_object([None, 0, None]),
        signing.Signer(key="x" * 50, salt="publishing.changes").sign_object([None, 0, None]),
        "%E2%82%AC",
    ]


@pytest.mark.parametrize("which", range(9))
def test_a_token_that_is_not_ours_is_refused(read, consumer, which: int) -> None:
    making.written()
    consumer.follow()

    response = read(f"{CHANGES}?since={tampered(consumer.token)[which]}")

    assert (response.status_code, response.json()) == (
        400,
        {
            "type": "http://localhost:8000/api/v1/docs/#parameter",
            "title": "A parameter cannot be used",
            "status": 400,
            "detail": "Use a token as `next` gave it.",
            "parameter": "since",
        },
    )


def test_a_token_fits_among_the_parameters(consumer) -> None:
    item = making.written("passing", expires_in=DAY)
    expire(item, timedelta(microseconds=1))
    set_counter(9007199254740993)
    consumer.follow()

    assert len(consumer.token) < 200
    assert consumer.follow() == []
