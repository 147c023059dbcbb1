"""What was issued with an account that was erased since: the words go, the record of it stays."""

from django.db import migrations, models

SCRUBBED = """
-- A frozen briefing without any account's words: the others' too, since nothing is printed from it
-- any more. A content warning is the emphasised paragraph before the box.
CREATE FUNCTION manifest_without_accounts(manifest jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
    SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN jsonb_typeof(manifest #> '{briefing,blocks}') = 'array' THEN
        jsonb_set(manifest, '{briefing,blocks}', coalesce((
            SELECT jsonb_agg(CASE
                WHEN block ->> 'kind' = 'testimony_box' THEN block ||
                    '{"title": "", "paragraphs": [], "attribution": "", "anonymity_note": ""}'
                WHEN following ->> 'kind' = 'testimony_box' AND block ->> 'kind' = 'paragraph'
                    AND (block #>> '{runs,0,emphasis}')::boolean THEN block || '{"runs": []}'
                ELSE block END ORDER BY place)
            FROM (SELECT block, place, lead(block) OVER (ORDER BY place) AS following
                FROM jsonb_array_elements(manifest #> '{briefing,blocks}') WITH ORDINALITY
                    AS listed (block, place)) AS blocks), '[]'))
        ELSE manifest END
$$;

-- What was left out is told with the account's title.
CREATE FUNCTION manifest_without_refusals(manifest jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE
    SET search_path = public, pg_temp AS $$
    SELECT jsonb_set(manifest, '{refusals}', coalesce((
        SELECT jsonb_agg(CASE WHEN told LIKE 'Testimony “%'
            THEN 'An account is left out.' ELSE told END ORDER BY place)
        FROM jsonb_array_elements_text(manifest -> 'refusals') WITH ORDINALITY
            AS listed (told, place)), '[]'))
$$;

-- With the owner's rights, since nobody else may change what was issued.
CREATE FUNCTION pack_versions_forget_the_erased() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    listed jsonb := jsonb_build_object('testimonies',
        jsonb_build_array(jsonb_build_object('version', NEW.id)));
    left_out jsonb := jsonb_build_object('left_out', jsonb_build_array(NEW.id));
    titled text := 'Testimony “' || (
        SELECT title FROM evidence_testimony WHERE id = NEW.testimony_id) || ', version ';
BEGIN
    UPDATE campaigns_packversion SET content = '', erased_at = clock_timestamp(),
            manifest = manifest_without_accounts(manifest)
        WHERE erased_at IS NULL AND (manifest @> listed OR id IN (
            SELECT copy.version_id FROM campaigns_copy AS copy
            JOIN campaigns_copyuse AS part ON part.copy_id = copy.id
            JOIN evidence_testimonyuse AS used ON used.id = part.use_id
            WHERE used.version_id = NEW.id));
    UPDATE campaigns_packversion SET manifest = manifest_without_refusals(manifest)
        WHERE manifest @> left_out OR EXISTS (
            SELECT FROM jsonb_array_elements_text(manifest -> 'refusals') AS told
            WHERE starts_with(told, titled));
    -- officers write why in their own words, which may be about this account
    UPDATE campaigns_jigsawreview SET reason = 'Erased with an account that it was about.'
        WHERE pack_id IN (
            SELECT section.pack_id FROM campaigns_packsection AS section
            JOIN campaigns_packitem AS item ON item.section_id = section.id
            WHERE item.testimony_version_id = NEW.id
            UNION SELECT pack_id FROM campaigns_packversion
            WHERE manifest @> listed OR manifest @> left_out);
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION pack_versions_forget_the_erased() FROM PUBLIC;
CREATE TRIGGER pack_versions_forget_the_erased AFTER UPDATE ON evidence_testimonyversion
    FOR EACH ROW WHEN (OLD.text <> '' AND NEW.text = '')
    EXECUTE FUNCTION pack_versions_forget_the_erased();

ALTER TABLE campaigns_packversion ADD CONSTRAINT pack_version_erased_has_no_content
    CHECK (erased_at IS NULL OR content = '');
"""
UNDONE = """
ALTER TABLE campaigns_packversion DROP CONSTRAINT pack_version_erased_has_no_content;
DROP FUNCTION pack_versions_forget_the_erased() CASCADE;
DROP FUNCTION manifest_without_refusals(jsonb);
DROP FUNCTION manifest_without_accounts(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0005_jigsaw"),
        ("evidence", "0010_protection_rules"),
    ]

    operations = [
        migrations.AddField(
            "packversion",
            "erased_at",
            models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When an account in it was erased, and its bytes with that.",
                null=True,
            ),
        ),
        migrations.RunSQL(SCRUBBED, UNDONE),
    ]
