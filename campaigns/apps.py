"""The second floor as Django knows it."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        # Registers what of this floor is published.
        from campaigns import documents  # noqa: F401 - models load before documents
