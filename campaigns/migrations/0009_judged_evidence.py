"""Who judged each piece of evidence, where an outcome can be read, and trigrams for likeness."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

# A strength that was given before a reason was asked for says so, rather than get another strength.
REASONS = """
UPDATE campaigns_evidencelink SET reason = 'Judged before a reason was asked for.'
    WHERE reason = '' AND strength <> 'moderate';
SET CONSTRAINTS ALL IMMEDIATE; -- what this leaves for the commit would keep the table from changing
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0008_parliament_rules"),
        ("evidence", "0010_protection_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),  # how alike two texts are
        migrations.RunSQL(REASONS, migrations.RunSQL.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name="ask",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="ask",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="evidencelink",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="evidencelink",
            name="update_update",
        ),
        migrations.AddField(
            model_name="ask",
            name="outcome_source",
            field=models.ForeignKey(
                blank=True,
                help_text="Where it can be read. Empty where none is held.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outcomes",
                to="evidence.source",
            ),
        ),
        migrations.AddField(
            model_name="askevent",
            name="outcome_source",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Where it can be read. Empty where none is held.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="evidence.source",
            ),
        ),
        migrations.AddField(
            model_name="evidencelink",
            name="judged_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="evidencelink",
            name="judged_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who puts their name to the role and the strength. Empty where nobody has.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evidencelinkevent",
            name="judged_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="evidencelinkevent",
            name="judged_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                help_text="Who puts their name to the role and the strength. Empty where nobody has.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="evidencelink",
            name="reason",
            field=models.TextField(
                blank=True, help_text="Why it is as strong as you say. Strong and weak need one."
            ),
        ),
        migrations.AlterField(
            model_name="evidencelinkevent",
            name="reason",
            field=models.TextField(
                blank=True, help_text="Why it is as strong as you say. Strong and weak need one."
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ask",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "campaigns_askevent" ("approved_at", "approved_by_id", "campaign_id", "change_wanted", "created_at", "id", "last_edited_by_id", "outcome", "outcome_on", "outcome_source_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "precedent", "rationale", "review_note", "review_state", "slug", "status", "title", "updated_at", "year") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."campaign_id", NEW."change_wanted", NEW."created_at", NEW."id", NEW."last_edited_by_id", NEW."outcome", NEW."outcome_on", NEW."outcome_source_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."precedent", NEW."rationale", NEW."review_note", NEW."review_state", NEW."slug", NEW."status", NEW."title", NEW."updated_at", NEW."year"); RETURN NULL;',
                    hash="beac6ffdf2cbf4b16e7e0aee8067a54f9b92def2",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5182f",
                    table="campaigns_ask",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ask",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "campaigns_askevent" ("approved_at", "approved_by_id", "campaign_id", "change_wanted", "created_at", "id", "last_edited_by_id", "outcome", "outcome_on", "outcome_source_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "precedent", "rationale", "review_note", "review_state", "slug", "status", "title", "updated_at", "year") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."campaign_id", NEW."change_wanted", NEW."created_at", NEW."id", NEW."last_edited_by_id", NEW."outcome", NEW."outcome_on", NEW."outcome_source_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."precedent", NEW."rationale", NEW."review_note", NEW."review_state", NEW."slug", NEW."status", NEW."title", NEW."updated_at", NEW."year"); RETURN NULL;',
                    hash="e34d6d14b70cbc687f836dbcd96b3f99a4d3b95f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c9b08",
                    table="campaigns_ask",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidencelink",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "campaigns_evidencelinkevent" ("ask_id", "gap_id", "id", "judged_at", "judged_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "role", "source_id", "statement_id", "statistic_id", "strength", "testimony_version_id") VALUES (NEW."ask_id", NEW."gap_id", NEW."id", NEW."judged_at", NEW."judged_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."role", NEW."source_id", NEW."statement_id", NEW."statistic_id", NEW."strength", NEW."testimony_version_id"); RETURN NULL;',
                    hash="a2df6bd7f555ebd840fdd1252985896f2b540e21",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_85d15",
                    table="campaigns_evidencelink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidencelink",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "campaigns_evidencelinkevent" ("ask_id", "gap_id", "id", "judged_at", "judged_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "role", "source_id", "statement_id", "statistic_id", "strength", "testimony_version_id") VALUES (NEW."ask_id", NEW."gap_id", NEW."id", NEW."judged_at", NEW."judged_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."role", NEW."source_id", NEW."statement_id", NEW."statistic_id", NEW."strength", NEW."testimony_version_id"); RETURN NULL;',
                    hash="b71ac2f01732af4f3a6cd094eeb320dee0918160",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_51e48",
                    table="campaigns_evidencelink",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencelink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "shows_problem",
                            "shows_it_works",
                            "answers_objection",
                            "public_support",
                            "counter_evidence",
                        ],
                    ),
                    ("strength__in", ["strong", "moderate", "weak"]),
                ),
                name="evidence_link_role_and_strength_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencelink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("strength", "moderate"),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="evidence_link_strength_has_a_reason",
                violation_error_message="Say why it is that strong, or that weak.",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencelink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("judged_at", None), ("judged_by", None)),
                    models.Q(("judged_at__isnull", False), ("judged_by__isnull", False)),
                    _connector="OR",
                ),
                name="evidence_link_judged_by_somebody_once",
            ),
        ),
    ]
