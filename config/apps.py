"""The two applications that config adds: its own, and the admin that stands behind Unfold."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.checks import Tags, register

from config import checks
from config.worker import checks as worker_checks


class AttestConfig(AppConfig):
    name = "config"
    verbose_name = "Background work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(worker_checks.check_retries, worker_checks.WORKER)
        register(worker_checks.check_schedule, worker_checks.WORKER)
        register(checks.check_environment, Tags.security)
        register(checks.check_logins, Tags.security)
        register(checks.check_server, Tags.database)


class AttestAdminConfig(AdminConfig):
    """The admin, with our desk for its site."""

    default_site = "config.desk.Desk"
