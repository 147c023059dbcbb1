"""What holds for every floor: rules look their names up in one place, and history is kept."""

from django.conf import settings
from django.db import migrations

# A temporary table is found before the real one, unless pg_temp is named and comes last.
NAMES = """
DO $$
DECLARE
    rule regprocedure;
BEGIN
    FOR rule IN SELECT oid FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole
            AND proname NOT LIKE 'pgtrigger%'
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', rule);
    END LOOP;
END
$$;
"""

REVIEWED = ", ".join(
    [f"evidence_{name}" for name in ("source", "statement", "statistic", "claim", "evidencegap")]
    + [f"campaigns_{name}" for name in ("campaign", "ask", "bill", "amendment", "pack")]
)
HISTORY = f"""
REVOKE DELETE ON pghistory_context FROM {settings.APP_LOGIN};
REVOKE UPDATE, DELETE ON django_admin_log FROM {settings.APP_LOGIN};
-- what is reviewed is retired, so that what was published is not missing beneath its document
REVOKE DELETE ON {REVIEWED} FROM {settings.APP_LOGIN};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_review_rules"),
        ("evidence", "0006_decisions_are_kept"),
        ("publishing", "0002_feed_schema"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
        migrations.RunSQL(HISTORY, f"GRANT DELETE ON {REVIEWED} TO {settings.APP_LOGIN}"),
    ]
