"""The first floor as Django knows it."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "evidence"

    def ready(self) -> None:
        # Registers what of this floor is published, and what follows it.
        from evidence import documents, following  # noqa: F401 - models load before documents
