"""The admin site that officers work in."""

from unfold.sites import UnfoldAdminSite


class Desk(UnfoldAdminSite):
    """Unfold's admin."""
