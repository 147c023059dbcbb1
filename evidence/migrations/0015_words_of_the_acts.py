"""What a refusal on a consent asks for is called as its button is."""

import django.contrib.postgres.constraints
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0014_holes_closed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="consent",
            name="consent_not_against_a_parent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pr_conflict", False),
                    (
                        "state__in",
                        [
                            "deferred",
                            "invalidated",
                            "refused",
                            "replaced",
                            "requested",
                            "revoked",
                            "withdrawn",
                        ],
                    ),
                    ("expressed_by__in", ["subject", "other_lawful"]),
                    _connector="OR",
                ),
                name="consent_not_against_a_parent",
                violation_error_message="While holders of parental responsibility disagree they cannot give it: press “Not yet”.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="consent",
            name="consent_renewed_once",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "refused"), _negated=True),
                fields=("replaces",),
                name="consent_renewed_once",
                violation_error_message="Its renewal was begun already: go on with that one, or press “They said no” there.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="consenttestimony",
            name="one_live_consent_for_a_testimony",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("state__in", ["given", "suspended"]), ("withdrawn_at__isnull", True)
                ),
                expressions=[("testimony", "="), ("validity", "&&")],
                name="one_live_consent_for_a_testimony",
                violation_error_message="Another live consent covers this testimony at that time: renew that one instead.",
            ),
        ),
    ]
