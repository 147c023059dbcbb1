"""What Parliament publishes is kept, and what follows it without a review can follow nothing else."""

from django.conf import settings
from django.db import migrations

from evidence.migrations._review import append_only, one_door

FOLLOWS = """
-- Stage, number and decision of an amendment may change under an approval, when nothing else does
-- and they then say what Parliament publishes of it.
CREATE FUNCTION amendment_follows_parliament(was campaigns_amendment, becomes campaigns_amendment)
    RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT to_jsonb(was) - '{stage_id,number,decision,updated_at}'::text[]
            = to_jsonb(becomes) - '{stage_id,number,decision,updated_at}'::text[]
        AND EXISTS (SELECT FROM campaigns_amendmentaspublished AS published
            WHERE published.amendment_id = becomes.id
            AND becomes.stage_id IN (was.stage_id, published.stage_id)
            AND becomes.number IN (was.number, published.number)
            AND becomes.decision IN (was.decision, published.decision))
$$;
DROP TRIGGER review_is_one_door ON campaigns_amendment;
CREATE TRIGGER review_is_one_door BEFORE INSERT ON campaigns_amendment
    FOR EACH ROW EXECUTE FUNCTION review_is_one_door();
CREATE TRIGGER review_is_one_door_for_edits BEFORE UPDATE ON campaigns_amendment FOR EACH ROW
    WHEN (NOT amendment_follows_parliament(OLD, NEW)) EXECUTE FUNCTION review_is_one_door();
"""
NO_LONGER = f"""
DROP TRIGGER review_is_one_door_for_edits ON campaigns_amendment;
DROP TRIGGER review_is_one_door ON campaigns_amendment;
DROP FUNCTION amendment_follows_parliament(campaigns_amendment, campaigns_amendment);
{one_door("campaigns_amendment").sql};
"""

PUBLISHED = """
ALTER TABLE campaigns_amendmentaspublished
    ADD CONSTRAINT as_published_hash_is_of_its_text CHECK (text_sha256 =
        CASE WHEN text = '' THEN '' ELSE encode(sha256(convert_to(text, 'UTF8')), 'hex') END),
    ADD CONSTRAINT as_published_lines_are_a_list CHECK (jsonb_typeof(lines) = 'array');

CREATE FUNCTION as_published_is_not_our_draft() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT origin FROM campaigns_amendment WHERE id = NEW.amendment_id) <> 'parliament' THEN
        RAISE EXCEPTION 'Parliament does not publish a draft of our own.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'as_published_is_not_our_draft';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER as_published_is_not_our_draft BEFORE INSERT OR UPDATE OF amendment_id
    ON campaigns_amendmentaspublished
    FOR EACH ROW EXECUTE FUNCTION as_published_is_not_our_draft();
"""
NOT_PUBLISHED = """
DROP FUNCTION as_published_is_not_our_draft() CASCADE;
ALTER TABLE campaigns_amendmentaspublished
    DROP CONSTRAINT as_published_hash_is_of_its_text,
    DROP CONSTRAINT as_published_lines_are_a_list;
"""

# What vanishes at Parliament is marked, and a change that was told stays told.
KEPT = f"""
REVOKE DELETE ON campaigns_amendmentaspublished, campaigns_syncrun, campaigns_syncchange
    FROM {settings.APP_LOGIN};
REVOKE UPDATE ON campaigns_syncchange FROM {settings.APP_LOGIN};
GRANT UPDATE (seen_at, seen_by_id) ON campaigns_syncchange TO {settings.APP_LOGIN};
"""
NOT_KEPT = f"""
REVOKE UPDATE (seen_at, seen_by_id) ON campaigns_syncchange FROM {settings.APP_LOGIN};
GRANT UPDATE ON campaigns_syncchange TO {settings.APP_LOGIN};
GRANT DELETE ON campaigns_amendmentaspublished, campaigns_syncrun, campaigns_syncchange
    TO {settings.APP_LOGIN};
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0007_parliament_in_step")]

    operations = [
        migrations.RunSQL(FOLLOWS, NO_LONGER),
        migrations.RunSQL(PUBLISHED, NOT_PUBLISHED),
        migrations.RunSQL(KEPT, NOT_KEPT),
        append_only("campaigns_amendmentaspublishedevent"),
    ]
