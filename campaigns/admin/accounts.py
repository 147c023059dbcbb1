"""Lines that may choose an account: hidden from those who may not read accounts, title and all."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from evidence.admin.base import person


class WithoutHiddenAccounts:
    """Mixed into the lines of a record; each has a `testimony_version` or something else."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]  # the lines'
        if person(request).has_perm("evidence.view_testimonyversion"):
            return found
        return found.filter(testimony_version__isnull=True)
