"""A copy of a pack leaves with a use of each account in it, of that version, for that pack."""

from django.db import migrations

RULES = """
-- Looked at when all of the transaction is written, since a copy has its row before its uses have.
CREATE FUNCTION copy_has_its_uses() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM campaigns_packversion AS version
        JOIN campaigns_pack AS pack ON pack.id = version.pack_id
        CROSS JOIN jsonb_array_elements(coalesce(version.manifest -> 'testimonies', '[]')) AS told
        WHERE version.id = NEW.version_id AND NOT EXISTS (
            SELECT FROM campaigns_copyuse AS part
            JOIN evidence_testimonyuse AS used ON used.id = part.use_id
            WHERE part.copy_id = NEW.id AND used.publication = 'pack:' || pack.slug
                AND used.version_id::text = told ->> 'version'))
    THEN
        RAISE EXCEPTION 'A copy is handed out with a use of each account in it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'copy_has_its_uses';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER copy_has_its_uses AFTER INSERT ON campaigns_copy
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION copy_has_its_uses();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0014_joint_packs"), ("evidence", "0014_holes_closed")]

    operations = [migrations.RunSQL(RULES, "DROP FUNCTION copy_has_its_uses() CASCADE")]
