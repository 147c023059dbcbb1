"""What was decided about a figure, and each correction, is written once."""

from django.db import migrations

from evidence.migrations._review import append_only


class Migration(migrations.Migration):
    dependencies = [("evidence", "0005_decisions")]

    operations = [append_only("evidence_correction", "evidence_claimacceptance")]
