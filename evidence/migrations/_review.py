"""SQL that more than one floor's migrations need: triggers for review, grants for history."""

from django.conf import settings
from django.db import migrations


def one_door(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER review_is_one_door BEFORE INSERT OR UPDATE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION review_is_one_door()",
        f"DROP TRIGGER review_is_one_door ON {table}",
    )


def covered_line(table: str, record: str, column: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER review_covers_its_lines BEFORE INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION review_covers_its_lines('{record}', '{column}')",
        f"DROP TRIGGER review_covers_its_lines ON {table}",
    )


def append_only(*tables: str) -> migrations.RunSQL:
    """History can be written and read by the app, and neither changed nor deleted."""
    names = ", ".join(tables)
    return migrations.RunSQL(
        f"REVOKE UPDATE, DELETE ON {names} FROM {settings.APP_LOGIN}",
        f"GRANT UPDATE, DELETE ON {names} TO {settings.APP_LOGIN}",
    )
