from django.db import migrations

# The organisation cannot be empty already; an office of spaces is none.
RULE = """
ALTER TABLE evidence_statement ADD CONSTRAINT statement_speaks_for_someone
    CHECK (btrim(role) <> '' AND btrim(speaker) <> '');
"""
UNDO = "ALTER TABLE evidence_statement DROP CONSTRAINT statement_speaks_for_someone;"


class Migration(migrations.Migration):
    """Words of someone who speaks for nobody are no public statement."""

    dependencies = [("evidence", "0007_redaction")]
    operations = [migrations.RunSQL(RULE, UNDO)]
