"""Review and editorial rules that hold for whoever writes: one door, frozen once approved."""

from django.conf import settings
from django.db import migrations

from evidence.migrations._review import append_only, covered_line, one_door

REVIEW = """
CREATE FUNCTION review_content(record jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT record - ARRAY['review_state', 'last_edited_by_id', 'approved_by_id', 'approved_at',
        'review_note', 'updated_at', 'verdict', 'recomputed', 'reason', 'checked_at']
$$;

CREATE FUNCTION review_is_one_door() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    edited boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.review_state <> 'draft' THEN
            RAISE EXCEPTION 'A new record starts as a draft.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'review_starts_as_draft';
        END IF;
        RETURN NEW;
    END IF;
    edited := review_content(to_jsonb(NEW)) <> review_content(to_jsonb(OLD));
    IF edited AND NEW.review_state <> 'draft' THEN
        RAISE EXCEPTION 'An edit makes the record a draft again: it has to be reviewed anew.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_edit_makes_a_draft';
    END IF;
    IF NEW.last_edited_by_id <> OLD.last_edited_by_id AND NEW.review_state <> 'draft' THEN
        RAISE EXCEPTION 'The last editor changes with an edit, not with a review.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_keeps_the_last_editor';
    END IF;
    IF NEW.review_state <> OLD.review_state
        AND (OLD.review_state, NEW.review_state) NOT IN (
            ('draft', 'in_review'), ('draft', 'retired'),
            ('in_review', 'approved'), ('in_review', 'sent_back'), ('in_review', 'draft'),
            ('sent_back', 'draft'), ('sent_back', 'in_review'),
            ('approved', 'draft'), ('approved', 'retired'),
            ('retired', 'draft'))
    THEN
        RAISE EXCEPTION 'A record cannot go from % to %.', OLD.review_state, NEW.review_state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_moves_are_permitted';
    END IF;
    RETURN NEW;
END
$$;

-- Lines that belong to a reviewed record are part of what was approved. The arguments are the
-- record's table and the column that points to it.
CREATE FUNCTION review_covers_its_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
    state text;
BEGIN
    EXECUTE format('SELECT review_state FROM %I WHERE id = $1 FOR SHARE', TG_ARGV[0])
        INTO state USING (line ->> TG_ARGV[1])::uuid;
    IF state <> 'draft' THEN
        RAISE EXCEPTION 'Its lines can be edited only while the record is a draft.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'review_covers_its_lines';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
"""

REVIEWED = ["source", "statement", "statistic", "claim", "evidencegap"]

SNAPSHOTS = f"""
ALTER TABLE evidence_snapshot ADD CONSTRAINT snapshot_hash_is_of_its_text
    CHECK (sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex'));
REVOKE UPDATE ON evidence_snapshot FROM {settings.APP_LOGIN};

CREATE FUNCTION excerpt_is_in_its_snapshot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT substr(text, NEW.start + 1, NEW."end" - NEW.start) FROM evidence_snapshot
        WHERE id = NEW.snapshot_id) IS DISTINCT FROM NEW.exact
    THEN
        RAISE EXCEPTION 'The snapshot does not say these words at that place.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'excerpt_is_in_its_snapshot';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER excerpt_is_in_its_snapshot BEFORE INSERT OR UPDATE ON evidence_excerpt
    FOR EACH ROW EXECUTE FUNCTION excerpt_is_in_its_snapshot();
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]

    operations = [
        migrations.RunSQL(
            REVIEW,
            "DROP FUNCTION review_is_one_door(); DROP FUNCTION review_covers_its_lines(); "
            "DROP FUNCTION review_content(jsonb)",
        ),
        *[one_door(f"evidence_{name}") for name in REVIEWED],
        covered_line("evidence_claiminput", "evidence_claim", "claim_id"),
        migrations.RunSQL(
            SNAPSHOTS,
            "DROP TRIGGER excerpt_is_in_its_snapshot ON evidence_excerpt; "
            "DROP FUNCTION excerpt_is_in_its_snapshot(); "
            "ALTER TABLE evidence_snapshot DROP CONSTRAINT snapshot_hash_is_of_its_text",
        ),
        append_only(*[f"evidence_{name}event" for name in REVIEWED]),
    ]
