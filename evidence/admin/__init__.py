"""The desk's pages for what we know."""

from evidence.admin import claims, consent, figures, snapshots, sources, testimony, uses

__all__ = ["claims", "consent", "figures", "snapshots", "sources", "testimony", "uses"]
