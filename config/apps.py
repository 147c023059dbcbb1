"""The two applications that config adds: its own, and the admin that stands behind Unfold."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.checks import register

from config.worker import checks


class AttestConfig(AppConfig):
    name = "config"
    verbose_name = "Background work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(checks.check_retries, checks.WORKER)
        register(checks.check_schedule, checks.WORKER)


class AttestAdminConfig(AdminConfig):
    """Stands after `unfold` in INSTALLED_APPS, whose own site is by then the default one."""
