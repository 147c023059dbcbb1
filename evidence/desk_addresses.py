"""Addresses of the desk's pages: of a record, of a list, and of what stands beside them."""

from functools import lru_cache

from django.db.models import Model
from django.urls import reverse


@lru_cache(maxsize=8192)
def address(label: str, page: str = "changelist", *args: object) -> str:
    """Of a page of one model, by its label: `address("evidence.source", "take", pk)`.

    Kept, since a page may print a thousand, and an address never changes.
    """
    return reverse(f"admin:{label.lower().replace('.', '_')}_{page}", args=args)


def address_of(record: Model, page: str = "change") -> str:
    return address(record._meta.label_lower, page, record.pk)


def list_of(model: type[Model], page: str = "changelist") -> str:
    return address(model._meta.label_lower, page)
