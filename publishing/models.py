"""What has left the building: the published table, its log, and what the feed's login sees."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from publishing.consumers.models import Alarm as Alarm
from publishing.consumers.models import Consumer as Consumer
from publishing.webhooks.models import Delivery as Delivery
from publishing.webhooks.models import Endpoint as Endpoint


class Kind(models.TextChoices):
    """What a published document can be; the word stands in its `kind` and in the feed's paths."""

    SOURCE = "source", "Source"
    STATISTIC = "statistic", "Statistic"
    TESTIMONY = "testimony", "Testimony"
    ASK = "ask", "Ask"
    BILL = "bill", "Bill"
    AMENDMENT = "amendment", "Amendment"
    CAMPAIGN = "campaign", "Campaign"


class Operation(models.TextChoices):
    UPSERT = "upsert", "Published or changed"
    REMOVE = "remove", "Removed"


class Counter(models.Model):
    """One row: the number of the last change, and the epoch that a restore begins anew.

    Up to `pruned_seq` removals were forgotten: who has not heard of them has to start anew, too.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    epoch = models.UUIDField(default=uuid.uuid4)
    seq = models.BigIntegerField(default=0)
    pruned_seq = models.BigIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="counter_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"change {self.seq}"


class PublishedItem(models.Model):
    """One live document, rendered when it was approved: the feed serves these bytes as they are.

    Rows are written by `publishing.publication` and by the database's own withdrawal rules alone.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.TextField(help_text="As the website lists it.")
    body = models.BinaryField(help_text="The document as JSON bytes.")
    etag = models.CharField(max_length=64)
    facets = models.JSONField(default=dict, help_text="What lists can be filtered by.")
    search = SearchVectorField(null=True)
    words = ArrayField(
        models.TextField(),
        default=list,
        help_text="What may be offered to those who mistyped; testimony lends none.",
    )
    seq = models.BigIntegerField(unique=True, help_text="The change that wrote it.")
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="From then on the feed answers 410, with no job in between.",
    )

    class Meta:
        ordering = ["-seq"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="published_item_kind_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-seq"], name="published_item_kind_seq"),
            models.Index(
                fields=["expires_at"],
                name="published_item_expires",
                condition=models.Q(expires_at__isnull=False),
            ),
            GinIndex(fields=["search"], name="published_item_search"),
            GinIndex(fields=["facets"], name="published_item_facets", opclasses=["jsonb_path_ops"]),
        ]

    def __str__(self) -> str:
        return self.title


class Change(models.Model):
    """The log that consumers follow; a removal says id and time and never why. Append-only."""

    seq = models.BigIntegerField(primary_key=True)
    op = models.CharField(max_length=6, choices=Operation)
    kind = models.CharField(max_length=12, choices=Kind)
    item_id = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(
                fields=["expires_at"],
                name="change_expires",
                condition=models.Q(expires_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(op__in=Operation.values), name="change_op_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.op} {self.kind}"


class Word(models.Model):
    """A word of what is published, for those who mistype it; a trigger counts where it stands."""

    word = models.TextField(primary_key=True)
    cuts = ArrayField(models.TextField())
    items = models.BigIntegerField()

    class Meta:
        indexes = [GinIndex(fields=["cuts"], name="word_cuts")]

    def __str__(self) -> str:
        return self.word


class Total(models.Model):
    """How many items of a kind have this value, or are there at all; a trigger counts them."""

    pk = models.CompositePrimaryKey("kind", "name", "value")
    kind = models.CharField(max_length=12)
    name = models.TextField()
    value = models.TextField()
    items = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.value}"


class Heartbeat(models.Model):
    """One row that the worker renews each second."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="heartbeat_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S}"


class FeedItem(models.Model):
    """A live item as the website's login sees it; always read `using("feed")`."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)
    title = models.TextField()
    body = models.BinaryField()
    etag = models.CharField(max_length=64)
    facets = models.JSONField()
    search = SearchVectorField()
    seq = models.BigIntegerField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = 'feed"."items'
        ordering: ClassVar[list[str]] = ["-seq"]

    def __str__(self) -> str:
        return self.title


class FeedChange(models.Model):
    """A change as the website's login sees it; always read `using("feed")`."""

    seq = models.BigIntegerField(primary_key=True)
    op = models.CharField(max_length=6)
    kind = models.CharField(max_length=12)
    item_id = models.UUIDField(db_column="id")
    at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = 'feed"."changes'
        ordering: ClassVar[list[str]] = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.op}"


class FeedHead(models.Model):
    """The state of the feed in one row: epoch, last change, the last expiry that has passed.

    On a replica `silent_for` tells how far behind it is, the primary's heartbeat being in it.
    """

    epoch = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField()
    expired_at = models.DateTimeField(null=True)
    now = models.DateTimeField()
    pruned_seq = models.BigIntegerField(default=0)
    is_replica = models.BooleanField(default=False)
    silent_for = models.DurationField(null=True)

    class Meta:
        managed = False
        db_table = 'feed"."head'

    def __str__(self) -> str:
        return f"{self.epoch} {self.seq}"
