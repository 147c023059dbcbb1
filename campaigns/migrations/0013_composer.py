"""The composer: how notes are set, accounts as background only, sections that change places."""

import django.db.models.constraints
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0012_sending_rules"),
        ("evidence", "0010_protection_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="pack",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="pack",
            name="update_update",
        ),
        migrations.RemoveConstraint(
            model_name="packsection",
            name="pack_section_position_once",
        ),
        migrations.AddField(
            model_name="pack",
            name="notes",
            field=models.CharField(
                choices=[("short", "Short and linked"), ("oscola", "OSCOLA")],
                default="oscola",
                help_text="Short: NSPCC FOI, four of four forces, 2021/22, with a link.",
                max_length=6,
                verbose_name="footnotes",
            ),
        ),
        migrations.AddField(
            model_name="packevent",
            name="notes",
            field=models.CharField(
                choices=[("short", "Short and linked"), ("oscola", "OSCOLA")],
                default="oscola",
                help_text="Short: NSPCC FOI, four of four forces, 2021/22, with a link.",
                max_length=6,
                verbose_name="footnotes",
            ),
        ),
        # Packs that were approved with notes in full keep them; new ones begin with short notes.
        migrations.AlterField(
            model_name="pack",
            name="notes",
            field=models.CharField(
                choices=[("short", "Short and linked"), ("oscola", "OSCOLA")],
                default="short",
                help_text="Short: NSPCC FOI, four of four forces, 2021/22, with a link.",
                max_length=6,
                verbose_name="footnotes",
            ),
        ),
        migrations.AlterField(
            model_name="packevent",
            name="notes",
            field=models.CharField(
                choices=[("short", "Short and linked"), ("oscola", "OSCOLA")],
                default="short",
                help_text="Short: NSPCC FOI, four of four forces, 2021/22, with a link.",
                max_length=6,
                verbose_name="footnotes",
            ),
        ),
        migrations.AlterField(
            model_name="pack",
            name="recipients",
            field=models.ManyToManyField(
                blank=True,
                help_text="Whom you mean it for: who cannot be reached by e-mail is told beside "
                "the form.",
                related_name="packs",
                to="campaigns.member",
                verbose_name="to whom it goes",
            ),
        ),
        migrations.AddField(
            model_name="packitem",
            name="as_background",
            field=models.BooleanField(
                default=False,
                help_text="Include an account that may not be read in the Chamber.",
                verbose_name="as background only",
            ),
        ),
        migrations.AlterField(
            model_name="packsection",
            name="text",
            field=models.TextField(
                blank=True,
                help_text="Paragraphs with an empty line between; **bold**, *italics*, [links](https://example.org), lists with - or 1. at the start of each line.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pack",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "campaigns_packevent" ("about_us", "approved_at", "approved_by_id", "audience", "campaign_id", "contact_email", "contact_name", "contact_phone", "created_at", "id", "last_edited_by_id", "layout", "not_after", "not_before", "notes", "personalised", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "review_note", "review_state", "slug", "stage_id", "title", "updated_at", "used_on") VALUES (NEW."about_us", NEW."approved_at", NEW."approved_by_id", NEW."audience", NEW."campaign_id", NEW."contact_email", NEW."contact_name", NEW."contact_phone", NEW."created_at", NEW."id", NEW."last_edited_by_id", NEW."layout", NEW."not_after", NEW."not_before", NEW."notes", NEW."personalised", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."purpose", NEW."review_note", NEW."review_state", NEW."slug", NEW."stage_id", NEW."title", NEW."updated_at", NEW."used_on"); RETURN NULL;',
                    hash="7e35bb7afd356de49c1cc4faa92f8a19b7c7637e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3a81d",
                    table="campaigns_pack",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pack",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "campaigns_packevent" ("about_us", "approved_at", "approved_by_id", "audience", "campaign_id", "contact_email", "contact_name", "contact_phone", "created_at", "id", "last_edited_by_id", "layout", "not_after", "not_before", "notes", "personalised", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "review_note", "review_state", "slug", "stage_id", "title", "updated_at", "used_on") VALUES (NEW."about_us", NEW."approved_at", NEW."approved_by_id", NEW."audience", NEW."campaign_id", NEW."contact_email", NEW."contact_name", NEW."contact_phone", NEW."created_at", NEW."id", NEW."last_edited_by_id", NEW."layout", NEW."not_after", NEW."not_before", NEW."notes", NEW."personalised", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."purpose", NEW."review_note", NEW."review_state", NEW."slug", NEW."stage_id", NEW."title", NEW."updated_at", NEW."used_on"); RETURN NULL;',
                    hash="ac13e5a746ee75d8dc28adddc5bfb1f4d02ff86e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_bc987",
                    table="campaigns_pack",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="pack",
            constraint=models.CheckConstraint(
                condition=models.Q(("notes__in", ["short", "oscola"])),
                name="pack_notes_are_of_a_known_style",
            ),
        ),
        migrations.AddConstraint(
            model_name="packitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("as_background", False), ("testimony_version__isnull", False), _connector="OR"
                ),
                name="pack_item_as_background_is_an_account",
                violation_error_message="Only an account is included as background.",
            ),
        ),
        migrations.AddConstraint(
            model_name="packsection",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("pack", "position"),
                name="pack_section_position_once",
            ),
        ),
    ]
