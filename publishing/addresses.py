"""Where a published document stands in the feed."""

from uuid import UUID

from django.conf import settings

from publishing.models import Kind

API = "/api/v1/"
SEGMENTS: dict[Kind, str] = {
    Kind.SOURCE: "sources",
    Kind.STATISTIC: "statistics",
    Kind.TESTIMONY: "testimonies",
    Kind.ASK: "asks",
    Kind.BILL: "bills",
    Kind.AMENDMENT: "amendments",
    Kind.CAMPAIGN: "campaigns",
}


def absolute(path: str) -> str:
    """From a setting and not from the request, so that every reader gets the same bytes."""
    return f"{settings.SITE_URL}{path}"


def list_address(kind: Kind) -> str:
    return absolute(f"{API}{SEGMENTS[kind]}/")


def item_address(kind: Kind, item_id: UUID) -> str:
    return f"{list_address(kind)}{item_id}/"
