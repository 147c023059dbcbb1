"""What somebody handed over themselves is a use too, with its outlet and with who holds it."""

from django.db import migrations, models
from django.db.models import Q

RULES = """
-- Free text goes with the person. The outlet stays, so that the copy can still be asked for.
CREATE FUNCTION testimony_uses_forget_their_holders() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE evidence_testimonyuse SET holder = '' WHERE holder <> '' AND testimony_id IN (
        SELECT id FROM evidence_testimony WHERE contributor_id = NEW.id);
    -- the planner keeps samples of what stands in a column
    ANALYZE evidence_testimonyuse;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION testimony_uses_forget_their_holders() FROM PUBLIC;
CREATE TRIGGER testimony_uses_forget_their_holders AFTER UPDATE ON evidence_contributor
    FOR EACH ROW WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL)
    EXECUTE FUNCTION testimony_uses_forget_their_holders();
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0016_later_wishes")]

    operations = [
        migrations.AddField(
            model_name="testimonyuse",
            name="holder",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Of words that somebody handed over themselves: whom to ask for them.",
                max_length=200,
                verbose_name="who holds it",
            ),
        ),
        migrations.AddConstraint(
            model_name="testimonyuse",
            constraint=models.CheckConstraint(
                condition=Q(holder="") | Q(publication__startswith="outlet:"),
                name="testimony_use_by_hand_names_its_outlet",
                violation_error_message="What was handed over by hand names its outlet.",
            ),
        ),
        migrations.AddConstraint(
            model_name="testimonyuse",
            constraint=models.UniqueConstraint(
                condition=~Q(holder="") & Q(recalled_at__isnull=True),
                fields=("version", "scope", "publication", "holder", "used_on", "artefact_sha256"),
                name="testimony_use_by_hand_once",
                violation_error_message="That use is recorded already.",
            ),
        ),
        migrations.RunSQL(RULES, "DROP FUNCTION testimony_uses_forget_their_holders() CASCADE"),
    ]
