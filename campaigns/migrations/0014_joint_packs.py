"""The other organisations of a joint pack, each with its own contact."""

import django.db.models.deletion
from django.db import migrations, models

from evidence.migrations._review import covered_line


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0013_composer"),
        ("evidence", "0010_protection_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="PackContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="Its place after the sender."
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, help_text="Whom to ask there.", max_length=120),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True, help_text="As in: Policy officer.", max_length=120
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("about", models.TextField(blank=True, help_text="A sentence on who they are.")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pack_contacts",
                        to="evidence.organisation",
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="campaigns.pack",
                    ),
                ),
            ],
            options={
                "ordering": ["pack", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pack", "organisation"),
                        name="pack_contact_once_for_an_organisation",
                        violation_error_message="This organisation has a line already.",
                    )
                ],
            },
        ),
        covered_line("campaigns_packcontact", "campaigns_pack", "pack_id"),
    ]
