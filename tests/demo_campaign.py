"""The fixtures' campaign, loaded once for a module of tests and rolled back after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from psycopg import sql

from config.fixtures import Report, load_fixtures

FOLDER = settings.BASE_DIR / "fixtures"


def load(folder: Path = FOLDER, without: tuple[str, ...] = ()) -> Report:
    officer, lead = (User.objects.get_or_create(username=name)[0] for name in ("officer", "lead"))
    return load_fixtures(folder, officer=officer, lead=lead, without=without)


@contextmanager
def loaded_with_the_apps_rights() -> Iterator[None]:
    """Each test of the module then starts from here, in a savepoint of its own."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(settings.APP_LOGIN)))
            load()
            cursor.execute("RESET ROLE")
        yield
        transaction.set_rollback(True)
