"""What has left for the website, and the log of it: to look at, since approving writes it."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display

from publishing.consumers import admin as consumers
from publishing.lookups import AskedByAddress
from publishing.models import Change, Operation, PublishedItem
from publishing.webhooks import admin as webhooks

__all__ = ["ChangeAdmin", "PublishedItemAdmin", "consumers", "webhooks"]


class WrittenElsewhere(AskedByAddress):
    list_per_page = 50
    show_full_result_count = False
    empty_value_display = "never"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(PublishedItem)
class PublishedItemAdmin(WrittenElsewhere):
    list_display = ["title", "kind", "standing", "published_at", "updated_at", "expires_at"]
    list_filter = ["kind"]
    date_hierarchy = "updated_at"
    search_fields = ["title", "id"]
    fields = ["title", "kind", "published_at", "updated_at", "expires_at", "document", "seq"]
    readonly_fields = ["document"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PublishedItem]:
        found: QuerySet[PublishedItem] = super().get_queryset(request)
        return found.defer("body", "search", "facets")

    @display(description="now", label={"Live": "success", "Expired": "warning"})  # type: ignore[untyped-decorator]  # Unfold has no types
    def standing(self, item: PublishedItem) -> str:
        expired = item.expires_at is not None and item.expires_at <= timezone.now()
        return "Expired" if expired else "Live"

    def document(self, item: PublishedItem) -> str:
        """As the website reads it."""
        return bytes(item.body).decode()


@admin.register(Change)
class ChangeAdmin(WrittenElsewhere):
    list_display = ["seq", "operation", "kind", "item_id", "at", "expires_at"]
    list_filter = ["op", "kind"]
    date_hierarchy = "at"
    search_fields = ["item_id"]
    ordering = ["-seq"]

    @display(  # type: ignore[untyped-decorator]  # Unfold has no types
        description="what happened",
        ordering="op",
        label={Operation.UPSERT.value: "success", Operation.REMOVE.value: "warning"},
    )
    def operation(self, change: Change) -> tuple[str, str]:
        return change.op, change.get_op_display()
