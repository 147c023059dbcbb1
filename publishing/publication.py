"""The one door to the published table: what is written here is what has left the building."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import Model, Value
from django.db.models.functions import Now

from publishing.addresses import item_address
from publishing.documents import Facets, document_of, followers_of
from publishing.encoding import decode, encode
from publishing.models import Change, Counter, Kind, Operation, PublishedItem

_NEXT = "SELECT publishing_next_seq(), clock_timestamp()"
_REMOVE = "SELECT publishing_remove(%s)"
_LOCK = "SELECT publishing_lock(%s::uuid[])"
_PRUNE = "SELECT publishing_prune()"
_NAMING_GONE = """
SELECT item.id FROM publishing_publisheditem AS item WHERE item.kind = %s AND EXISTS (
    SELECT FROM jsonb_array_elements_text(item.facets -> 'items') AS named (id)
    WHERE NOT EXISTS (SELECT FROM publishing_publisheditem AS live WHERE live.id = named.id::uuid)
) ORDER BY item.id
"""
_FORGET_GONE = """
UPDATE publishing_publisheditem SET facets = jsonb_set(facets, '{items}', (
    SELECT coalesce(jsonb_agg(named.id ORDER BY named.id), '[]')
    FROM jsonb_array_elements_text(facets -> 'items') AS named (id)
    WHERE EXISTS (SELECT FROM publishing_publisheditem AS live WHERE live.id = named.id::uuid)
)) WHERE id = %s
"""
_LANGUAGE = Value("english")
# Shorter words are seldom mistyped, and longer ones are no words.
_WORD = re.compile(r"[^\W\d_]{4,40}")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A document on its way out."""

    kind: Kind
    id: UUID
    title: str
    document: Mapping[str, Any]
    search_text: str = ""
    facets: Facets = field(default_factory=dict)
    expires_at: datetime | None = None

    def content(self) -> dict[str, Any]:
        """All of it, save when it was written."""
        envelope = {
            "kind": self.kind,
            "id": self.id,
            "title": self.title,
            "url": item_address(self.kind, self.id),
        }
        return {**self.document, **envelope}

    def words(self) -> list[str]:
        """What may be offered to those who mistyped: never what someone told us."""
        if self.kind == Kind.TESTIMONY:
            return []
        return sorted(set(_WORD.findall(f"{self.title} {self.search_text}".lower())))

    def says_the_same_as(self, item: PublishedItem) -> bool:
        published = decode(item.body)
        published.pop("updated_at")
        return (
            published == decode(encode(self.content()))
            and item.facets == self.facets
            and item.expires_at == self.expires_at
        )


def publish(record: Model) -> PublishedItem | None:
    """Write the record's document, and anew those live ones that show something of it.

    None for a record that has no document of its own, as a claim; what shows something of it is
    still rendered anew. Bytes that are the same as before make no change.
    """
    _require_transaction()
    document = document_of(type(record))
    followers = followers_of(record)
    live = _lock(_ids([record, *followers] if document else followers))
    item = _put(_drafted(record), live.get(record.pk)) if document else None
    _render_anew(followers, live)
    return item


def write(
    *,
    kind: Kind,
    id: UUID,
    title: str,
    document: Mapping[str, Any],
    search_text: str,
    facets: Facets,
    expires_at: datetime | None,
) -> PublishedItem:
    """Write a document that its owner rendered himself, as testimony under its consent."""
    _require_transaction()
    draft = _Draft(kind, id, title, document, search_text, facets, expires_at)
    return _put(draft, _lock([id]).get(id))


def retire(record: Model) -> None:
    """Take out the record's document, where it has one, and render anew what showed some of it."""
    _require_transaction()
    followers = followers_of(record)
    has_document = document_of(type(record)) is not None
    live = _lock(_ids([record, *followers] if has_document else followers))
    if has_document:
        _take_out(record.pk)
    _render_anew(followers, live)


def remove(item_id: UUID) -> bool:
    """Take out an item that nothing else shows anything of; False where it is not there."""
    _require_transaction()
    _lock([item_id])
    return _take_out(item_id)


def render_followers(record: Model) -> None:
    """Render anew what shows something of a record that has no document by which we know it.

    As for an account that is on the website under its public id, or a claim that was checked.
    """
    _require_transaction()
    followers = followers_of(record)
    _render_anew(followers, _lock(_ids(followers)))


