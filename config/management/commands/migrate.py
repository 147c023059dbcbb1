"""Django's migrate, run as the owner of the database: the app's login owns nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from config.health import waiting_migrations
from config.logins import as_owner, grant_to_app
from config.roles import ensure_roles


class Command(migrate.Command):
    """Migrate with the owner's login, grant the app its rights to what is made, and make the roles.

    Roles are made once all is migrated, for only then every permission has its model.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with as_owner(connection):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT to_regrole(%s) IS NULL OR to_regrole(%s) IS NULL",
                    [settings.APP_LOGIN, settings.FEED_LOGIN],
                )
                if cursor.fetchone()[0]:
                    raise CommandError(
                        "The database logins are not made yet: run manage.py create_logins first."
                    )
                grant_to_app(cursor.execute)
            super().handle(*args, **options)
            only_asks = options["plan"] or options["check_unapplied"]
            if not only_asks and not waiting_migrations(connection):
                ensure_roles()
