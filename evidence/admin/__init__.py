"""The desk's pages for what we know."""

from evidence.admin import (
    alerting,
    claims,
    consent,
    contributors,
    figures,
    notices,
    protection,
    snapshots,
    sources,
    testimony,
    uses,
    vault,
    waivers,
)

__all__ = [
    "alerting",
    "claims",
    "consent",
    "contributors",
    "figures",
    "notices",
    "protection",
    "snapshots",
    "sources",
    "testimony",
    "uses",
    "vault",
    "waivers",
]