def begin_epoch() -> None:
    """After a restore, since numbers went back: whoever follows the changes has to start anew."""
    Counter.objects.update(epoch=uuid4())


def take_turns(ids: Iterable[UUID]) -> None:
    """Wait until nobody else publishes or removes these items; held to the transaction's end."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(ids)])


def remove_expired() -> int:
    """Delete what has expired, which nobody could read any more; how many items that was."""
    expired = PublishedItem.objects.filter(expires_at__lte=Now()).values_list("pk", flat=True)
    return sum(_remove_one(item_id) for item_id in list(expired))


def forget_gone() -> int:
    """Strike what is gone from the asks that name it; in how many of them that was.

    Testimony is taken out by the database itself, for which nothing is rendered anew. No change is
    told, since no document changes: lists leave out what is gone as they are read, and an ask that
    changed along with a withdrawal would say what the account was about.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NAMING_GONE, [Kind.ASK])
        naming = [item_id for (item_id,) in cursor.fetchall()]
    for item_id in naming:
        _forget_gone_in(item_id)
    return len(naming)


def prune() -> int:
    """Forget removals that were told 400 days ago; how many lines of the log that was."""
    with connection.cursor() as cursor:
        cursor.execute(_PRUNE)
        forgotten: int = cursor.fetchone()[0]
    return forgotten


@transaction.atomic
def _remove_one(item_id: UUID) -> bool:
    return remove(item_id)


@transaction.atomic
def _forget_gone_in(item_id: UUID) -> None:
    take_turns([item_id])
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_GONE, [item_id])


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "Publish within transaction.atomic(): approval and document stand or fall together."
        )


def _take_out(item_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE, [item_id])
        removed: bool = cursor.fetchone()[0]
    return removed


def _ids(records: Iterable[Model]) -> list[UUID]:
    return [each.pk for each in records]


def _lock(ids: Iterable[UUID]) -> dict[UUID, PublishedItem]:
    """Lock the live ones, in one order and before the counter, so that no two writers deadlock.

    What is rendered afterwards sees all that earlier holders of these locks have committed.
    """
    ordered = sorted(set(ids))
    take_turns(ordered)
    chosen = PublishedItem.objects.filter(pk__in=ordered).defer("search")
    return {item.pk: item for item in chosen.order_by("pk").select_for_update()}


def _render_anew(records: Iterable[Model], live: Mapping[UUID, PublishedItem]) -> None:
    for record in records:
        if record.pk in live and document_of(type(record)):
            _put(_drafted(record), live[record.pk])


def _drafted(record: Model) -> _Draft:
    document = document_of(type(record))
    if document is None:
        raise LookupError(f"{type(record).__name__} has no document.")
    # From the database: what the caller holds in memory may be older than what was approved.
    records = type(record)._default_manager.all()
    if document.reads_with:
        records = records.select_related(*document.reads_with)
    record = records.get(pk=record.pk)
    form = document(record)
    return _Draft(
        kind=document.published_as,
        id=record.pk,
        title=form.title_of(record),
        document=form.data,
        search_text=form.prose_of(record),
        facets=form.facets_of(record),
        expires_at=form.expiry_of(record),
    )


def _put(draft: _Draft, published: PublishedItem | None) -> PublishedItem:
    if published and draft.says_the_same_as(published):
        return published
    with connection.cursor() as cursor:
        cursor.execute(_NEXT)
        seq, at = cursor.fetchone()
    Change.objects.create(
        seq=seq,
        op=Operation.UPSERT,
        kind=draft.kind,
        item_id=draft.id,
        at=at,
        expires_at=draft.expires_at,
    )
    return _upsert(draft, seq, at)


def _upsert(draft: _Draft, seq: int, at: datetime) -> PublishedItem:
    body = encode({**draft.content(), "updated_at": at})
    written: dict[str, Any] = {
        "kind": draft.kind,
        "title": draft.title,
        "body": body,
        "etag": hashlib.sha256(body).hexdigest(),
        "facets": draft.facets,
        "search": SearchVector(Value(draft.title), weight="A", config=_LANGUAGE)
        + SearchVector(Value(draft.search_text), weight="B", config=_LANGUAGE),
        "words": draft.words(),
        "seq": seq,
        "updated_at": at,
        "expires_at": draft.expires_at,
    }
    item = PublishedItem(id=draft.id, published_at=at, **written)
    PublishedItem.objects.bulk_create(
        [item], update_conflicts=True, unique_fields=["id"], update_fields=list(written)
    )
    return item
