"""What a list at the desk may be asked for by its address."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.ranges import RangeField
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BinaryField, JSONField
from django.http import HttpRequest
from unfold.admin import ModelAdmin

# Nobody can write one of these into an address, and the database fails at what is none.
UNWRITABLE = (ArrayField, BinaryField, JSONField, RangeField, SearchVectorField)


class AskedByAddress(ModelAdmin):  # type: ignore[misc]  # Unfold has no types
    """Refuses to look for bytes, lists and the like; else as Django has it."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        try:
            field = self.model._meta.get_field(lookup.partition("__")[0])
        except FieldDoesNotExist:
            field = None  # Django knows what to do with it
        return not isinstance(field, UNWRITABLE) and bool(
            super().lookup_allowed(lookup, value, request)
        )
