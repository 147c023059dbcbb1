"""A consent that ran out goes with the one that was given after it, and what an account is called
is cleared with its words. No version is "counted only": it has words."""

from django.db import migrations, models

LINE = """
-- A consent, those before it in whose place it stands, and those that ran out and share an account
-- with it: what any of them left with its holders is called back with it.
-- Nobody who takes an account back thinks of the paper of years ago, and means that one too.
CREATE OR REPLACE FUNCTION consent_with_those_it_renewed(newest uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH RECURSIVE line (record_id) AS (
        SELECT newest
        UNION
        SELECT earlier.record_id FROM line
        JOIN evidence_consent AS later ON later.record_id = line.record_id
        JOIN evidence_consent AS earlier ON earlier.contributor_id = later.contributor_id
        WHERE earlier.record_id = later.replaces_id AND earlier.state = 'replaced'
            OR later.state NOT IN ('requested', 'deferred', 'refused')
            AND earlier.state IN ('given', 'suspended')
            AND upper(earlier.validity) <= now()
            AND EXISTS (
                SELECT FROM evidence_consenttestimony AS before
                JOIN evidence_consenttestimony AS since USING (testimony_id)
                WHERE before.consent_id = earlier.record_id
                    AND since.consent_id = later.record_id))
    SELECT record_id FROM line
$$;
"""

LINE_BEFORE = """
CREATE OR REPLACE FUNCTION consent_with_those_it_renewed(newest uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    WITH RECURSIVE line (record_id) AS (
        SELECT newest
        UNION
        SELECT earlier.record_id FROM line
        JOIN evidence_consent AS later ON later.record_id = line.record_id
        JOIN evidence_consent AS earlier
            ON earlier.record_id = later.replaces_id AND earlier.state = 'replaced')
    SELECT record_id FROM line
$$;
"""

TITLES = """
-- The title leaves with the words, so whoever clears them has read it. After an erasure nothing is
-- cleared any more.
CREATE FUNCTION testimony_title_is_cleared_with_its_words() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM rules_see_what_is_committed();
    PERFORM FROM evidence_testimonyversion
        WHERE testimony_id = NEW.id AND state = 'cleared' ORDER BY id FOR SHARE;
    IF FOUND THEN
        RAISE EXCEPTION 'The title was cleared with the words: recall these first, then have them '
            'cleared anew under another title.'
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'testimony_title_is_cleared_with_its_words';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER testimony_title_is_cleared_with_its_words BEFORE UPDATE ON evidence_testimony
    FOR EACH ROW WHEN (NEW.title <> OLD.title)
    EXECUTE FUNCTION testimony_title_is_cleared_with_its_words();
"""

TITLES_BEFORE = """
DROP TRIGGER testimony_title_is_cleared_with_its_words ON evidence_testimony;
DROP FUNCTION testimony_title_is_cleared_with_its_words();
"""

HISTORY = """
-- A record's history is read by whoever sees the record, its lines by fewer.
UPDATE django_admin_log SET change_message = '[{"changed": {"fields": ["lines"]}}]'
    WHERE change_message LIKE '[%"object":%';
UPDATE django_admin_log SET change_message = 'Signed.'
    WHERE change_message LIKE 'Signed: whoever is accused%';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("evidence", "0018_agreed_by_another"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contributor",
            name="do_not_contact",
            field=models.BooleanField(
                default=False,
                help_text="Ask nothing and send nothing, not even a code: their own page can still "
                "pause.",
            ),
        ),
        migrations.RunSQL(LINE, LINE_BEFORE),
        migrations.RunSQL(TITLES, TITLES_BEFORE),
        migrations.RunSQL(HISTORY, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="testimonyversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("identity__gt", 0)),
                name="testimony_version_is_more_than_counted",
                violation_error_message="A version has words: it is a paraphrase at the least.",
            ),
        ),
    ]
